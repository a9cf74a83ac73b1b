import type { QueuedRecord } from '@landbridge/contracts';
import { COMPLETE_SINCE } from '@landbridge/messaging';
import type { ReadContext } from '@landbridge/pipeline';
import type { ReadingDeps, Spending } from './reading-deps.ts';
import type { Sweep } from './table-cursor.ts';
import { deleteOf } from './to-queued.ts';

/** Keys looked at in one call of the reader, so that changes are read in between. */
const CHUNK_KEYS_MAX = 500;

/** `replayed`: what a person wanted to keep in Campaign is asked of again. */
export function startSweep({ replayed }: { replayed: boolean }): Sweep {
  return {
    replayed,
    startedAt: new Date().toISOString(),
    afterSequence: 0,
    checkedCount: 0,
    missingCount: 0,
  };
}

/** Shape   `next` is null once everything that was written has been looked at. */
export type SweepStep = { records: QueuedRecord[]; next: Sweep | null; more: boolean };

/**
 * Looks for the next remembered records at the source and gives deletes for those that are gone:
 * missing in a list, and confirmed one by one. Too many of them wait for a person: see the guard.
 */
export async function sweepChunk(
  sweep: Sweep,
  deps: ReadingDeps,
  spending: Spending,
  context: ReadContext,
): Promise<SweepStep> {
  const chunk = await rememberedKeys(sweep, deps, context.signal);
  const missing = await missingKeys(chunk.keys, deps, spending, context);
  const next: Sweep = {
    ...sweep,
    afterSequence: chunk.lastSequence,
    checkedCount: sweep.checkedCount + chunk.keys.length,
    missingCount: sweep.missingCount + missing.length,
  };
  const source = { instance: deps.instance, table: deps.mapping.dynamicsTable };
  const records = missing.map((id) => deleteOf(source, id));
  if (!chunk.ended) return { records, next, more: true };
  // What was queued before the sweep began may be remembered only now.
  const done = await deps.settledSince(new Date(sweep.startedAt));
  return { records, next: done && chunk.keys.length === 0 ? null : next, more: false };
}

type Chunk = { keys: string[]; lastSequence: number; ended: boolean };

async function rememberedKeys(
  { afterSequence, replayed }: Sweep,
  deps: ReadingDeps,
  signal: AbortSignal,
): Promise<Chunk> {
  const keys: string[] = [];
  let lastSequence = afterSequence;
  for await (const { key, entry, sequence } of deps.memory.entries({ afterSequence, signal })) {
    lastSequence = sequence;
    if (key === COMPLETE_SINCE || entry.hash === null) continue;
    const known = await deps.deletes.isKnown(key, entry);
    if (known === 'no' || (known === 'discarded' && replayed)) keys.push(key);
    if (keys.length === CHUNK_KEYS_MAX) return { keys, lastSequence, ended: false };
  }
  signal.throwIfAborted();
  return { keys, lastSequence, ended: true };
}

async function missingKeys(
  keys: string[],
  { client, metadata }: ReadingDeps,
  spending: Spending,
  { signal }: ReadContext,
): Promise<string[]> {
  if (keys.length === 0) return [];
  const { table } = metadata();
  const existing = await spending.take(client.existing(table, keys, { signal }));
  const confirmed: string[] = [];
  for (const id of keys.filter((key) => !existing.has(key.toLowerCase()))) {
    const row = await spending.take(client.row({ table, columns: [table.primaryId], id, signal }));
    if (row === null) confirmed.push(id);
  }
  return confirmed;
}
