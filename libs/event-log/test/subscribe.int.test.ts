import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type PostgresServer, startPostgres, until } from '@landbridge/testing';
import { connect, event, isInOrder, open, watch } from './log-fixture.ts';

let postgres: PostgresServer;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(async () => {
  await postgres[Symbol.asyncDispose]();
});

const count = (seen: readonly unknown[]) => () => seen.length;

/** Ends the connections of a database that listen, as a failing network would. */
const KILL_LISTENERS = `
  select pg_terminate_backend(pid) from pg_stat_activity
  where datname = current_database() and query ilike 'listen %'`;

test('an append of another process wakes the subscriber well before the poll', async () => {
  const url = await postgres.createDatabase();
  await using log = await open(url);
  await using other = await open(url);
  await using watcher = watch(log);
  await other.append('warm-up', 0, [event()]);
  await until('the first event', count(watcher.seen), (seen) => seen === 1);
  const delays: number[] = [];
  for (let version = 0; version < 10; version += 1) {
    const appended = performance.now();
    await other.append('stream', version, [event()]);
    await until('the event', count(watcher.seen), (seen) => seen === version + 2, { everyMs: 1 });
    delays.push(performance.now() - appended);
  }
  // By the poll alone each would come a second after the one before; a busy machine delays some.
  expect(Math.min(...delays)).toBeLessThan(500);
});

test('a subscriber that was killed goes on after the last position it kept', async () => {
  const url = await postgres.createDatabase();
  await using log = await open(url);
  const kept: bigint[] = [];
  const dying = log.subscribe({
    after: 0n,
    batchMax: 3,
    signal: new AbortController().signal,
    onBatch: async (events) => {
      if (kept.length >= 6) throw new Error('killed');
      kept.push(...events.map(({ position }) => position));
    },
  });
  await log.append(
    'stream',
    0,
    Array.from({ length: 10 }, () => event()),
  );
  await expect(dying).rejects.toThrow('killed');
  expect(kept).toHaveLength(6);
  await using watcher = watch(log, kept.at(-1));
  await until('the rest', count(watcher.seen), (seen) => seen === 4);
  const all = await log.readAll({ after: 0n, limit: 20 });
  expect([...kept, ...watcher.seen.map(({ position }) => position)]).toEqual(
    all.map(({ position }) => position),
  );
});

test('nothing is missed when the connection that listens is killed', async () => {
  const url = await postgres.createDatabase();
  await using log = await open(url);
  await using other = await open(url);
  await using watcher = watch(log);
  await using root = await connect(url);
  for (let version = 0; version < 30; version += 1) {
    if (version % 10 === 5) {
      await until(
        'a listener to kill',
        () => root.query(KILL_LISTENERS),
        ({ rowCount }) => (rowCount ?? 0) > 0,
      );
    }
    await other.append('stream', version, [event()]);
  }
  await until('every event', count(watcher.seen), (seen) => seen >= 30);
  expect(isInOrder(watcher.seen)).toBe(true);
  expect(watcher.seen).toHaveLength(30);
});

test('a subscription outlives a restart of Postgres', async () => {
  await using ownServer = await startPostgres();
  const url = await ownServer.createDatabase();
  await using log = await open(url);
  await using watcher = watch(log);
  await log.append('stream', 0, [event()]);
  await until('the first event', count(watcher.seen), (seen) => seen === 1);
  await ownServer.restart();
  await until('an append to succeed', () => log.append('stream', 1, [event()]), Boolean);
  await until('the second event', count(watcher.seen), (seen) => seen === 2);
  expect(isInOrder(watcher.seen)).toBe(true);
});

test('closing the log ends its subscriptions and lets go of every connection', async () => {
  const url = await postgres.createDatabase();
  const log = await open(url);
  const watcher = watch(log);
  await log.append('stream', 0, [event()]);
  await log.close();
  await watcher.stop();
  await using root = await connect(url);
  await until(
    'the connections to be gone',
    () => root.query(`select from pg_stat_activity where datname = current_database()`),
    ({ rowCount }) => rowCount === 1,
  );
});
