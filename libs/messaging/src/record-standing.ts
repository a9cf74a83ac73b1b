import { z } from 'zod';
import type { WrittenEntry } from './written-memory.ts';

/**
 * The key under which a table's memory says that it forgot nothing since its first load. It is the
 * oldest entry, so it is the first to go when the memory is full: while it is there, a record that
 * the memory does not know was never written.
 */
export const COMPLETE_SINCE = '_complete';

/** Why a record is not in Campaign and will not come by itself. */
export const Absence = z.enum(['filteredOut', 'deleted', 'rejected', 'missing']);
export type Absence = z.infer<typeof Absence>;

/** Why a record that is still in Campaign is about to go. */
export type Leaving = 'deleted' | 'filteredOut';

/** `waiting`: for a parent of its own. `unknown`: nobody has seen it yet, or it was forgotten. */
export type Standing = 'landed' | 'waiting' | 'unknown' | Absence;

const Extra = z.object({
  absent: Absence.optional().catch(undefined),
  deleted: z.boolean().optional().catch(undefined),
  deleting: z.enum(['deleted', 'filteredOut']).optional().catch(undefined),
  waiting: z.array(z.string()).catch([]).default([]),
  unsure: z.boolean().optional().catch(undefined),
});

const NOTHING = Extra.parse({});
const extraOf = (entry: WrittenEntry | null) =>
  entry?.extra === undefined ? NOTHING : Extra.parse(entry.extra);

/** How the memory says that a record stands, for those that refer to it. */
export function standingOf(entry: WrittenEntry | null): Standing {
  if (entry === null) return 'unknown';
  const { absent, deleted, deleting, waiting } = extraOf(entry);
  if (deleting !== undefined) return deleting;
  if (entry.hash !== null) return 'landed';
  if (absent !== undefined) return absent;
  if (waiting.length > 0) return 'waiting';
  return deleted === true ? 'deleted' : 'unknown';
}

export function isAbsence(standing: string): standing is Absence {
  return Absence.safeParse(standing).success;
}

/** Why the record is about to go; null: it is not. */
export const leavingOf = (entry: WrittenEntry | null): Leaving | null =>
  extraOf(entry).deleting ?? null;

/** Nothing is remembered of a write, and yet there may have been one. */
export const isUnsure = (entry: WrittenEntry | null): boolean => extraOf(entry).unsure === true;
