import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import {
  type DesiredRun,
  type Heartbeat,
  InstanceId,
  type RunFailure,
} from '@landbridge/contracts';
import { publishDesired, watchHeartbeats } from '@landbridge/messaging';
import { createLog } from '@landbridge/telemetry';
import { until } from '@landbridge/testing';
import {
  type DesiredRuns,
  type RunEnd,
  RunFailedError,
  RetryLater,
  type StartRun,
  type StopReason,
  watchDesiredRuns,
} from '../src/index.ts';
import { desiredRun, startWorld, type World } from './world.ts';

let world: World;
const watches: DesiredRuns[] = [];
beforeAll(async () => {
  world = await startWorld('newest');
});
afterEach(async () => {
  await Promise.all(watches.splice(0).map((runs) => runs.close()));
  await world.bus.jsm.streams.purge('KV_DESIRED');
});
afterAll(async () => world[Symbol.asyncDispose]());

/** Starts nothing real, and remembers what it was asked. */
class FakeRuns {
  readonly started: string[] = [];
  readonly stopped: { runId: string; reason: StopReason }[] = [];
  readonly fail = new Map<string, (failure: RunFailure) => void>();
  before: (run: DesiredRun) => Promise<void> = async () => undefined;

  readonly start: StartRun = async (run) => {
    await this.before(run);
    this.started.push(run.runId);
    const ended = Promise.withResolvers<RunEnd>();
    this.fail.set(run.runId, (failure) => ended.resolve({ outcome: 'failed', failure }));
    return {
      ended: ended.promise,
      stop: async (reason) => {
        this.stopped.push({ runId: run.runId, reason });
        ended.resolve({ outcome: 'stopped' });
      },
    };
  };
}

/** As an app would: whatever its destination's client throws is named so. */
const endOf = (error: unknown) =>
  error instanceof DestinationUnreachable ? 'destination' : 'source';

class DestinationUnreachable extends Error {
  override readonly name = 'DestinationUnreachable';
}

class SourceUnreachable extends Error {
  override readonly name = 'SourceUnreachable';
}

async function watching(fake: FakeRuns): Promise<DesiredRuns> {
  const log = createLog('test', 'silent');
  const runs = await watchDesiredRuns(world.bus, 'ingress', fake.start, { log, endOf });
  watches.push(runs);
  return runs;
}

const wanted = (name: string, position: string): DesiredRun =>
  desiredRun({ instance: InstanceId.parse(name), position });
const stop = (run: DesiredRun, position: string) =>
  publishDesired(world.bus, {
    state: 'stopped',
    workflow: 'ingress',
    instance: run.instance,
    runId: run.runId,
    position,
    traceparent: null,
  });
const reportsOf = (run: DesiredRun) =>
  world.reports.filter(({ runId }) => runId === run.runId).map(({ kind }) => kind);
const failure: RunFailure = {
  code: 'columnMissing',
  system: 'dynamics',
  message: 'The column birthdate is gone',
  field: 'birthdate',
};

test('a run is started, stopped and followed by the next as its desired state says', async () => {
  const fake = new FakeRuns();
  const runs = await watching(fake);
  const [first, second] = [wanted('follow', '1'), wanted('follow', '3')];
  await publishDesired(world.bus, first);
  await until(
    'the first',
    () => fake.started,
    ({ length }) => length === 1,
  );
  await stop(first, '2');
  await until(
    'its stop',
    () => fake.stopped,
    ({ length }) => length === 1,
  );
  await publishDesired(world.bus, second);
  await until(
    'the second',
    () => fake.started,
    ({ length }) => length === 2,
  );
  await runs.close();
  expect(fake.started).toEqual([first.runId, second.runId]);
  expect(fake.stopped).toEqual([
    { runId: first.runId, reason: 'requested' },
    { runId: second.runId, reason: 'shutdown' },
  ]);
});

test('a new run takes the place of a running one, which is stopped first', async () => {
  const fake = new FakeRuns();
  await watching(fake);
  const [first, second] = [wanted('replace', '1'), wanted('replace', '2')];
  await publishDesired(world.bus, first);
  await until(
    'the first',
    () => fake.started,
    ({ length }) => length === 1,
  );
  await publishDesired(world.bus, second);
  await until(
    'the second',
    () => fake.started,
    ({ length }) => length === 2,
  );
  expect(fake.stopped).toEqual([{ runId: first.runId, reason: 'requested' }]);
});

test('a start that fails for a known reason is reported with it, and not tried again', async () => {
  const fake = new FakeRuns();
  let tries = 0;
  fake.before = async () => {
    tries += 1;
    throw new RunFailedError(failure);
  };
  await watching(fake);
  const run = wanted('known', '1');
  await publishDesired(world.bus, run);
  await until(
    'the report',
    () => reportsOf(run),
    (kinds) => kinds.includes('runFailed'),
  );
  const report = world.reportsOf('runFailed').find(({ runId }) => runId === run.runId);
  expect({ failure: report?.failure, tries }).toEqual({ failure, tries: 1 });
});

