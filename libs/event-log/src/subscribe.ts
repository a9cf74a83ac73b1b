import type { Log } from '@landbridge/telemetry';
import { DatabaseUnavailable } from './errors.ts';
import type { RecordedEvent } from './event.ts';
import type { Listener } from './listener.ts';
import { pause } from './pause.ts';

/** How long at most an event stays unseen where its NOTIFY was lost. */
const POLL_MS = 1_000;
const RETRY_MS_MIN = 100;
const RETRY_MS_MAX = 5_000;
const BATCH_MAX = 500;

export interface SubscribeOptions {
  /** The position to go on after; 0n is the beginning. */
  after: bigint;
  /** Gets every later event once and in order; the next batch waits for it. */
  onBatch: (events: RecordedEvent[]) => Promise<void>;
  signal: AbortSignal;
  batchMax?: number;
}

/** What a subscription stands on. */
export interface SubscriptionSource {
  readPage: (after: bigint, limit: number) => Promise<RecordedEvent[]>;
  upcast: (event: RecordedEvent) => RecordedEvent;
  listener: Pick<Listener, 'woken'>;
  log: Pick<Log, 'warn'>;
}

/**
 * Hands on all events after a position until the signal aborts. Survives lost connections.
 * Throws  what `onBatch` or an upcaster throws.
 */
export async function runSubscription(
  source: SubscriptionSource,
  { after, onBatch, signal, batchMax = BATCH_MAX }: SubscribeOptions,
): Promise<void> {
  let position = after;
  while (!signal.aborted) {
    // Taken before the read: an append between the read and the wait has then woken us already.
    const woken = source.listener.woken();
    const page = await readPatiently(source, position, batchMax, signal);
    const last = page.at(-1);
    if (last === undefined) {
      await pause(POLL_MS, signal, woken);
    } else {
      await onBatch(page.map(source.upcast));
      position = last.position;
    }
  }
}

async function readPatiently(
  source: SubscriptionSource,
  after: bigint,
  limit: number,
  signal: AbortSignal,
): Promise<RecordedEvent[]> {
  let delayMs = RETRY_MS_MIN;
  while (!signal.aborted) {
    try {
      return await source.readPage(after, limit);
    } catch (err) {
      if (!(err instanceof DatabaseUnavailable)) throw err;
      source.log.warn({ err, delayMs }, 'cannot read the event log; trying again after the delay');
      await pause(delayMs, signal);
      delayMs = Math.min(delayMs * 2, RETRY_MS_MAX);
    }
  }
  return [];
}
