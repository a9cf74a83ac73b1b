import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type IngressRun, InstanceId, type RunFailure } from '@landbridge/contracts';
import { backlogOf, listDeadLetters } from '@landbridge/messaging';
import { until } from '@landbridge/testing';
import { type Reader, RetryLater, RunFailedError, type Writer } from '../src/index.ts';
import {
  changes,
  desiredRun,
  FakeDestination,
  FakeSource,
  startWorld,
  type World,
} from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld('newest');
});
afterAll(async () => world[Symbol.asyncDispose]());

/** A run of an instance of its own, so that one NATS serves all tests of the file. */
const runOf = (name: string): IngressRun => desiredRun({ instance: InstanceId.parse(name) });
const credentials: RunFailure = {
  code: 'credentialsRefused',
  system: 'campaign',
  message: 'IMS refused the client secret',
  field: null,
};

function sourceOf(name: string, ...keys: string[]): FakeSource {
  const source = new FakeSource({ changes: keys.map((key) => ({ key, version: 1 })) });
  const reader = source.reader();
  source.reader = () => ({
    ...reader,
    read: async (cursor, context) => {
      const batch = await reader.read(cursor, context);
      const records = batch.records.map((record) => ({
        ...record,
        instance: InstanceId.parse(name),
      }));
      return { ...batch, records };
    },
  });
  return source;
}

test('Retry-After is honoured, and the record is written afterwards', async () => {
  const run = runOf('retry-after');
  const triedAt: number[] = [];
  const write: Writer = async () => {
    triedAt.push(performance.now());
    return triedAt.length === 1
      ? { kind: 'retryAfter', delayMs: 1_200, cause: new Error('429') }
      : { kind: 'written', calls: 1 };
  };
  await world.run(sourceOf('retry-after', 'k'), write, { run });
  await until(
    'the second try',
    () => triedAt.length,
    (count) => count === 2,
  );
  // Two clocks with their own milliseconds: the server's timer, and ours.
  expect(triedAt[1]! - triedAt[0]!).toBeGreaterThan(1_150);
});

test('a destination that throttles raises a condition, and writing again clears it', async () => {
  const run = runOf('throttled');
  let throttling = true;
  const source = sourceOf('throttled', 'a', 'b', 'c');
  const write: Writer = async () => {
    if (throttling) throw Object.assign(new Error('429'), { kind: 'throttled', retryAfterMs: 300 });
    return { kind: 'written', calls: 1 };
  };
  await world.run(source, write, { run });
  const told = () =>
    world.reports.filter(({ runId }) => runId === run.runId).map(({ kind }) => kind);
  await until('the condition', told, (kinds) => kinds.includes('conditionRaised'));
  throttling = false;
  await until('its end', told, (kinds) => kinds.includes('conditionCleared'));
  expect(told().filter((kind) => kind === 'conditionRaised')).toHaveLength(1);
});

test('credentials that are refused fail the run, and the record stays queued', async () => {
  const run = runOf('refused');
  const write: Writer = async () => ({ kind: 'runFailed', failure: credentials });
  const pipeline = await world.run(sourceOf('refused', 'k'), write, { run });
  expect(await pipeline.ended).toEqual({ outcome: 'failed', failure: credentials });
  const { workflow, instance } = run;
  const { queued, pending } = await backlogOf(world.bus, { workflow, instance });
  expect(queued + pending).toBe(1);
  const failures = () => world.reportsOf('runFailed').filter(({ runId }) => runId === run.runId);
  await until(
    'the report',
    () => failures().length,
    (count) => count === 1,
  );
  expect(failures()[0]?.failure).toEqual(credentials);

  const next = runOf('refused');
  const destination = new FakeDestination();
  await world.run(sourceOf('refused'), destination.write, { run: next });
  await until(
    'the record',
    () => destination.writes.length,
    (count) => count === 1,
  );
});

