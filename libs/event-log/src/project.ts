import type { Log } from '@landbridge/telemetry';
import { CheckpointMoved, DatabaseUnavailable, LockLost } from './errors.ts';
import type { RecordedEvent } from './event.ts';
import { pause } from './pause.ts';
import type { SubscribeOptions } from './subscribe.ts';
import type { LockOptions } from './lock.ts';
import type { Transaction } from './transaction.ts';

const RETRY_MS = 500;

export interface ProjectOptions {
  /** Names both the checkpoint and the lock. */
  name: string;
  /** Folds a batch into tables; what it writes is kept together with the checkpoint, or not at all. */
  apply: (tx: Transaction, events: RecordedEvent[]) => Promise<void>;
  signal: AbortSignal;
  batchMax?: number;
}

/** What a projection stands on. */
export interface ProjectionSource {
  readCheckpoint: (name: string) => Promise<bigint>;
  subscribe: (options: SubscribeOptions) => Promise<void>;
  transaction: (work: (tx: Transaction) => Promise<void>) => Promise<void>;
  lock: (
    name: string,
    work: (signal: AbortSignal) => Promise<void>,
    options: LockOptions,
  ) => Promise<void>;
  log: Pick<Log, 'warn'>;
}

/**
 * Keeps a projection up to date until the signal aborts: in one process at a time, each event
 * exactly once, whatever dies in between.
 * Throws  what `apply` throws, unless that is DatabaseUnavailable.
 */
export async function runProjection(
  source: ProjectionSource,
  { name, apply, signal, batchMax }: ProjectOptions,
): Promise<void> {
  const lead = async (leading: AbortSignal): Promise<void> => {
    let position = await source.readCheckpoint(name);
    await source.subscribe({
      after: position,
      signal: leading,
      ...(batchMax === undefined ? {} : { batchMax }),
      onBatch: async (events) => {
        const last = events.at(-1)?.position ?? position;
        await source.transaction(async (tx) => {
          await apply(tx, events);
          await tx.saveCheckpoint(name, last, position);
        });
        position = last;
      },
    });
  };
  for (;;) {
    try {
      await source.lock(`projection:${name}`, lead, { signal });
    } catch (err) {
      if (signal.aborted) return;
      if (!mayTryAgain(err)) throw err;
      source.log.warn(
        { err, projection: name },
        'projection interrupted; going on from checkpoint',
      );
      await pause(RETRY_MS, signal);
    }
    if (signal.aborted) return;
  }
}

function mayTryAgain(error: unknown): boolean {
  return (
    error instanceof CheckpointMoved ||
    error instanceof DatabaseUnavailable ||
    error instanceof LockLost
  );
}
