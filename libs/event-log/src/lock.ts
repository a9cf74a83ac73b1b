import pg from 'pg';
import { lockKeyOf } from './advisory-locks.ts';
import { serviceConnection } from './connect.ts';
import { DatabaseUnavailable, LockLost } from './errors.ts';
import { pause } from './pause.ts';
import { reachDatabase } from './reach-database.ts';
import { queryRows } from './transaction.ts';

/** How long a lock that was let go stays without a holder at most. */
const RETRY_MS = 250;
/** How often the holder makes sure that its connection, and so its lock, is still there. */
const HEARTBEAT_MS = 2_000;
const QUERY_TIMEOUT_MS = 5_000;

export interface LockOptions {
  /** Aborts the wait for the lock, and the signal that `work` gets. */
  signal?: AbortSignal;
}

/**
 * Runs `work` while holding a lock that only one process at a time can hold, and that falls to the
 * next when this one dies. The lock has a connection of its own; when that is lost, the signal
 * given to `work` aborts with LockLost. A checkpoint's `expected` fences off what comes too late.
 * Throws  the signal's reason when it aborts the wait; else what `work` throws.
 */
export async function holdingLock<T>(
  url: string,
  name: string,
  work: (signal: AbortSignal) => Promise<T>,
  { signal = new AbortController().signal }: LockOptions = {},
): Promise<T> {
  const client = await acquire(url, name, signal);
  const lost = new AbortController();
  client.on('error', (cause) => lost.abort(new LockLost(name, { cause })));
  client.on('end', () => lost.abort(new LockLost(name)));
  const done = new AbortController();
  const beating = beat(client, done.signal).catch((cause: unknown) =>
    lost.abort(new LockLost(name, { cause })),
  );
  try {
    return await work(AbortSignal.any([signal, lost.signal]));
  } finally {
    done.abort();
    await beating;
    await client.end().catch(() => undefined);
  }
}

/**
 * Asks again and again instead of waiting within Postgres: a statement that waits for days would
 * hold back VACUUM for as long.
 */
async function acquire(url: string, name: string, signal: AbortSignal): Promise<pg.Client> {
  for (;;) {
    signal.throwIfAborted();
    try {
      const client = await connect(url);
      if (await lockOn(client, name, signal)) return client;
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable)) throw error;
      await pause(retryMs(), signal);
    }
  }
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ ...serviceConnection(url), query_timeout: QUERY_TIMEOUT_MS });
  // Who queries this connection hears of its end there; unheard it would end the process.
  client.on('error', () => undefined);
  await reachDatabase(() => client.connect());
  return client;
}

/** False when the signal aborted the wait. The connection stays open only with the lock. */
async function lockOn(client: pg.Client, name: string, signal: AbortSignal): Promise<boolean> {
  let mine = false;
  try {
    while (!signal.aborted && !mine) {
      const [row] = await queryRows<{ mine: boolean }>(
        client,
        'select pg_try_advisory_lock($1) as mine',
        [lockKeyOf(name)],
      );
      mine = row?.mine ?? false;
      if (!mine) await pause(retryMs(), signal);
    }
    return mine;
  } finally {
    if (!mine) await client.end().catch(() => undefined);
  }
}

/** Spread, so that those who wait do not ask in step. */
function retryMs(): number {
  return RETRY_MS * (0.5 + Math.random());
}

async function beat(client: pg.Client, done: AbortSignal): Promise<void> {
  for (;;) {
    await pause(HEARTBEAT_MS, done);
    if (done.aborted) return;
    await client.query('select 1');
  }
}
