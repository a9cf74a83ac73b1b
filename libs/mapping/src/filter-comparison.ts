import type { Comparison, DynamicsColumnMetadata, FilterCondition } from '@landbridge/contracts';
import { type Comparable, type OperandRange, readOperand } from './filter-operand.ts';
import { foldLikeDataverse } from './fold-text.ts';
import { readSource, type SourceValue } from './source-value.ts';
import { sourceFamily, type SourceFamily } from './type-pairs.ts';

const EQUALITY: readonly Comparison[] = ['eq', 'ne', 'in', 'notIn', 'empty', 'notEmpty'];
const ORDER: readonly Comparison[] = ['gt', 'ge', 'lt', 'le'];
const TEXT: readonly Comparison[] = [
  'contains',
  'notContains',
  'beginsWith',
  'notBeginsWith',
  'endsWith',
  'notEndsWith',
];

/** The comparisons that make sense for a family of types. */
export const COMPARISONS: Readonly<Record<SourceFamily, readonly Comparison[]>> = {
  text: [...EQUALITY, ...TEXT],
  whole: [...EQUALITY, ...ORDER],
  fraction: [...EQUALITY, ...ORDER],
  boolean: EQUALITY,
  option: EQUALITY,
  options: [...EQUALITY, 'contains', 'notContains'],
  date: [...EQUALITY, ...ORDER],
  instant: [...EQUALITY, ...ORDER],
  wallClock: [...EQUALITY, ...ORDER],
  id: EQUALITY,
  other: [],
};

/** Each negation and what it negates: exactly one of the two holds, for an empty column too. */
const NEGATED: Readonly<Partial<Record<Comparison, Comparison>>> = {
  ne: 'eq',
  notIn: 'in',
  notContains: 'contains',
  notBeginsWith: 'beginsWith',
  notEndsWith: 'endsWith',
  notEmpty: 'empty',
};

/**
 * Whether a value that was read, perhaps null, meets a condition; `unreadable`: it is not of the
 * column's type, so nothing can be said of it, and it is not empty either.
 */
export type ColumnTest = (value: unknown) => boolean | 'unreadable';

/**
 * The condition as a test of one column, its operands parsed once. An empty column equals nothing,
 * is not greater, contains nothing, and therefore meets every negation but `notEmpty`.
 */
export function compileCondition(
  condition: FilterCondition,
  column: DynamicsColumnMetadata,
): ColumnTest {
  const negated = NEGATED[condition.is];
  const isNegated = negated !== undefined;
  const holds = testOf(negated ?? condition.is, operandsOf(condition, column), column);
  return (value) => {
    const source = sourceOf(value, column);
    return source === 'unreadable' ? source : holds(source) !== isNegated;
  };
}

/** null: an empty column. */
type SourceTest = (source: SourceValue | null) => boolean;

function testOf(
  is: Comparison,
  operands: readonly OperandRange[],
  column: DynamicsColumnMetadata,
): SourceTest {
  if (is === 'empty') return (source) => source === null;
  if (sourceFamily(column.type) === 'options') {
    const holds = choicesTest(is, new Set(operands.map(({ low }) => Number(low))));
    return (source) => source?.kind === 'options' && holds(source.values);
  }
  const holds = valueTest(is, operands);
  return (source) => source !== null && source.kind !== 'options' && holds(comparableOf(source));
}

/** null: the column is empty, which also holds for blank text and for no choice at all. */
function sourceOf(
  value: unknown,
  column: DynamicsColumnMetadata,
): SourceValue | null | 'unreadable' {
  if (value === null) return null;
  const source = readSource(value, column);
  if (source === null) return 'unreadable';
  if (source.kind === 'text' && source.text.trim() === '') return null;
  return source.kind === 'options' && source.values.length === 0 ? null : source;
}

/** Operands that cannot be compared with the column equal nothing; validation refuses them. */
function operandsOf({ value }: FilterCondition, column: DynamicsColumnMetadata): OperandRange[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value])
    .map((operand) => readOperand(operand, column))
    .filter((operand) => operand !== null);
}

function comparableOf(source: Exclude<SourceValue, { kind: 'options' }>): Comparable {
  switch (source.kind) {
    case 'text':
      return foldLikeDataverse(source.text);
    case 'whole':
    case 'fraction':
    case 'option':
      return source.value;
    case 'boolean':
      return Number(source.value);
    case 'date':
      return source.day;
    case 'instant':
    case 'wallClock':
      return source.epochMs;
    case 'id':
      return source.id;
  }
}

function valueTest(
  is: Comparison,
  operands: readonly OperandRange[],
): (value: Comparable) => boolean {
  const [operand] = operands;
  if (operand === undefined) return () => false;
  const { low, high } = operand;
  switch (is) {
    case 'eq':
    case 'in':
      return equalityTest(operands);
    case 'gt':
      return (value) => value > high;
    case 'ge':
      return (value) => value >= low;
    case 'lt':
      return (value) => value < low;
    case 'le':
      return (value) => value <= high;
    case 'contains':
      return (value) => String(value).includes(String(low));
    case 'beginsWith':
      return (value) => String(value).startsWith(String(low));
    case 'endsWith':
      return (value) => String(value).endsWith(String(low));
    default:
      return () => false;
  }
}

/** Text is equal without regard to blanks at its end, as SQL Server under Dataverse compares. */
function equalityTest(operands: readonly OperandRange[]): (value: Comparable) => boolean {
  const texts = new Set(
    operands.map(({ low }) => (typeof low === 'string' ? low.trimEnd() : null)),
  );
  const ranges = operands.flatMap(({ low, high }) =>
    typeof low === 'string' || typeof high === 'string' ? [] : [{ low, high }],
  );
  return (value) =>
    typeof value === 'string'
      ? texts.has(value.trimEnd())
      : ranges.some(({ low, high }) => value >= low && value <= high);
}

/**
 * Several choices at once: `eq` means exactly this one, `in` means at least one of these,
 * `contains` means this one among others.
 */
function choicesTest(
  is: Comparison,
  wanted: ReadonlySet<number>,
): (values: readonly number[]) => boolean {
  switch (is) {
    case 'eq':
      return (values) => values.length === 1 && values.every((value) => wanted.has(value));
    case 'in':
    case 'contains':
      return (values) => values.some((value) => wanted.has(value));
    default:
      return () => false;
  }
}
