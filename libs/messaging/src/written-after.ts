import type { Bus } from './bus.ts';
import { WRITTEN } from './streams.ts';
import { keyOfWrittenSubject, type TableAddress, writtenFilter } from './subjects.ts';

/**
 * The keys of a table that were remembered after `after`, at most `limit`, in that order.
 * Shape  `next` is where to go on: the sequence of the last of them, or `after` where there is none.
 */
export async function writtenAfter(
  bus: Bus,
  at: TableAddress,
  { after, limit }: { after: number; limit: number },
): Promise<{ keys: string[]; next: number }> {
  const keys: string[] = [];
  let next = after;
  while (keys.length < limit) {
    const query = { seq: next + 1, next_by_subj: writtenFilter(at) };
    const stored = await bus.jsm.direct.getMessage(WRITTEN.name, query);
    if (stored === null) break;
    keys.push(keyOfWrittenSubject(stored.subject));
    next = stored.seq;
  }
  return { keys, next };
}
