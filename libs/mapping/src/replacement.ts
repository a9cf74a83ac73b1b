import type { DynamicsColumnMetadata, FieldReplacement } from '@landbridge/contracts';
import { parseDay, parseInstant } from './date-values.ts';
import { readOperand } from './filter-operand.ts';
import { foldText } from './fold-text.ts';
import { readSource, type SourceValue } from './source-value.ts';
import { sourceFamily } from './type-pairs.ts';

/** A replacement's value on either side. */
export type Replaced = FieldReplacement['to'];

/**
 * The replacements of one column, ready to be looked up.
 * Shape   `whole` replaces a whole value, `choices` single choices of a multi-select column.
 */
export type ColumnReplacements = {
  whole: (value: unknown) => FieldReplacement | undefined;
  choices: ReadonlyMap<number, Replaced>;
};

const EMPTY = 'empty';

/** null: the column has none. The first replacement listed for a value wins. */
export function replacementsOf(
  all: readonly FieldReplacement[],
  column: DynamicsColumnMetadata,
): ColumnReplacements | null {
  const own = all.filter(({ dynamics }) => dynamics === column.name);
  if (own.length === 0) return null;
  const byValue = new Map<string, FieldReplacement>();
  const choices = new Map<number, Replaced>();
  for (const replacement of own) {
    const name = fromName(replacement.from, column);
    const choice = sourceFamily(column.type) === 'options' ? onlyChoice(name) : null;
    if (choice !== null && !choices.has(choice)) choices.set(choice, replacement.to);
    if (name !== null && choice === null && !byValue.has(name)) byValue.set(name, replacement);
  }
  return {
    whole: (value) => {
      const name = valueName(value, column);
      return name === null ? undefined : byValue.get(name);
    },
    choices,
  };
}

/** A value of Dynamics as it is compared; null: it is not of the column's type. */
function valueName(value: unknown, column: DynamicsColumnMetadata): string | null {
  if (value === null || value === undefined) return EMPTY;
  const source = readSource(value, column);
  return source === null ? null : sourceName(source);
}

/**
 * A replacement's existing value in the form in which values are compared; null: no value of this
 * column can ever be it. Technical values alone: labels differ between languages.
 */
export function fromName(
  from: FieldReplacement['from'],
  column: DynamicsColumnMetadata,
): string | null {
  if (from === null) return EMPTY;
  const text = String(from).trim();
  switch (sourceFamily(column.type)) {
    case 'text':
      return sourceName({ kind: 'text', text });
    case 'boolean':
      return typeof from === 'boolean' ? sourceName({ kind: 'boolean', value: from }) : null;
    case 'option':
      return /^-?\d{1,10}$/.test(text) ? valueName(Number(text), column) : null;
    case 'instant':
    case 'wallClock': {
      const instant = parseInstant(text);
      return instant === null ? null : valueName(text, column);
    }
    case 'date':
      return parseDay(text) === null ? null : valueName(text, column);
    case 'whole':
    case 'fraction':
    case 'options':
      return typeof from === 'boolean' ? null : valueName(text, column);
    case 'id':
      return readOperand(from, column) === null ? null : valueName(text, column);
    case 'other':
      return null;
  }
}

function sourceName(source: SourceValue): string {
  switch (source.kind) {
    case 'text': {
      const text = foldText(source.text);
      return text === '' ? EMPTY : `= ${text}`;
    }
    case 'options':
      return source.values.length === 0 ? EMPTY : `= ${source.values.join(',')}`;
    case 'fraction':
      return `= ${source.digits ?? source.value}`;
    case 'whole':
    case 'boolean':
    case 'option':
      return `= ${source.value}`;
    case 'date':
      return `= ${source.day}`;
    case 'instant':
    case 'wallClock':
      return `= ${source.epochMs}`;
    case 'id':
      return `= ${source.id}`;
  }
}

function onlyChoice(name: string | null): number | null {
  const [, choice] = /^= (-?\d+)$/.exec(name ?? '') ?? [];
  return choice === undefined ? null : Number(choice);
}
