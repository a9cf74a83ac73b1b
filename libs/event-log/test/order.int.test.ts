import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type PostgresServer, startPostgres, until } from '@landbridge/testing';
import { connect, event, isInOrder, open, type OpenLog, rawAppend, watch } from './log-fixture.ts';

const WRITERS = 8;
const APPENDS_EACH = 40;

let postgres: PostgresServer;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(async () => {
  await postgres[Symbol.asyncDispose]();
});

/** Writers that each have a process's worth of their own: a log with its pool and queue. */
async function writeFromMany(url: string): Promise<void> {
  const logs = await Promise.all(Array.from({ length: WRITERS }, () => open(url, { poolMax: 2 })));
  await Promise.all(logs.map((log, index) => writeOneByOne(log, `writer-${index}`)));
  await Promise.all(logs.map((log) => log.close()));
}

async function writeOneByOne(log: OpenLog, stream: string): Promise<void> {
  for (let version = 0; version < APPENDS_EACH; version += 1) {
    await log.append(stream, version, [event()]);
  }
}

/** Takes the lock out of everything in this database that takes it. */
async function withoutAppendLock(url: string): Promise<void> {
  await using owner = await connect(url);
  const { rows } = await owner.query<{ source: string }>(
    `select pg_get_functiondef('append_events'::regproc) as source`,
  );
  const source = rows[0]?.source ?? '';
  const unlocked = source.replace(/perform pg_advisory_xact_lock\(\d+\)/, 'perform 1');
  expect(unlocked).not.toBe(source);
  await owner.query(unlocked);
  await owner.query('drop trigger events_in_commit_order on events');
}

/**
 * Two appends that overlap: the first draws its position before the second and commits after it.
 * Gives the positions that a subscriber saw, and those that lie in the table.
 */
async function overlap(url: string): Promise<{ seen: bigint[]; stored: bigint[] }> {
  await using log = await open(url);
  await using watcher = watch(log);
  await using slow = await connect(url, 'landbridge_service');
  await using fast = await connect(url, 'landbridge_service');
  await slow.query('begin');
  await slow.query(...rawAppend('slow', [event()]));
  const racing = fast.query(...rawAppend('fast', [event()]));
  await until(
    'the second append to commit, or to wait for the first',
    async () =>
      (await log.head()) > 0n ||
      (await log.query(`select from pg_locks where locktype = 'advisory' and not granted`)).length,
    Boolean,
  );
  if ((await log.head()) > 0n) {
    await until(
      'the first commit to be seen',
      () => watcher.seen.length,
      (count) => count > 0,
    );
  }
  await slow.query('commit');
  await racing;
  await log.append('last', 0, [event()]);
  await until(
    'the last event to be seen',
    () => watcher.seen.at(-1)?.streamId ?? null,
    (stream) => stream === 'last',
  );
  const stored = await log.readAll({ after: 0n, limit: 10 });
  return {
    seen: watcher.seen.map(({ position }) => position),
    stored: stored.map(({ position }) => position),
  };
}

test('a subscriber misses nothing of eight writers and sees it in the order of positions', async () => {
  const url = await postgres.createDatabase();
  await using log = await open(url);
  await using watcher = watch(log);
  await writeFromMany(url);
  await until(
    'every event to be seen',
    () => watcher.seen.length,
    (count) => count >= WRITERS * APPENDS_EACH,
  );
  expect(isInOrder(watcher.seen)).toBe(true);
  const stored = await log.readAll({ after: 0n, limit: 1_000 });
  expect(watcher.seen.map(({ eventId }) => eventId)).toEqual(stored.map(({ eventId }) => eventId));
});

test('an append that would commit out of order waits for the one before it', async () => {
  const { seen, stored } = await overlap(await postgres.createDatabase());
  expect(stored).toHaveLength(3);
  expect(seen).toEqual(stored);
});

test('without the lock a subscriber skips events: the lock is what makes it right', async () => {
  const url = await postgres.createDatabase();
  await (await open(url)).close();
  await withoutAppendLock(url);
  const { seen, stored } = await overlap(url);
  expect(stored).toHaveLength(3);
  expect(seen).toEqual(stored.slice(1));
});

test('an INSERT by hand takes the lock too', async () => {
  const url = await postgres.createDatabase();
  await using log = await open(url);
  await using owner = await connect(url);
  await owner.query('begin');
  await owner.query(
    `insert into events (stream_id, stream_version, event_id, type, schema_version, data, metadata)
     values ('by-hand', 1, $1, 'Happened', 1, '{}', '{}')`,
    [randomUUID()],
  );
  const appending = log.append('by-program', 0, [event()]);
  await until(
    'the append to wait',
    () => owner.query(`select from pg_locks where locktype = 'advisory' and not granted`),
    ({ rowCount }) => rowCount === 1,
  );
  await owner.query('commit');
  const { position } = await appending;
  const all = await log.readAll({ after: 0n, limit: 10 });
  expect(all.map(({ streamId }) => streamId)).toEqual(['by-hand', 'by-program']);
  expect(all.at(-1)?.position).toBe(position);
});

test('rolled-back appends leave gaps, and nothing is skipped over them', async () => {
  const url = await postgres.createDatabase();
  await using log = await open(url);
  await using watcher = watch(log);
  for (const round of [1, 2, 3, 4, 5]) {
    await log.append(`kept-${round}`, 0, [event()]);
    await expect(
      log.transaction(async (tx) => {
        await tx.append(`dropped-${round}`, 0, [event(), event()]);
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
  }
  await until(
    'the kept events',
    () => watcher.seen.length,
    (count) => count === 5,
  );
  expect(watcher.seen.map(({ streamId }) => streamId)).toEqual(
    [1, 2, 3, 4, 5].map((n) => `kept-${n}`),
  );
  const positions = watcher.seen.map(({ position }) => Number(position));
  expect((positions.at(-1) ?? 0) - (positions[0] ?? 0)).toBeGreaterThan(4);
});
