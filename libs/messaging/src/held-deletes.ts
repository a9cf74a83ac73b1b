import { Timestamp } from '@landbridge/contracts';
import type { StoredMsg } from '@nats-io/jetstream';
import { z } from 'zod';
import type { Bus } from './bus.ts';
import { countMatching } from './count-matching.ts';
import { DELETES } from './streams.ts';
import {
  deleteOfKey,
  deletesInState,
  type DeleteState,
  deleteSubject,
  type TableAddress,
} from './subjects.ts';

/** A delete that waits for a person, or that a person decided of. */
export const HeldDelete = z.object({
  schemaVersion: z.literal(1),
  key: z.string().min(1).max(256),
  cause: z.enum(['deleted', 'filteredOut']),
  /** The source's row version that was to go; null: it is gone at the source. */
  version: z.string().nullable(),
  heldAt: Timestamp,
});
export type HeldDelete = z.infer<typeof HeldDelete>;

/** `sequence`: its place in the stream; a later one was put later. */
export type StoredDelete = HeldDelete & { state: DeleteState; sequence: number };

/** Keeps the delete; keeping it again replaces it. Throws  what JetStream throws when it is full. */
export async function putDelete(
  bus: Bus,
  at: TableAddress,
  state: DeleteState,
  held: HeldDelete,
): Promise<void> {
  const subject = deleteSubject(at, state, held.key);
  await bus.js.publish(subject, JSON.stringify(HeldDelete.parse(held)), { timeout: 10_000 });
}

/** What is kept of this record's delete; null: nothing. */
export async function findDelete(
  bus: Bus,
  at: TableAddress,
  key: string,
): Promise<StoredDelete | null> {
  const query = { seq: 1, next_by_subj: deleteOfKey(at, key) };
  const stored = await bus.jsm.direct.getMessage(DELETES.name, query);
  return stored === null ? null : toDelete(stored);
}

/** Takes whatever is kept of this record's delete away. */
export async function forgetDelete(bus: Bus, at: TableAddress, key: string): Promise<void> {
  await bus.jsm.streams.purge(DELETES.name, { filter: deleteOfKey(at, key) });
}

/** Takes one message away; it may be gone already. */
export async function removeDelete(bus: Bus, { sequence }: StoredDelete): Promise<void> {
  await bus.jsm.streams.deleteMessage(DELETES.name, sequence, false).catch(() => false);
}

/** At most `limit` of them, oldest first. */
export async function listDeletes(
  bus: Bus,
  at: TableAddress,
  state: DeleteState,
  limit: number,
): Promise<StoredDelete[]> {
  const found: StoredDelete[] = [];
  let seq = 1;
  while (found.length < limit) {
    const query = { seq, next_by_subj: deletesInState(at, state) };
    const stored = await bus.jsm.direct.getMessage(DELETES.name, query);
    if (stored === null) break;
    const held = toDelete(stored);
    if (held !== null) found.push(held);
    seq = stored.seq + 1;
  }
  return found;
}

export const countDeletes = (bus: Bus, at: TableAddress, state: DeleteState): Promise<number> =>
  countMatching(bus, DELETES.name, deletesInState(at, state));

/** What was put up to now has at most this sequence. */
export async function lastDeleteSequence(bus: Bus): Promise<number> {
  return (await bus.jsm.streams.info(DELETES.name)).state.last_seq;
}

const STATES = ['held', 'approved', 'discarded'] as const satisfies readonly DeleteState[];

function toDelete(stored: StoredMsg): StoredDelete | null {
  const state = STATES.find((name) => stored.subject.split('.').at(-2) === name);
  try {
    const held = HeldDelete.parse(JSON.parse(new TextDecoder().decode(stored.data)));
    return state === undefined ? null : { ...held, state, sequence: stored.seq };
  } catch {
    return null;
  }
}
