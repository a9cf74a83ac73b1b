import { type Log, withSpan } from '@landbridge/telemetry';
import { answeredInTime } from './answered-in-time.ts';
import { appendRequestOf, sendAppends } from './append.ts';
import { createAppendQueue } from './append-queue.ts';
import { openServiceDatabase } from './connect.ts';
import type { AppendResult, ExpectedVersion, NewEvent, RecordedEvent } from './event.ts';
import { startListener } from './listener.ts';
import { holdingLock, type LockOptions } from './lock.ts';
import { migrateUp } from './migrate.ts';
import type { SchemaMigration } from './migrations/event-log-migrations.ts';
import { type ProjectOptions, runProjection } from './project.ts';
import {
  findEvent,
  head,
  lastOfType,
  type LastOfTypeOptions,
  readAll,
  type ReadAllOptions,
  readStream,
  type ReadStreamOptions,
} from './read.ts';
import { runSubscription, type SubscribeOptions } from './subscribe.ts';
import { inTransaction, queryRows, type Row, type Transaction } from './transaction.ts';
import { type Upcaster, upcastWith } from './upcast.ts';

export interface EventLogOptions {
  /** The service's URL. What it may do is what the role `landbridge_service` may do. */
  url: string;
  /** The URL of the tables' owner, for migrations; without it the service's URL serves for both. */
  adminUrl?: string;
  log: Pick<Log, 'info' | 'warn'>;
  /** Connections in the pool; the listener and each lock have one more of their own. */
  poolMax?: number;
  /** How long one read may take, by default 10 s; subscriptions and transactions have no bound. */
  readTimeoutMs?: number;
  upcasters?: readonly Upcaster[];
  /** The app's own migrations, for its projections' tables; they run after the log's. */
  migrations?: readonly SchemaMigration[];
}

/** How far a named reader of the log has come. */
export interface Checkpoint {
  /** 0n when it was never saved. */
  read(): Promise<bigint>;
  /** Throws  CheckpointMoved. */
  save(position: bigint, expected: bigint): Promise<void>;
}

/**
 * The append-only log. Every method throws DatabaseUnavailable where Postgres cannot be reached,
 * and reads also where it does not answer in time.
 */
export interface EventLog {
  /**
   * Records events at the end of a stream, all or none. Without events it only checks the version.
   * Throws  VersionConflict, DuplicateEvent (before VersionConflict where both are true).
   */
  append(
    streamId: string,
    expectedVersion: ExpectedVersion,
    events: readonly NewEvent[],
  ): Promise<AppendResult>;
  readStream(streamId: string, options?: ReadStreamOptions): Promise<RecordedEvent[]>;
  lastOfType(
    streamId: string,
    type: string,
    options?: LastOfTypeOptions,
  ): Promise<RecordedEvent | null>;
  /** The event of this id, in whichever stream; null: it was never recorded. */
  findEvent(eventId: string): Promise<RecordedEvent | null>;
  /** All streams in the order of commits. Fewer than `limit` events: there are no more. */
  readAll(options: ReadAllOptions): Promise<RecordedEvent[]>;
  /** The last position; 0n of an empty log. */
  head(): Promise<bigint>;
  /** Hands on every event after a position until the signal aborts or the log closes. */
  subscribe(options: SubscribeOptions): Promise<void>;
  checkpoint(name: string): Checkpoint;
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** One query of its own, `$1`-style parameters: for reading projections. */
  query<R extends Row = Row>(sql: string, params?: readonly unknown[]): Promise<R[]>;
  /** Runs `work` while no other process holds the lock of that name. */
  lock<T>(
    name: string,
    work: (signal: AbortSignal) => Promise<T>,
    options?: LockOptions,
  ): Promise<T>;
  /** Keeps a projection up to date, in one process at a time and each event exactly once. */
  project(options: ProjectOptions): Promise<void>;
  /** Ends subscriptions, waits for appends on their way and lets go of Postgres. */
  close(): Promise<void>;
}

const POOL_MAX = 10;
const READ_TIMEOUT_MS = 10_000;

/**
 * Migrates the database and opens the log in it. Several processes may do so at once.
 * Throws  EventLogSetupRefused; RangeError for contradictory upcasters.
 */
export async function openEventLog(options: EventLogOptions): Promise<EventLog> {
  const upcast = upcastWith(options.upcasters ?? []);
  await migrateUp({ ...options, adminUrl: options.adminUrl ?? options.url });
  const database = await openServiceDatabase(options.url, options.poolMax ?? POOL_MAX);
  const { pool } = database;
  const listener = startListener(options.url, options.log);
  const queue = createAppendQueue((requests) => sendAppends(pool, requests));
  const closing = new AbortController();
  const untilClosed = (signal?: AbortSignal): AbortSignal =>
    signal === undefined ? closing.signal : AbortSignal.any([signal, closing.signal]);

  const inTime = <T>(work: Promise<T>): Promise<T> =>
    answeredInTime(options.readTimeoutMs ?? READ_TIMEOUT_MS, work);

  const reads = {
    readStream: async (streamId, readOptions = {}) =>
      (await inTime(readStream(database, streamId, readOptions))).map(upcast),
    lastOfType: async (streamId, type, readOptions = {}) => {
      const event = await inTime(lastOfType(database, streamId, type, readOptions));
      return event === null ? null : upcast(event);
    },
    findEvent: async (eventId) => {
      const event = await inTime(findEvent(database, eventId));
      return event === null ? null : upcast(event);
    },
    readAll: async (readOptions) => (await inTime(readAll(database, readOptions))).map(upcast),
    head: () => inTime(head(database)),
    query: (sql, params) => inTime(queryRows(pool, sql, params)),
  } satisfies Partial<EventLog>;

  const eventLog: EventLog = {
    ...reads,
    append: (streamId, expectedVersion, events) =>
      withSpan('event log append', { attributes: { 'landbridge.stream': streamId } }, async () =>
        queue.append(appendRequestOf(streamId, expectedVersion, events)),
      ),
    subscribe: (subscription) =>
      runSubscription(
        {
          readPage: (after, limit) => readAll(database, { after, limit }),
          upcast,
          listener,
          log: options.log,
        },
        { ...subscription, signal: untilClosed(subscription.signal) },
      ),
    checkpoint: (name) => ({
      read: () => inTime(readCheckpoint(pool, name)),
      save: (position, expected) =>
        inTransaction(pool, (tx) => tx.saveCheckpoint(name, position, expected)),
    }),
    transaction: (work) => inTransaction(pool, work),
    lock: (name, work, lockOptions = {}) =>
      holdingLock(options.url, name, work, { signal: untilClosed(lockOptions.signal) }),
    project: (projection) =>
      runProjection(
        { ...eventLog, readCheckpoint: (name) => readCheckpoint(pool, name), log: options.log },
        { ...projection, signal: untilClosed(projection.signal) },
      ),
    close: async () => {
      closing.abort();
      await listener.close();
      await queue.drained();
      await database.close();
    },
  };
  return eventLog;
}

async function readCheckpoint(
  pool: Parameters<typeof queryRows>[0],
  name: string,
): Promise<bigint> {
  const sql = 'select position from checkpoints where name = $1';
  const [row] = await queryRows<{ position: bigint }>(pool, sql, [name]);
  return row?.position ?? 0n;
}
