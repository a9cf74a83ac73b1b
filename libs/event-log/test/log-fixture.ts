import { randomUUID } from 'node:crypto';
import { createLog } from '@landbridge/telemetry';
import pg from 'pg';
import {
  type EventLog,
  type EventLogOptions,
  type JsonObject,
  type NewEvent,
  openEventLog,
  type RecordedEvent,
} from '../src/index.ts';

export const quiet = createLog('event-log-test', 'silent');

/** An event with nothing in it but what a test says. */
export function event(type = 'Happened', data: JsonObject = {}): NewEvent {
  return {
    eventId: randomUUID(),
    type,
    schemaVersion: 1,
    data,
    metadata: {
      actor: { kind: 'service', id: 'test', name: 'test' },
      correlationId: 'c-1',
      causationId: null,
      traceparent: null,
    },
  };
}

export type OpenLog = EventLog & AsyncDisposable;

export async function open(
  url: string,
  options: Partial<Omit<EventLogOptions, 'url'>> = {},
): Promise<OpenLog> {
  const log = await openEventLog({ url, log: quiet, ...options });
  return { ...log, [Symbol.asyncDispose]: () => log.close() };
}

export type Connection = pg.Client & AsyncDisposable;

/** A connection of the test's own, as whoever the URL signs in, or in the role given. */
export async function connect(url: string, role?: string): Promise<Connection> {
  const client = new pg.Client(url);
  client.on('error', () => undefined);
  await client.connect();
  if (role !== undefined) await client.query(`set role ${role}`);
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() });
}

/** A subscriber that remembers what it saw. */
export function watch(log: EventLog, after = 0n): Watcher {
  const stopping = new AbortController();
  const seen: RecordedEvent[] = [];
  const running = log.subscribe({
    after,
    signal: stopping.signal,
    onBatch: async (events) => {
      seen.push(...events);
    },
  });
  const stop = async (): Promise<void> => {
    stopping.abort();
    await running;
  };
  return { seen, stop, [Symbol.asyncDispose]: stop };
}

export interface Watcher extends AsyncDisposable {
  seen: RecordedEvent[];
  stop(): Promise<void>;
}

/** Positions only grow, and nothing comes twice. */
export function isInOrder(events: readonly RecordedEvent[]): boolean {
  let before = 0n;
  return events.every(({ position }) => {
    const later = position > before;
    before = position;
    return later;
  });
}

/** Runs raw SQL as the owner, in the shape that `append_events` takes. */
export function rawAppend(streamId: string, events: readonly NewEvent[]): [string, string[]] {
  const e = events.map((one) => ({
    i: one.eventId,
    t: one.type,
    v: one.schemaVersion,
    d: one.data,
    m: one.metadata,
  }));
  return ['select * from append_events($1)', [JSON.stringify([{ s: streamId, v: null, e }])]];
}
