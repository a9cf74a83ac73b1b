import type {
  Comparison,
  DynamicsColumnMetadata,
  DynamicsTableMetadata,
  Filter,
  FilterCondition,
} from '@landbridge/contracts';
import { evaluateFilter, type FilterVerdict } from './filter.ts';
import { readOperand } from './filter-operand.ts';
import type { SourceColumns } from './map-record.ts';
import { columnNamed } from './metadata-index.ts';
import { readSource } from './source-value.ts';

/** A condition that a verdict rests on, in words. `pointer`: a JSON pointer inside the filter. */
export type ToldCondition = { pointer: string; condition: FilterCondition; sentence: string };

/** The verdict on a record, and every condition that it rests on; none where there is no filter. */
export function tellFilter(
  filter: Filter | null,
  columns: SourceColumns,
  table: DynamicsTableMetadata,
  options: TellOptions = {},
): { verdict: FilterVerdict; deciding: ToldCondition[] } {
  const { verdict, because } = evaluateFilter(filter, columns, table);
  const deciding = because.map(({ pointer, condition }) => ({
    pointer,
    condition,
    sentence: tellCondition(condition, columns, table, options),
  }));
  return { verdict, deciding };
}

/** `hideValues`: the record's own values stay out of the sentence, for readers who may not see them. */
export type TellOptions = { hideValues?: boolean };

/** How a record meets a condition: "statecode (Inactive) does not equal 0 (Active)". */
export function tellCondition(
  condition: FilterCondition,
  columns: SourceColumns,
  table: DynamicsTableMetadata,
  { hideValues = false }: TellOptions = {},
): string {
  const { dynamics, is } = condition;
  const column = columnNamed(table, dynamics);
  const value = columns[dynamics];
  if (column === undefined) return `${dynamics} does not exist`;
  if (value === undefined) return `${dynamics} was not read`;
  const { verdict } = evaluateFilter(condition, columns, table);
  if (verdict === 'unreadable') return `${dynamics} holds a value that is not of its type`;
  const [met, unmet] = PHRASES[is];
  const subject = hideValues ? dynamics : `${dynamics} (${tellValue(value, column)})`;
  const operands = tellOperands(condition, column);
  return [subject, verdict === 'passes' ? met : unmet, ...operands].join(' ');
}

/** What a comparison is called when it is met, and when it is not. */
const PHRASES: Readonly<Record<Comparison, readonly [met: string, unmet: string]>> = {
  eq: ['equals', 'does not equal'],
  ne: ['does not equal', 'equals'],
  gt: ['is greater than', 'is not greater than'],
  ge: ['is at least', 'is not at least'],
  lt: ['is less than', 'is not less than'],
  le: ['is at most', 'is not at most'],
  contains: ['contains', 'does not contain'],
  notContains: ['does not contain', 'contains'],
  beginsWith: ['begins with', 'does not begin with'],
  notBeginsWith: ['does not begin with', 'begins with'],
  endsWith: ['ends with', 'does not end with'],
  notEndsWith: ['does not end with', 'ends with'],
  in: ['is one of', 'is none of'],
  notIn: ['is none of', 'is one of'],
  empty: ['is empty', 'is not empty'],
  notEmpty: ['is not empty', 'is empty'],
};

const OPERANDS_TOLD_MAX = 5;

function tellOperands({ value }: FilterCondition, column: DynamicsColumnMetadata): string[] {
  if (value === undefined) return [];
  const all = Array.isArray(value) ? value : [value];
  const told = all.slice(0, OPERANDS_TOLD_MAX).map((operand) => tellOperand(operand, column));
  const more = all.length - told.length;
  return [`${told.join(', ')}${more > 0 ? ` and ${more} more` : ''}`];
}

function tellOperand(operand: string | number | boolean, column: DynamicsColumnMetadata): string {
  const meant = readOperand(operand, column)?.low;
  const option = column.options.find(({ value }) => value === meant);
  if (option !== undefined) return `${option.value} (${option.label})`;
  return typeof operand === 'string' ? `"${operand}"` : String(operand);
}

/** A value as people know it: a choice by its label, everything else as it is. */
function tellValue(value: unknown, column: DynamicsColumnMetadata): string {
  if (value === null) return 'empty';
  const label = labelOfValue(value, column);
  if (label !== null) return label;
  return typeof value === 'string' ? `"${value}"` : JSON.stringify(value);
}

/** The label of a choice, several joined by "; "; null for what is no choice. */
export function labelOfValue(value: unknown, column: DynamicsColumnMetadata): string | null {
  if (value === null || value === undefined) return null;
  const source = readSource(value, column);
  const labelOf = (one: number) => column.options.find((option) => option.value === one)?.label;
  switch (source?.kind) {
    case 'option':
      return labelOf(source.value) ?? String(source.value);
    case 'options':
      return source.values.map((one) => labelOf(one) ?? String(one)).join('; ');
    case 'boolean':
      return labelOf(Number(source.value)) ?? null;
    default:
      return null;
  }
}
