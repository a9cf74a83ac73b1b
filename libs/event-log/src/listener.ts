import type { Log } from '@landbridge/telemetry';
import pg from 'pg';
import { serviceConnection } from './connect.ts';
import { pause } from './pause.ts';
import { EVENTS_CHANNEL } from './service-role.ts';

const RECONNECT_MS_MAX = 5_000;
const RECONNECT_MS_MIN = 100;

/** Tells that something may have been appended. Only wakes: what is true is in the table. */
export interface Listener {
  /** Resolves at the next append, or when a lost connection is back: something may be missed. */
  woken(): Promise<void>;
  close(): Promise<void>;
}

/** Keeps one LISTEN connection for all subscriptions of the process, and opens it anew when lost. */
export function startListener(url: string, log: Pick<Log, 'warn'>): Listener {
  const stopped = new AbortController();
  let wakeUp = Promise.withResolvers<undefined>();
  let current: pg.Client | null = null;

  function wakeAll(): void {
    wakeUp.resolve(undefined);
    wakeUp = Promise.withResolvers<undefined>();
  }

  async function listenOnce(): Promise<void> {
    const client = new pg.Client(serviceConnection(url));
    const ended = new Promise<void>((resolve) => client.once('end', resolve));
    client.on('error', (err: Error) =>
      log.warn({ err }, 'the connection that listens for events is lost; opening another'),
    );
    client.on('notification', wakeAll);
    try {
      await client.connect();
      current = client;
      await client.query(`listen ${EVENTS_CHANNEL}`);
      wakeAll();
      if (!stopped.signal.aborted) await ended;
    } finally {
      current = null;
      await client.end().catch(() => undefined);
    }
  }

  async function keepListening(): Promise<void> {
    let delayMs = RECONNECT_MS_MIN;
    while (!stopped.signal.aborted) {
      try {
        await listenOnce();
        delayMs = RECONNECT_MS_MIN;
      } catch (err) {
        log.warn({ err, delayMs }, 'cannot listen for events; trying again after the delay');
        delayMs = Math.min(delayMs * 2, RECONNECT_MS_MAX);
      }
      await pause(delayMs, stopped.signal);
    }
  }

  const running = keepListening();
  return {
    woken: () => wakeUp.promise,
    close: async () => {
      stopped.abort();
      await current?.end().catch(() => undefined);
      await running;
    },
  };
}
