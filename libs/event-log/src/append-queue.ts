import pg from 'pg';
import type { AppendRequest } from './append.ts';
import { DuplicateEvent, VersionConflict } from './errors.ts';
import type { AppendResult } from './event.ts';

/** Beyond these a batch waits for the next round: a long transaction keeps others from appending. */
const BATCH_REQUESTS_MAX = 256;
const BATCH_CHARACTERS_MAX = 1_000_000;

type Outcome = AppendResult | VersionConflict | DuplicateEvent;

interface Waiting {
  request: AppendRequest;
  resolve: (result: AppendResult) => void;
  reject: (error: unknown) => void;
}

export interface AppendQueue {
  append(request: AppendRequest): Promise<AppendResult>;
  /** Resolves when nothing is waiting or on its way. */
  drained(): Promise<void>;
}

/**
 * Group commit: while one batch is on its way, further appends gather and travel together in the
 * next, so that they share its round trip, its lock and its fsync. Each still has its own outcome,
 * and nobody waits for a batch to fill.
 */
export function createAppendQueue(
  send: (requests: AppendRequest[]) => Promise<Outcome[]>,
): AppendQueue {
  let waiting: Waiting[] = [];
  let pumping: Promise<void> | null = null;

  async function pump(): Promise<void> {
    // Appends that were asked for in the same turn of the event loop belong together.
    await Promise.resolve();
    while (waiting.length > 0) {
      const { batch, rest } = nextBatch(waiting);
      waiting = rest;
      await settle(batch, send);
    }
    pumping = null;
  }

  return {
    append: (request) =>
      new Promise((resolve, reject) => {
        waiting.push({ request, resolve, reject });
        pumping ??= pump();
      }),
    drained: async () => {
      while (pumping !== null) await pumping;
    },
  };
}

/**
 * The longest batch in which no stream and no event id comes twice: what would depend on another
 * append's outcome goes into a later batch, in its order.
 */
function nextBatch(waiting: readonly Waiting[]): { batch: Waiting[]; rest: Waiting[] } {
  const batch: Waiting[] = [];
  const rest: Waiting[] = [];
  const streams = new Set<string>();
  const eventIds = new Set<string>();
  let characters = 0;
  for (const one of waiting) {
    const { streamId, eventIds: ids, json } = one.request;
    const fits =
      batch.length === 0 ||
      (batch.length < BATCH_REQUESTS_MAX &&
        characters + json.length <= BATCH_CHARACTERS_MAX &&
        !streams.has(streamId) &&
        [...ids].every((id) => !eventIds.has(id)));
    (fits ? batch : rest).push(one);
    streams.add(streamId);
    for (const id of ids) eventIds.add(id);
    if (fits) characters += json.length;
  }
  return { batch, rest };
}

async function settle(
  batch: readonly Waiting[],
  send: (requests: AppendRequest[]) => Promise<Outcome[]>,
): Promise<void> {
  try {
    const outcomes = await send(batch.map(({ request }) => request));
    batch.forEach(({ resolve, reject }, index) => {
      const outcome = outcomes[index];
      if (outcome === undefined) reject(new Error('append_events answered too few rows'));
      else if (outcome instanceof Error) reject(outcome);
      else resolve(outcome);
    });
  } catch (error) {
    if (batch.length > 1 && isFaultOfData(error)) {
      // Nothing of the refused statement was kept: send each alone to find the one at fault.
      for (const single of batch) await settle([single], send);
      return;
    }
    for (const { reject } of batch) reject(error);
  }
}

/** SQLSTATE classes 22 (data) and 23 (constraints): one request carries what Postgres refuses. */
function isFaultOfData(error: unknown): boolean {
  return error instanceof pg.DatabaseError && /^2[23]/.test(error.code ?? '');
}
