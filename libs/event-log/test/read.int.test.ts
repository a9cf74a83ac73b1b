import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { laterMillisecond, type PostgresServer, startPostgres, until } from '@landbridge/testing';
import { DatabaseUnavailable, registerUpcaster } from '../src/index.ts';
import { connect, event, open, type OpenLog, watch } from './log-fixture.ts';

let postgres: PostgresServer;
let url: string;
let log: OpenLog;
beforeAll(async () => {
  postgres = await startPostgres();
  url = await postgres.createDatabase();
  log = await open(url);
});
afterAll(async () => {
  await log.close();
  await postgres[Symbol.asyncDispose]();
});

/** Appends one event at a time, each in a later millisecond than the one before. */
async function appendApart(stream: string, types: readonly string[]): Promise<Date[]> {
  const times: Date[] = [];
  for (const [index, type] of types.entries()) {
    await laterMillisecond();
    await log.append(stream, index, [event(type)]);
    const [last] = await log.readStream(stream, { backwards: true, limit: 1 });
    times.push(last!.recordedAt);
  }
  return times;
}

const typesOf = (events: { type: string }[]): string[] => events.map(({ type }) => type);

test('a stream is read from and to a version, backwards, by type, up to a number and as of a time', async () => {
  const stream = `read-${randomUUID()}`;
  const times = await appendApart(stream, ['A', 'B', 'C', 'D']);
  expect(typesOf(await log.readStream(stream, { fromVersion: 3 }))).toEqual(['C', 'D']);
  expect(typesOf(await log.readStream(stream, { backwards: true, limit: 3 }))).toEqual([
    'D',
    'C',
    'B',
  ]);
  const toVersion = { backwards: true, toVersion: 3, limit: 2 };
  expect(typesOf(await log.readStream(stream, toVersion))).toEqual(['C', 'B']);
  expect(typesOf(await log.readStream(stream, { types: ['D', 'A'] }))).toEqual(['A', 'D']);
  expect(await log.readStream(stream, { types: [] })).toEqual([]);
  for (const [index, recordedBefore] of times.entries()) {
    const asOf = typesOf(await log.readStream(stream, { recordedBefore }));
    expect(asOf).toEqual(['A', 'B', 'C', 'D'].slice(0, index + 1));
  }
  expect(await log.readStream(stream, { recordedBefore: new Date(0) })).toEqual([]);
  expect(await log.readStream(`none-${randomUUID()}`)).toEqual([]);
});

test('the last event of a type is found, also as of a time', async () => {
  const stream = `last-${randomUUID()}`;
  const [, , third] = await appendApart(stream, ['A', 'B', 'A', 'A', 'C']);
  expect(await log.lastOfType(stream, 'A')).toMatchObject({ streamVersion: 4 });
  expect(await log.lastOfType(stream, 'A', { recordedBefore: third! })).toMatchObject({
    streamVersion: 3,
  });
  expect(await log.lastOfType(stream, 'X')).toBeNull();
});

test('an event is found by its id', async () => {
  const stream = `by-id-${randomUUID()}`;
  const told = event('A');
  await log.append(stream, 0, [event('B'), told]);
  expect(await log.findEvent(told.eventId)).toMatchObject({ ...told, streamId: stream });
  expect(await log.findEvent(randomUUID())).toBeNull();
});

test('all streams are read in pages, by prefix and as of a time', async () => {
  const after = await log.head();
  const tag = randomUUID();
  await log.append(`one-${tag}`, 0, [event('A'), event('B')]);
  await log.append(`two-${tag}`, 0, [event('C')]);
  const first = await log.readAll({ after, limit: 2 });
  const rest = await log.readAll({ after: first.at(-1)!.position, limit: 2 });
  expect(typesOf([...first, ...rest])).toEqual(['A', 'B', 'C']);
  expect(typesOf(await log.readAll({ after, limit: 9, streamPrefix: 'two-' }))).toEqual(['C']);
  expect(await log.readAll({ after, limit: 9, streamPrefix: 'o%' })).toEqual([]);
  expect(await log.readAll({ after, limit: 9, recordedBefore: new Date(0) })).toEqual([]);
});

test('recorded times never go back, also where the clock does', async () => {
  const fresh = await postgres.createDatabase();
  await using other = await open(fresh);
  await using owner = await connect(fresh);
  const future = new Date(Date.now() + 3_600_000);
  await owner.query(
    `insert into events (stream_id, stream_version, event_id, type, schema_version, data, metadata,
                         recorded_at)
     values ('ahead', 1, $1, 'Happened', 1, '{}', '{}', $2)`,
    [randomUUID(), future],
  );
  await other.append('after', 0, [event()]);
  const [, after] = await other.readAll({ after: 0n, limit: 2 });
  expect(after?.recordedAt).toEqual(future);
});

test('old events that lie in the log come out of every read in their newest shape', async () => {
  const stream = `old-${randomUUID()}`;
  const after = await log.head();
  await log.append(stream, 0, [event('NameGiven', { name: 'Ada' })]);
  const upcasters = [
    registerUpcaster('NameGiven', 1, ({ name }) => ({ names: [name ?? null] })),
    registerUpcaster('NameGiven', 2, (data) => ({ ...data, upcast: true })),
  ];
  await using newer = await open(url, { upcasters });
  await using watcher = watch(newer, after);
  const newest = { schemaVersion: 3, data: { names: ['Ada'], upcast: true } };
  expect(await newer.readStream(stream)).toMatchObject([newest]);
  expect(await newer.lastOfType(stream, 'NameGiven')).toMatchObject(newest);
  expect(await newer.readAll({ after, limit: 1 })).toMatchObject([newest]);
  await until(
    'the event to be seen',
    () => watcher.seen.length,
    (count) => count === 1,
  );
  expect(watcher.seen).toMatchObject([newest]);
  expect(await log.readStream(stream)).toMatchObject([{ schemaVersion: 1, data: { name: 'Ada' } }]);
});

test('a read that Postgres does not answer ends by itself, and the next one is answered again', async () => {
  const stream = `slow-${randomUUID()}`;
  await log.append(stream, 0, [event('A')]);
  await using impatient = await open(url, { readTimeoutMs: 100 });
  await using holder = await connect(url);
  await holder.query('begin');
  await holder.query('lock table events, checkpoints in access exclusive mode');
  const reads = await Promise.allSettled([
    impatient.readStream(stream),
    impatient.lastOfType(stream, 'A'),
    impatient.readAll({ after: 0n, limit: 1 }),
    impatient.head(),
    impatient.query('select 1 from events'),
    impatient.checkpoint('none').read(),
  ]);
  for (const read of reads) {
    expect(read).toEqual({ status: 'rejected', reason: expect.any(DatabaseUnavailable) });
  }
  await holder.query('rollback');
  expect(typesOf(await impatient.readStream(stream))).toEqual(['A']);
});
