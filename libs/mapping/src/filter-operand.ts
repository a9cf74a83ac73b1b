import type { DynamicsColumnMetadata } from '@landbridge/contracts';
import { parseDay, parseInstant } from './date-values.ts';
import { foldLikeDataverse, foldText } from './fold-text.ts';
import { sourceFamily } from './type-pairs.ts';

/** One value to compare with, as the configuration gives it. */
export type FilterOperand = string | number | boolean;

/** A value of either side in the form in which the column's family compares. */
export type Comparable = string | number | bigint;

/** What an operand covers, both ends included: a day in a column of points in time is a range. */
export type OperandRange = { low: Comparable; high: Comparable };

const DAY_MS = 86_400_000;
const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * An operand in the form in which `column` compares, or null when it cannot be compared with it.
 * Options and booleans are named by value or by label.
 */
export function readOperand(
  operand: FilterOperand,
  column: DynamicsColumnMetadata,
): OperandRange | null {
  const text = String(operand).trim();
  switch (sourceFamily(column.type)) {
    case 'text':
      return text === '' ? null : exactly(foldLikeDataverse(String(operand)));
    case 'whole':
      return exactly(/^-?\d{1,19}$/.test(text) ? wholeOf(text) : readNumber(operand, text));
    case 'fraction':
      return exactly(readNumber(operand, text));
    case 'boolean':
    case 'option':
    case 'options':
      return exactly(readChoice(operand, text, column));
    case 'date':
      return exactly(parseDay(text));
    case 'instant':
      return exactly(parseInstant(text)?.epochMs ?? null) ?? wholeDay(text);
    case 'wallClock': {
      const instant = parseInstant(text);
      if (instant === null) return wholeDay(text);
      return instant.zoned ? null : exactly(instant.epochMs);
    }
    case 'id': {
      const id = text.replace(/^\{|\}$/g, '').toLowerCase();
      return typeof operand === 'string' && GUID.test(id) ? exactly(id) : null;
    }
    case 'other':
      return null;
  }
}

function exactly(value: Comparable | null): OperandRange | null {
  return value === null ? null : { low: value, high: value };
}

/** Numbers where they are exact, because they compare much faster than bigints. */
function wholeOf(text: string): number | bigint {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}

function readNumber(operand: FilterOperand, text: string): number | null {
  if (typeof operand === 'boolean' || !/^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text)) return null;
  const number = Number(text);
  return Number.isFinite(number) ? number : null;
}

/** Labels win over values, because a label may well be a number, such as "30" for 30 days. */
function readChoice(
  operand: FilterOperand,
  text: string,
  column: DynamicsColumnMetadata,
): number | null {
  if (typeof operand === 'boolean') return column.type === 'boolean' ? Number(operand) : null;
  if (typeof operand === 'number') return operand;
  const folded = foldText(text);
  const labelled = column.options.find(({ label }) => foldText(label) === folded);
  if (labelled !== undefined) return labelled.value;
  if (column.type === 'boolean' && (folded === 'true' || folded === 'false')) {
    return folded === 'true' ? 1 : 0;
  }
  return /^-?\d{1,10}$/.test(text) ? Number(text) : null;
}

/** A day covers all its points in time, from midnight to midnight in UTC (or on the wall clock). */
function wholeDay(text: string): OperandRange | null {
  const day = parseDay(text);
  const low = day === null ? null : (parseInstant(`${day}T00:00Z`)?.epochMs ?? null);
  return low === null ? null : { low, high: low + DAY_MS - 1 };
}
