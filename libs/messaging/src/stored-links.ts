import { z } from 'zod';
import type { Bus } from './bus.ts';
import { LINKS } from './streams.ts';

/** One message of the stream of links. */
export type StoredLink = { subject: string; data: Uint8Array; seq: number };

/** Those that fit `filter`, oldest put first. One look where there are none. */
export async function* storedLinks(
  bus: Bus,
  filter: string,
  afterSequence = 0,
): AsyncGenerator<StoredLink> {
  for (let seq = afterSequence + 1; ;) {
    const query = { seq, next_by_subj: filter };
    const stored = await bus.jsm.direct.getMessage(LINKS.name, query);
    if (stored === null) return;
    yield stored;
    seq = stored.seq + 1;
  }
}

/** What cannot be read is as old as can be, so that it is looked at first. */
export const Since = z.coerce.date().catch(new Date(0));

/** null: no JSON. */
export function jsonOf(data: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(data));
  } catch {
    return null;
  }
}
