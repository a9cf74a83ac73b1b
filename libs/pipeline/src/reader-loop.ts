import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Bus,
  CursorMoved,
  isBusError,
  openAllRetries,
  openRetries,
  openTick,
  queuedCount,
  readCursor,
  saveCursor,
  type TableAddress,
} from '@landbridge/messaging';
import { type Log, withSpan } from '@landbridge/telemetry';
import type { Consumer, JsMsg } from '@nats-io/jetstream';
import { backoffMs, retryDelayMs } from './backoff.ts';
import { type BatchPublisher } from './batch-publisher.ts';
import { RunFailedError } from './errors.ts';
import { type Hold, holdMessage } from './hold.ts';
import type { PipelineLimits } from './pipeline.ts';
import { readAgain } from './read-again.ts';
import type { ReadBatch, Reader } from './reader.ts';
import { transientOf } from './transient.ts';

export interface ReaderLoopDeps {
  bus: Bus;
  at: TableAddress;
  reader: Reader;
  publisher: BatchPublisher;
  partitionCount: number;
  limits: PipelineLimits;
  log: Log;
  onBatch: (batch: ReadBatch) => Promise<void>;
  onCalls: (calls: number) => void;
  onReadAgain: (count: number) => void;
  onSuccess: () => void;
  onTrouble: (error: Error) => void;
  onRunFailed: (error: RunFailedError) => void;
}

const NEXT_EXPIRES_MS = 1_000;
/** How often a reader that waits for room in the queue looks again. */
const ROOM_EVERY_MS = 200;

/**
 * Reads the table whenever this replica holds its tick, until `signal` aborts. The tick goes back
 * with the pause until the next poll, so that any replica may be the next to read.
 */
export async function readerLoop(deps: ReaderLoopDeps, signal: AbortSignal): Promise<void> {
  const held = { ...deps, failures: 0 };
  while (!signal.aborted) {
    try {
      await takeTicks(held, signal);
    } catch (err) {
      deps.log.warn({ err, table: deps.at.table }, 'the tick cannot be fetched; trying again');
      await sleep(backoffMs(1), undefined, { signal }).catch(() => undefined);
    }
  }
}

async function takeTicks(deps: HeldDeps, signal: AbortSignal): Promise<void> {
  const tick = await openTick(deps.bus, deps.at);
  const retries = await openRequests(deps);
  while (!signal.aborted) {
    const message = await tick.next({ expires: NEXT_EXPIRES_MS });
    if (message !== null) deps.failures = await holdTick(message, retries, deps, signal);
  }
}

async function openRequests({ bus, at, reader }: ReaderLoopDeps): Promise<Consumer | null> {
  if (reader.again === 'none') return null;
  return reader.again === 'allTables' ? openAllRetries(bus, at) : openRetries(bus, at);
}

type HeldDeps = ReaderLoopDeps & { failures: number };

/** Reads for as long as there is more, then hands the tick back; gives the failures in a row. */
async function holdTick(
  tick: JsMsg,
  retries: Consumer | null,
  deps: HeldDeps,
  stopping: AbortSignal,
): Promise<number> {
  using hold = holdMessage(deps.bus, tick);
  const signal = AbortSignal.any([stopping, hold.signal]);
  try {
    const restMs = await readUntilIdle(tick, retries, deps, { hold, signal });
    deps.onSuccess();
    handBack(tick, hold, stopping.aborted ? 0 : restMs);
    return 0;
  } catch (error) {
    const delayMs = stopping.aborted ? 0 : troubleDelayMs(error, deps, signal);
    handBack(tick, hold, delayMs);
    return error instanceof CursorMoved ? 0 : deps.failures + 1;
  }
}

/** A tick that we may have lost is not ours to hand back: its holder still reads. */
function handBack(tick: JsMsg, hold: Hold, delayMs: number): void {
  if (hold.held) tick.nak(delayMs);
}

async function readUntilIdle(
  tick: JsMsg,
  retries: Consumer | null,
  deps: ReaderLoopDeps,
  { hold, signal }: { hold: Hold; signal: AbortSignal },
): Promise<number> {
  for (;;) {
    await waitForRoom(deps, signal);
    const context = { signal, log: deps.log };
    const again = retries === null ? 'done' : await readAgain(retries, deps, context);
    const read = await readOnce(tick.info.deliveryCount, deps, { hold, signal });
    deps.onSuccess();
    if (signal.aborted || !(read.more || again === 'more')) return read.restMs;
  }
}

/** One batch: read, queue all of it, then save how far it was read. */
async function readOnce(
  delivery: number,
  deps: ReaderLoopDeps,
  { hold, signal }: { hold: Hold; signal: AbortSignal },
): Promise<{ more: boolean; restMs: number }> {
  const { bus, at, reader, publisher, limits } = deps;
  const attributes = { 'landbridge.table': at.table, 'landbridge.instance': at.instance };
  return withSpan(`read ${at.table}`, { attributes }, async (span) => {
    const { cursor, revision } = await readCursor(bus, at);
    if (cursor === null && (await reader.mayBegin?.()) === false) {
      return { more: false, restMs: limits.pollMs };
    }
    const batch = await reader.read(cursor, { signal, log: deps.log });
    deps.onCalls(batch.calls);
    span.setAttribute('landbridge.records', batch.records.length);
    signal.throwIfAborted();
    await publisher.publish(batch.records, { revision, delivery, hold, signal });
    await saveCursor(bus, at, batch.next, revision);
    await deps.onBatch(batch);
    return { more: batch.more, restMs: batch.restMs ?? limits.pollMs };
  });
}

async function waitForRoom(
  { bus, at, limits }: ReaderLoopDeps,
  signal: AbortSignal,
): Promise<void> {
  while ((await queuedCount(bus, at)) >= limits.queueMax) {
    await sleep(ROOM_EVERY_MS, undefined, { signal });
  }
}

/** How long the table rests after `error`; tells those whom it concerns. */
function troubleDelayMs(error: unknown, deps: HeldDeps, signal: AbortSignal): number {
  const { log, at, failures } = deps;
  const { table } = at;
  if (error instanceof RunFailedError) {
    deps.onRunFailed(error);
    return 0;
  }
  if (error instanceof CursorMoved) {
    log.warn({ table }, 'another reader moved the cursor; its reading counts');
    return deps.limits.pollMs;
  }
  const err = error instanceof Error ? error : new Error(String(error));
  if (signal.aborted) {
    log.warn({ table }, 'the tick was lost while reading; whoever holds it now reads on');
    return 0;
  }
  deps.onTrouble(err);
  const transient = transientOf(err, 'source');
  const delayMs = retryDelayMs(failures + 1, transient?.retryAfterMs ?? null);
  if (transient !== null || isBusError(err)) {
    log.warn({ err, table, delayMs }, 'a read is tried again after the delay');
  } else log.error({ err, table, delayMs }, 'a read ended unexpectedly; trying again');
  return delayMs;
}
