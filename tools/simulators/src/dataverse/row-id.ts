import { scatter } from '../control/scatter.ts';

const ODD = 0x9e3779b1;
/** ODD's inverse modulo 2^32, so that an id leads back to its ordinal without an index. */
const INVERSE = 0x0e8b2f51;

const hex = (value: number, digits: number): string =>
  value.toString(16).padStart(digits, '0').slice(-digits);

/** The id of the generated row at `ordinal`: looks like any other, yet can be turned back. */
export function rowId(salt: number, ordinal: number): string {
  const first = (Math.imul(ordinal, ODD) ^ salt) >>> 0;
  const b = scatter(salt, ordinal, 41);
  const c = scatter(salt, ordinal, 42);
  const variant = hex(0x8000 | (c & 0x3fff), 4);
  return `${hex(first, 8)}-${hex(b >>> 16, 4)}-4${hex(b & 0xfff, 3)}-${variant}-${hex(c >>> 14, 4)}${hex(scatter(salt, ordinal, 43), 8)}`;
}

/** The ordinal whose id this is; null when it is no generated row's. */
export function ordinalOfRowId(salt: number, id: string): number | null {
  const first = Number.parseInt(id.slice(0, 8), 16);
  if (Number.isNaN(first)) return null;
  const ordinal = Math.imul((first ^ salt) >>> 0, INVERSE) >>> 0;
  return rowId(salt, ordinal) === id ? ordinal : null;
}
