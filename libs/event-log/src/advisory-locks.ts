import { createHash } from 'node:crypto';

/** Held by every append until its commit: what makes position order commit order. */
export const APPEND_LOCK = 7809868911266328180n;

/** Held while migrations run. */
export const MIGRATION_LOCK = 7809868945408094817n;

/** The key of a lock that is known by a name; the same on every machine and Postgres version. */
export function lockKeyOf(name: string): bigint {
  return createHash('sha256').update(`landbridge:${name}`).digest().readBigInt64BE(0);
}
