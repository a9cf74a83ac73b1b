import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type PostgresServer, startPostgres, until } from '@landbridge/testing';
import { LockLost } from '../src/index.ts';
import { connect, open } from './log-fixture.ts';

let postgres: PostgresServer;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(async () => {
  await postgres[Symbol.asyncDispose]();
});

const untilAborted = (signal: AbortSignal): Promise<unknown> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(signal.reason)));

test('only one holds a lock, and the next gets it when that one lets go', async () => {
  const url = await postgres.createDatabase();
  await using one = await open(url);
  await using two = await open(url);
  const order: string[] = [];
  const release = Promise.withResolvers<undefined>();
  const first = one.lock('leader', async () => {
    order.push('one in');
    await release.promise;
    order.push('one out');
  });
  await until('the first to hold the lock', () => order.length, Boolean);
  const second = two.lock('leader', async () => {
    order.push('two in');
    return 'result';
  });
  expect(await two.lock('another', async () => 'free')).toBe('free');
  release.resolve(undefined);
  await first;
  expect(await second).toBe('result');
  expect(order).toEqual(['one in', 'one out', 'two in']);
});

test('who loses the connection of its lock is told so', async () => {
  const url = await postgres.createDatabase();
  await using log = await open(url);
  await using root = await connect(url);
  const lost = log.lock('leader', untilAborted);
  await until(
    'the lock to be killed',
    () =>
      root.query(
        `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted
           and database = (select oid from pg_database where datname = current_database())`,
      ),
    ({ rowCount }) => rowCount === 1,
  );
  expect(await lost).toBeInstanceOf(LockLost);
});

test('a wait for a lock can be given up', async () => {
  const url = await postgres.createDatabase();
  await using log = await open(url);
  const holding = new AbortController();
  let held = false;
  const hold = async (signal: AbortSignal): Promise<unknown> => {
    held = true;
    return untilAborted(signal);
  };
  const holder = log.lock('leader', hold, { signal: holding.signal });
  await until('the lock to be held', () => held, Boolean);
  const giving = new AbortController();
  const waiting = log.lock('leader', untilAborted, { signal: giving.signal });
  giving.abort(new Error('no longer needed'));
  await expect(waiting).rejects.toThrow('no longer needed');
  holding.abort();
  await holder;
});
