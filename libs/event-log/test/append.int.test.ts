import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type PostgresServer, startPostgres } from '@landbridge/testing';
import { DuplicateEvent, VersionConflict } from '../src/index.ts';
import { event, open, type OpenLog } from './log-fixture.ts';

let postgres: PostgresServer;
let log: OpenLog;
let url: string;
beforeAll(async () => {
  postgres = await startPostgres();
  url = await postgres.createDatabase();
  log = await open(url);
});
afterAll(async () => {
  await log.close();
  await postgres[Symbol.asyncDispose]();
});

test('a stream counts its events from 1, and what was appended reads back whole', async () => {
  const stream = `count-${randomUUID()}`;
  const first = event('Opened', { text: 'é 🚢 "quoted" \\ ?', nested: { list: [1, null, true] } });
  const second = event('Closed');
  const result = await log.append(stream, 0, [first, second]);
  const [opened, closed] = await log.readStream(stream);
  expect(opened).toMatchObject({ ...first, streamId: stream, streamVersion: 1 });
  expect(closed).toMatchObject({ ...second, streamVersion: 2, position: result.position });
  expect(result.streamVersion).toBe(2);
  expect(opened?.recordedAt).toBeInstanceOf(Date);
  expect(await log.head()).toBe(result.position);
});

test('of two writers on one stream with the same expectation one wins', async () => {
  const stream = `race-${randomUUID()}`;
  await log.append(stream, 0, [event()]);
  await using other = await open(url);
  const outcomes = await Promise.allSettled([
    log.append(stream, 1, [event('Mine')]),
    other.append(stream, 1, [event('Theirs')]),
  ]);
  const lost = outcomes.filter((outcome) => outcome.status === 'rejected');
  expect(lost).toHaveLength(1);
  expect(lost[0]?.reason).toEqual(new VersionConflict(stream, 1, 2));
  expect(await log.readStream(stream)).toHaveLength(2);
});

test('each append of a batch has its own outcome', async () => {
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => `${name}-${randomUUID()}`) as [
    string,
    string,
    string,
    string,
  ];
  const known = event();
  await log.append(a, 0, [known]);
  const outcomes = await Promise.allSettled([
    log.append(a, 0, [event()]),
    log.append(b, 'any', [event(), event()]),
    log.append(c, 'any', [event(), known]),
    log.append(d, 'any', [event('Unstorable', { text: '\u0000' })]),
    log.append(a, 'any', [event()]),
    log.append(b, 2, []),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual([
    'rejected',
    'fulfilled',
    'rejected',
    'rejected',
    'fulfilled',
    'fulfilled',
  ]);
  expect(outcomes[0]).toMatchObject({ reason: new VersionConflict(a, 0, 1) });
  expect(outcomes[1]).toMatchObject({ value: { streamVersion: 2 } });
  expect(outcomes[2]).toMatchObject({ reason: new DuplicateEvent(known.eventId) });
  expect(outcomes[4]).toMatchObject({ value: { streamVersion: 2 } });
  expect(outcomes[5]).toMatchObject({ value: { streamVersion: 2 } });
  expect(await log.readStream(c)).toEqual([]);
  expect(await log.readStream(d)).toEqual([]);
});
