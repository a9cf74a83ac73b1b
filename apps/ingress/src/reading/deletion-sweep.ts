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
    endSequence: null,
    checkedCount: 0,
    missingCount: 0,
  };
}

/** Shape   `next` is null once everything that was written before the end has been looked at. */
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
  const endSequence = sweep.endSequence ?? (await endOfWalk(sweep, deps));
  const chunk = await rememberedKeys({ ...sweep, endSequence }, deps, context.signal);
  const missing = await missingKeys(chunk.keys, deps, spending, context);
  const next: Sweep = {
    ...sweep,
    afterSequence: chunk.lastSequence,
    endSequence,
    checkedCount: sweep.checkedCount + chunk.keys.length,
    missingCount: sweep.missingCount + missing.length,
  };
  const source = { instance: deps.instance, table: deps.mapping.dynamicsTable };
  const records = missing.map((id) => deleteOf(source, id));
  if (!chunk.ended) return { records, next, more: true };
  return { records, next: endSequence === null ? next : null, more: false };
}

/** The queue is dated by another machine's clock. */
const CLOCK_MARGIN_MS = 60_000;

/**
 * The memory's end, once all that was queued before the walk began is in it. What is remembered
 * later was read while the link to changes was trusted, which then tells its deletion.
 * Shape   null: the memory still grows by what was queued before.
 */
async function endOfWalk(
  { startedAt }: Sweep,
  { settledSince, memory }: ReadingDeps,
): Promise<number | null> {
  const since = new Date(Date.parse(startedAt) + CLOCK_MARGIN_MS);
  // In this order: what is remembered in between only makes the walk longer.
  return (await settledSince(since)) ? memory.lastSequence() : null;
}

type Chunk = { keys: string[]; lastSequence: number; ended: boolean };

async function rememberedKeys(
  { afterSequence, endSequence, replayed }: Sweep,
  deps: ReadingDeps,
  signal: AbortSignal,
): Promise<Chunk> {
  const keys: string[] = [];
  let lastSequence = afterSequence;
  for await (const { key, entry, sequence } of deps.memory.entries({ afterSequence, signal })) {
    if (endSequence !== null && sequence > endSequence) break;
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
