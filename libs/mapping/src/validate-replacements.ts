import type { DynamicsColumnMetadata, FieldReplacement, TableMapping } from '@landbridge/contracts';
import { convertReplacement } from './convert.ts';
import { error, type Finding } from './finding.ts';
import { columnNamed, fieldNamed, type MappingMetadata } from './metadata-index.ts';
import { fromName } from './replacement.ts';
import { readSource } from './source-value.ts';
import { sourceFamily } from './type-pairs.ts';

/** Replacements of unknown or unmapped columns, of values that cannot be or that have one, with unfit values. */
export function validateReplacements(
  mapping: TableMapping,
  metadata: MappingMetadata,
  pointer: string,
): Finding[] {
  return [
    ...mapping.replacements.flatMap((replacement, index) =>
      validateReplacement(replacement, mapping, metadata, `${pointer}/replacements/${index}`),
    ),
    ...checkRepeated(mapping.replacements, metadata, pointer),
  ];
}

function validateReplacement(
  replacement: FieldReplacement,
  mapping: TableMapping,
  metadata: MappingMetadata,
  pointer: string,
): Finding[] {
  const column = columnNamed(metadata.table, replacement.dynamics);
  if (column === undefined) {
    const message = `the column "${replacement.dynamics}" does not exist in "${metadata.table.table}"`;
    return [error(`${pointer}/dynamics`, message)];
  }
  const targets = mapping.fields.filter(({ dynamics }) => dynamics === column.name);
  if (targets.length === 0) {
    return [error(`${pointer}/dynamics`, `the column "${column.name}" is not mapped`)];
  }
  return [
    ...checkFrom(replacement.from, column, `${pointer}/from`),
    ...targets.flatMap(({ campaign }) => checkTo(replacement, column, campaign)),
  ];

  function checkTo(
    { to }: FieldReplacement,
    source: DynamicsColumnMetadata,
    campaign: string,
  ): Finding[] {
    const field = fieldNamed(metadata.resource, campaign);
    if (field === undefined) return [];
    const options = { technicalValues: mapping.technicalValues };
    const converted = convertReplacement(to, source, field, options);
    return converted.ok ? [] : [error(`${pointer}/to`, converted.reason.message)];
  }
}

function checkFrom(
  from: FieldReplacement['from'],
  column: DynamicsColumnMetadata,
  pointer: string,
): Finding[] {
  if (from === null) return [];
  const known = fromName(from, column) !== null;
  if (sourceFamily(column.type) === 'boolean') {
    return known ? [] : [error(pointer, `give true or false: ${neverValue(from, column)}`)];
  }
  if (column.options.length === 0) return known ? [] : [error(pointer, neverValue(from, column))];
  const options = column.options.map(({ value }) => value);
  const chosen = known ? chosenOptions(from, column) : null;
  return chosen !== null && chosen.every((value) => options.includes(value))
    ? []
    : [
        error(
          pointer,
          `${JSON.stringify(from)} is not an option of "${column.name}"; it has ` +
            column.options.map(({ value, label }) => `${value} ${label}`).join(', '),
        ),
      ];
}

const neverValue = (from: string | number | boolean, column: DynamicsColumnMetadata): string =>
  `${JSON.stringify(from)} can never be a value of "${column.name}" (${column.type})`;

/** null: no technical value of the type. */
function chosenOptions(
  from: string | number | boolean,
  column: DynamicsColumnMetadata,
): number[] | null {
  const isSet = sourceFamily(column.type) === 'options';
  const source = readSource(isSet ? String(from) : Number(from), column);
  if (source?.kind === 'options') return source.values;
  return source?.kind === 'option' ? [source.value] : null;
}

/** Existing values that are one when records are compared; what is spelt alike is found without metadata. */
function checkRepeated(
  replacements: readonly FieldReplacement[],
  { table }: MappingMetadata,
  pointer: string,
): Finding[] {
  const first = new Map<string, FieldReplacement>();
  return replacements.flatMap((replacement, index) => {
    const { dynamics, from } = replacement;
    const column = columnNamed(table, dynamics);
    const name = column === undefined ? null : fromName(from, column);
    if (name === null) return [];
    const earlier = first.get(`${dynamics} ${name}`);
    if (earlier === undefined) first.set(`${dynamics} ${name}`, replacement);
    if (earlier === undefined || earlier.from === from) return [];
    const [now, before] = [from, earlier.from].map((value) => JSON.stringify(value));
    const message = `${now} is the same value of "${dynamics}" as ${before}, which already has a replacement`;
    return [error(`${pointer}/replacements/${index}/from`, message)];
  });
}
