import type { DynamicsColumnMetadata } from '@landbridge/contracts';
import { parseDay, parseInstant } from './date-values.ts';
import { type Fraction, parseDecimal } from './decimal-text.ts';
import { sourceFamily } from './type-pairs.ts';

/** A non-null value of Dynamics, by the family of its type. */
export type SourceValue =
  | { kind: 'text'; text: string }
  | { kind: 'whole'; value: bigint }
  | ({ kind: 'fraction' } & Fraction)
  | { kind: 'boolean'; value: boolean }
  | { kind: 'option'; value: number }
  | { kind: 'options'; values: number[] }
  | { kind: 'date'; day: string }
  | { kind: 'instant'; epochMs: number }
  | { kind: 'wallClock'; epochMs: number }
  | { kind: 'id'; id: string };

/** `value` as Dataverse's JSON writes a column of this type; null: it is not of the type at all. */
export function readSource(value: unknown, column: DynamicsColumnMetadata): SourceValue | null {
  const family = sourceFamily(column.type);
  switch (family) {
    case 'text':
      return typeof value === 'string' ? { kind: 'text', text: value } : null;
    case 'whole':
      return readWhole(value);
    case 'fraction':
      return readFraction(value, column.type === 'double');
    case 'boolean':
      return typeof value === 'boolean' ? { kind: 'boolean', value } : null;
    case 'option':
      return Number.isSafeInteger(value) ? { kind: 'option', value: Number(value) } : null;
    case 'options':
      return readOptions(value);
    case 'date':
      return readDate(value);
    case 'instant':
    case 'wallClock':
      return readInstant(value, family);
    case 'id':
      return readId(value);
    case 'other':
      return null;
  }
}

/** What a replacement puts in a value's place, as if it had come from a column of its own type. */
export function literalSource(value: string | number | boolean): SourceValue {
  if (typeof value === 'string') return { kind: 'text', text: value };
  if (typeof value === 'boolean') return { kind: 'boolean', value };
  return Number.isSafeInteger(value)
    ? { kind: 'whole', value: BigInt(value) }
    : { kind: 'fraction', value, digits: null };
}

/**
 * A bigint that a double cannot hold arrives as text. One that it can, such as 10000000000000000,
 * is a number whose shortest digits are those that Dataverse sent.
 */
function readWhole(value: unknown): SourceValue | null {
  if (typeof value === 'bigint') return { kind: 'whole', value };
  if (typeof value === 'number' && Number.isSafeInteger(value)) {
    return { kind: 'whole', value: BigInt(value) };
  }
  const text = Number.isInteger(value) ? String(value) : value;
  return typeof text === 'string' && /^-?\d{1,19}$/.test(text)
    ? { kind: 'whole', value: BigInt(text) }
    : null;
}

/** What a double cannot hold arrives as text; in a column of doubles it means the nearest one. */
function readFraction(value: unknown, isDouble: boolean): SourceValue | null {
  if (typeof value === 'number') {
    return Number.isFinite(value) ? { kind: 'fraction', value, digits: null } : null;
  }
  const read = typeof value === 'string' ? parseDecimal(value) : null;
  if (read === null || !Number.isFinite(read.value)) return null;
  return { kind: 'fraction', value: read.value, digits: isDouble ? null : read.digits };
}

/** Multi-select columns are one text, `"2,3,8"`; an empty one is no choice at all. */
function readOptions(value: unknown): SourceValue | null {
  if (typeof value !== 'string' || !/^\s*(-?\d{1,10}(\s*,\s*-?\d{1,10})*)?\s*$/.test(value)) {
    return null;
  }
  const values = value.trim() === '' ? [] : value.split(',').map(Number);
  return { kind: 'options', values: [...new Set(values)].sort((a, b) => a - b) };
}

function readDate(value: unknown): SourceValue | null {
  if (typeof value !== 'string') return null;
  const day = parseDay(value.length === 10 ? value : value.slice(0, 10));
  const isDay = value.length === 10 || parseInstant(value) !== null;
  return day === null || !isDay ? null : { kind: 'date', day };
}

function readInstant(value: unknown, kind: 'instant' | 'wallClock'): SourceValue | null {
  if (typeof value !== 'string') return null;
  // A wall clock looks like UTC but must not be moved by any offset.
  const text = kind === 'wallClock' ? value.replace(/(Z|[+-]\d{2}:\d{2})$/i, '') : value;
  const instant = parseInstant(text);
  return instant === null ? null : { kind, epochMs: instant.epochMs };
}

/** As Dataverse writes ids; other forms must be tidied first. */
const TIDY_ID = /^[0-9a-f-]{36}$/;

function readId(value: unknown): SourceValue | null {
  if (typeof value === 'string' && TIDY_ID.test(value)) return { kind: 'id', id: value };
  if (typeof value !== 'string' || value.trim() === '') return null;
  return {
    kind: 'id',
    id: value
      .trim()
      .replace(/^\{|\}$/g, '')
      .toLowerCase(),
  };
}
