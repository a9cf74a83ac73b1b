import { contentHash, type MappedFields } from '@landbridge/mapping';
import type { WrittenEntry } from '@landbridge/messaging';

/** What was last written, in two parts: what follows changes, and what only an insert writes. */
export type WrittenContent = { followed: string; onInsert: string };

/** `hash` of the memory, apart; null: nothing of ours is there (never written, or deleted). */
export function contentOf(entry: WrittenEntry | null): WrittenContent | null {
  if (entry === null || entry.hash === null) return null;
  const [followed = '', onInsert = ''] = entry.hash.split('.');
  return { followed, onInsert };
}

export const hashOf = ({ followed, onInsert }: WrittenContent): string => `${followed}.${onInsert}`;

/**
 * The same record as one that must be written again whatever its values are, and that exists.
 * `withOnInsert`: also the values that only an insert writes.
 */
export function staleEntry(entry: WrittenEntry, withOnInsert: boolean): WrittenEntry {
  const content = contentOf(entry);
  if (content === null) return entry;
  const onInsert = withOnInsert ? '' : content.onInsert;
  return { ...entry, hash: hashOf({ followed: 'stale', onInsert }) };
}

/**
 * `scope`: the destination and the resource, so that the memory of one never speaks for another.
 * `complete` false: a value that only an insert writes was not read, so the next record brings it.
 */
export function contentToWrite(
  mapped: { followed: MappedFields; onInsert: MappedFields },
  scope: readonly string[],
  complete: boolean,
): WrittenContent {
  return {
    followed: contentHash(mapped.followed, scope),
    onInsert: complete ? contentHash(mapped.onInsert, scope) : '',
  };
}

/** Whether `version` is older than what was written; versions are decimal numbers as text. */
export function isSuperseded(version: string | null, entry: WrittenEntry | null): boolean {
  if (version === null || entry === null || entry.version === null) return false;
  const [read, written] = [BigInt(version), BigInt(entry.version)];
  // What was deleted at the source does not come back with the version that it had.
  return entry.extra?.['deleted'] === true ? read <= written : read < written;
}
