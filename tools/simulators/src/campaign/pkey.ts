import { scatter } from '../control/scatter.ts';

const WORDS = 18;

/** The opaque key of a record: begins with `@`, 97 characters, says nothing to who reads it. */
export function pkeyOf(salt: number, ordinal: number): string {
  const bytes = Buffer.allocUnsafe(WORDS * 4);
  const mask = scatter(salt, ordinal, 1);
  bytes.writeUInt32BE(mask, 0);
  bytes.writeUInt32BE((ordinal ^ scatter(salt, mask, 2)) >>> 0, 4);
  for (let word = 2; word < WORDS; word++) {
    bytes.writeUInt32BE(scatter(salt, ordinal, word + 1), word * 4);
  }
  return `@${bytes.toString('base64url')}`;
}

/** The ordinal behind a key; null when it was not made here. */
export function ordinalOf(salt: number, pkey: string): number | null {
  const bytes = Buffer.from(pkey.slice(1), 'base64url');
  if (!pkey.startsWith('@') || bytes.length !== WORDS * 4) return null;
  const ordinal = (bytes.readUInt32BE(4) ^ scatter(salt, bytes.readUInt32BE(0), 2)) >>> 0;
  return pkeyOf(salt, ordinal) === pkey ? ordinal : null;
}
