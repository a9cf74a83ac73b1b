import { Timestamp } from '@landbridge/contracts';
import type { Cursor } from '@landbridge/messaging';
import { z } from 'zod';

/** How far a journal was read. `position`: what it calls the next page; null: nothing was read. */
export const JournalCursor = z.object({
  /** Its address: a position means nothing to another journal. */
  journal: z.string(),
  position: z.string().nullable(),
  /** When it last answered, and the newest event that it ever told. */
  answeredAt: Timestamp.nullable(),
  newestAt: Timestamp.nullable(),
  readCount: z.int().nonnegative(),
});
export type JournalCursor = z.infer<typeof JournalCursor>;

/** Where reading goes on; another journal, or a cursor that cannot be read, begins anew. */
export function journalCursor(cursor: Cursor | null, journal: string): JournalCursor {
  const parsed = JournalCursor.safeParse(cursor);
  if (parsed.success && parsed.data.journal === journal) return parsed.data;
  return { journal, position: null, answeredAt: null, newestAt: null, readCount: 0 };
}

/**
 * For people: what the journal forgot before it was read. No time of an event proves that nothing
 * is missing, because a journal does not promise their order. `oldestAt`: null where it is empty.
 */
export function tellExpired(
  { answeredAt, newestAt }: JournalCursor,
  oldestAt: string | null,
  now: Date,
): string {
  const forgotten = 'The journal no longer knows the position that reading had reached.';
  const newest = newestAt === null ? '' : `, with an event of ${newestAt} as the newest`;
  const goesOn =
    oldestAt === null
      ? 'It holds no event now.'
      : `Reading goes on from the oldest event that it keeps, of ${oldestAt}.`;
  if (answeredAt === null) {
    return `${forgotten} ${goesOn} What was published before may be missing.`;
  }
  const gap = tellDuration(now.getTime() - Date.parse(answeredAt));
  return (
    `${forgotten} It last answered at ${answeredAt}${newest}. ${goesOn} ` +
    `What was published in the ${gap} between that answer and now may be missing.`
  );
}

const UNITS = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
  [1_000, 'second'],
] as const;

function tellDuration(ms: number): string {
  for (const [unitMs, unit] of UNITS) {
    const count = Math.round(ms / unitMs);
    if (count >= 2) return `${count} ${unit}s`;
  }
  return 'moment';
}
