import type { KvEntry } from '@nats-io/kv';
import type { Bus } from './bus.ts';
import { CursorMoved, isWrongSequence } from './errors.ts';
import { cursorKey, partitionsKey, type TableAddress, type WorkflowAddress } from './subjects.ts';

/** Where a reader is, in the reader's own words: JSON that nobody else reads into. */
export type Cursor = Readonly<Record<string, unknown>>;

/** `revision` is what the next save must name; 0: nothing was saved yet (then `cursor` is null). */
export interface SavedCursor {
  cursor: Cursor | null;
  revision: number;
}

/** Where the reading of a table is. */
export async function readCursor(bus: Bus, at: TableAddress): Promise<SavedCursor> {
  const entry = await bus.cursors.get(cursorKey(at));
  return { cursor: entry === null ? null : parse(entry), revision: entry?.revision ?? 0 };
}

/**
 * Saves the cursor if nobody else did since `revision`; gives the new revision.
 * Throws  CursorMoved (another reader went on: drop the batch, it is theirs now).
 */
export async function saveCursor(
  bus: Bus,
  at: TableAddress,
  cursor: Cursor,
  revision: number,
): Promise<number> {
  const key = cursorKey(at);
  try {
    return await bus.cursors.put(key, JSON.stringify(cursor), { previousSeq: revision });
  } catch (error) {
    if (isWrongSequence(error)) throw new CursorMoved(key, { cause: error });
    throw error;
  }
}

/**
 * The number of partitions that the queue of this workflow and instance has. The first to ask
 * chooses it for all, for a record must not change its partition while older changes of it wait.
 */
export async function agreePartitions(
  bus: Bus,
  at: WorkflowAddress,
  wantedCount: number,
): Promise<number> {
  const key = partitionsKey(at);
  for (;;) {
    const entry = await bus.cursors.get(key);
    const agreed = entry === null ? null : Number(entry.string());
    if (agreed !== null && Number.isInteger(agreed) && agreed > 0) return agreed;
    try {
      await bus.cursors.put(key, String(wantedCount), { previousSeq: entry?.revision ?? 0 });
      return wantedCount;
    } catch (error) {
      if (!isWrongSequence(error)) throw error;
    }
  }
}

/**
 * What tells the queue of an instance from the one that an earlier instance of its name had. JetStream
 * knows for two minutes which messages it was given, also where the queue was emptied since: a record
 * that is read anew must not be taken for the one that went with the removed instance.
 */
export async function queueLife(bus: Bus, at: WorkflowAddress): Promise<number> {
  return (await bus.cursors.get(partitionsKey(at)))?.revision ?? 0;
}

function parse(entry: KvEntry): Cursor | null {
  if (entry.operation !== 'PUT') return null;
  const value: unknown = JSON.parse(entry.string());
  return typeof value === 'object' && value !== null ? { ...value } : null;
}