test('a start that fails for no known reason is reported as unexpected', async () => {
  const fake = new FakeRuns();
  fake.before = async () => {
    throw new TypeError('a bug');
  };
  await watching(fake);
  const run = wanted('unknown', '1');
  await publishDesired(world.bus, run);
  await until(
    'the report',
    () => reportsOf(run),
    (kinds) => kinds.includes('runFailed'),
  );
  const report = world.reportsOf('runFailed').find(({ runId }) => runId === run.runId);
  expect(report?.failure.code).toBe('unexpected');
});

test('a start that time heals is tried again, with its condition raised meanwhile', async () => {
  const fake = new FakeRuns();
  let tries = 0;
  fake.before = async () => {
    tries += 1;
    if (tries < 4) throw new RetryLater('no route to Dynamics', { condition: 'SourceUnreachable' });
  };
  await watching(fake);
  const run = wanted('heals', '1');
  await publishDesired(world.bus, run);
  await until(
    'the start',
    () => fake.started,
    ({ length }) => length === 1,
  );
  await until(
    'the end of it',
    () => reportsOf(run),
    (kinds) => kinds.includes('conditionCleared'),
  );
  expect(reportsOf(run)).toEqual(['conditionRaised', 'conditionCleared']);
});

test('a start tells which end does not answer, and one end at a time', async () => {
  const fake = new FakeRuns();
  const troubles = [
    new DestinationUnreachable('no Campaign'),
    new SourceUnreachable('no Dynamics'),
  ];
  fake.before = async () => {
    const trouble = troubles.shift();
    if (trouble !== undefined) throw trouble;
  };
  await watching(fake);
  const run = wanted('which-end', '1');
  await publishDesired(world.bus, run);
  const told = () =>
    world.reports.flatMap((report) =>
      report.runId === run.runId && 'condition' in report
        ? [`${report.kind} ${report.condition}`]
        : [],
    );
  await until('all to be told', told, ({ length }) => length === 4);
  expect(told()).toEqual([
    'conditionRaised DestinationUnreachable',
    'conditionCleared DestinationUnreachable',
    'conditionRaised SourceUnreachable',
    'conditionCleared SourceUnreachable',
  ]);
});

test('a run that is stopped before it could start is reported as stopped', async () => {
  const fake = new FakeRuns();
  fake.before = async () => {
    throw new RetryLater('no route to Dynamics', { condition: 'SourceUnreachable' });
  };
  await watching(fake);
  const run = wanted('never', '1');
  await publishDesired(world.bus, run);
  await until(
    'the condition',
    () => reportsOf(run),
    (kinds) => kinds.includes('conditionRaised'),
  );
  await stop(run, '2');
  await until(
    'the stop',
    () => reportsOf(run),
    (kinds) => kinds.includes('runStopped'),
  );
  expect(fake.started).toEqual([]);
});

test('a run that was stopped while nobody was there is reported as stopped', async () => {
  const run = wanted('away', '1');
  await publishDesired(world.bus, run);
  await stop(run, '2');
  await watching(new FakeRuns());
  await until(
    'the stop',
    () => reportsOf(run),
    (kinds) => kinds.includes('runStopped'),
  );
});

test('a run that failed by itself is not started again, but the next one is', async () => {
  const fake = new FakeRuns();
  await watching(fake);
  const [first, second] = [wanted('failed', '1'), wanted('failed', '2')];
  await publishDesired(world.bus, first);
  await until(
    'the first',
    () => fake.started,
    ({ length }) => length === 1,
  );
  fake.fail.get(first.runId)?.(failure);
  await publishDesired(world.bus, second);
  await until(
    'the second',
    () => fake.started,
    ({ length }) => length === 2,
  );
  expect({ started: fake.started, stopped: fake.stopped }).toEqual({
    started: [first.runId, second.runId],
    stopped: [],
  });
});

test('heartbeats name the runs in hand, those that still start too', async () => {
  const heard: Heartbeat[] = [];
  const listening = watchHeartbeats(world.bus, (heartbeat) => heard.push(heartbeat));
  const fake = new FakeRuns();
  const release = Promise.withResolvers<undefined>();
  fake.before = async () => {
    await release.promise;
  };
  const { replica } = await watching(fake);
  const run = wanted('beat', '1');
  await publishDesired(world.bus, run);
  const named = () => heard.findLast((beat) => beat.replica === replica)?.runs ?? [];
  await until('the run in a heartbeat', named, (runs) =>
    runs.some(({ runId }) => runId === run.runId),
  );
  expect(fake.started).toEqual([]);
  release.resolve(undefined);
  listening.close();
});