test('a writer’s bug is retried a few times, then the record is parked and others go on', async () => {
  const run = runOf('bug');
  const destination = new FakeDestination();
  const write: Writer = async (record, context) => {
    if (record.key === 'bug') throw new TypeError('undefined is not a function');
    return destination.write(record, context);
  };
  const limits = { unexpectedAttemptsMax: 3 };
  await world.run(sourceOf('bug', 'bug', 'x', 'y'), write, { run, limits });
  const list = () => listDeadLetters(world.bus, run, { limit: 10 });
  const [letter] = await until('the dead letter', list, ({ length }) => length === 1);
  expect(letter).toMatchObject({ key: 'bug', attempts: 3, reason: { code: 'unexpected' } });
  await until(
    'the others',
    () => destination.writes.length,
    (count) => count === 2,
  );
});

test.each([
  [new RetryLater('the source is away', { condition: 'SourceUnreachable' })],
  [Object.assign(new Error('503'), { kind: 'transient', retryAfterMs: null })],
  [new TypeError('a bug')],
])('a read that ends with %s is tried again from the same cursor', async (error) => {
  const name = `read-${error.message.replaceAll(/[^a-z0-9]/g, '-')}`;
  const run = runOf(name);
  const source = sourceOf(name, 'k');
  source.during = async () => {
    if (source.readCount <= 2) throw error;
  };
  const destination = new FakeDestination();
  await world.run(source, destination.write, { run });
  await until(
    'the write',
    () => destination.writes.length,
    (count) => count === 1,
  );
});

test('a reader that finds a column gone fails the run with the column’s name', async () => {
  const run = runOf('column');
  const failure: RunFailure = {
    code: 'columnMissing',
    system: 'dynamics',
    message: 'The column birthdate is gone',
    field: 'birthdate',
  };
  const reader: Reader = {
    table: 'contact',
    read: async () => {
      throw new RunFailedError(failure);
    },
  };
  const options = { run, readers: [reader] };
  const pipeline = await world.run([], new FakeDestination().write, options);
  expect(await pipeline.ended).toEqual({ outcome: 'failed', failure });
});

test('a read in full is told with its reason and its progress', async () => {
  const run = runOf('reset');
  const source = sourceOf('reset');
  source.changes.push(...changes(3, 3));
  const reader = source.reader();
  const read: Reader['read'] = async (cursor, context) => ({
    ...(await reader.read(cursor, context)),
    ...(cursor === null ? { cursorReset: 'the delta link had expired' } : {}),
    progress: { phase: 'load', readCount: 3, totalCount: 3 },
  });
  const readers = [{ table: 'contact', read }];
  await world.run([], new FakeDestination().write, { run, readers });
  const told = () =>
    world.reports.filter(({ runId }) => runId === run.runId).map(({ kind }) => kind);
  await until(
    'both reports',
    told,
    (kinds) => kinds.includes('readProgressed') && kinds.includes('cursorReset'),
  );
});

test('the last word of each phase of a read is told, however quickly the next one comes', async () => {
  const run = runOf('phases');
  const reader = sourceOf('phases').reader();
  const phases = ['load', 'load', 'overlap', 'deletions', 'changes'] as const;
  let reads = 0;
  const read: Reader['read'] = async (cursor, context) => {
    const batch = await reader.read(cursor, context);
    const phase = phases[reads] ?? 'changes';
    reads += 1;
    const progress = { phase, readCount: reads, totalCount: null };
    return { ...batch, more: reads < phases.length, progress };
  };
  await world.run([], new FakeDestination().write, { run, readers: [{ table: 'contact', read }] });
  await until(
    'every phase by its last word',
    () =>
      world.reports.flatMap((report) =>
        report.runId === run.runId && report.kind === 'readProgressed'
          ? [`${report.progress.phase} ${report.progress.readCount}`]
          : [],
      ),
    (told) =>
      ['load 2', 'overlap 3', 'deletions 4'].every((word) => told.includes(word)) &&
      told.indexOf('overlap 3') < told.indexOf('deletions 4'),
  );
});
