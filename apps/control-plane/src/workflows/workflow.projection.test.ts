import { expect, test } from '@jest/globals';
import { DEFAULT_INSTANCE_SETTINGS, WorkflowView } from '@landbridge/contracts';
import {
  AT,
  CREDENTIALS_REFUSED,
  heartbeatLost,
  heartbeatReturned,
  INSTANCE,
  run,
  runFailed,
  runStarted,
  runStopped,
  saved,
  startRequested,
  stopRequested,
} from '../../test/workflow-builders.ts';
import type { Logged } from '../projections/logged.ts';
import { foldRuns, noRuns, readRuns } from './runs.projection.ts';
import { foldRecord, initialRecord } from './workflow-record.ts';
import type { WorkflowEvent } from './workflow.events.ts';
import { readView } from './workflow.projection.ts';

const [r1, r2] = [run(1), run(2)];
const second = (number: number) => new Date(Date.parse(AT) + number * 1_000);
const logged = (event: WorkflowEvent, index: number): Logged<WorkflowEvent> => ({
  event,
  position: BigInt(index + 1),
  at: second(index),
  by: event.type.endsWith('Requested') ? 'ann' : 'ingress',
  traceparent: null,
});

const viewAfter = (...events: WorkflowEvent[]) =>
  WorkflowView.parse(
    readView({
      key: { instance: INSTANCE, workflow: 'ingress' },
      record: events.map(logged).reduce(foldRecord, initialRecord('ingress')),
      around: { connections: ['dynamics', 'campaign'], others: [] },
      observation: null,
      settings: DEFAULT_INSTANCE_SETTINGS,
      now: second(60),
    }),
  );
const runsAfter = (...events: WorkflowEvent[]) =>
  readRuns(events.map(logged).reduce(foldRuns, noRuns('ingress')), { cursor: null, limit: 10 });

test('a view says since when the status is what it is, and who made it so', () => {
  expect(viewAfter(saved(1), startRequested(r1, 1))).toMatchObject({
    status: 'STARTING',
    since: second(1).toISOString(),
    by: 'ann',
  });
  expect(viewAfter(saved(1), startRequested(r1, 1), runStarted(r1), saved(2))).toMatchObject({
    status: 'RUNNING',
    since: second(2).toISOString(),
    by: 'ingress',
  });
});

test('a failure shows while it lasts', () => {
  const failed = [saved(1), startRequested(r1, 1), runStarted(r1), runFailed(r1)];
  expect(viewAfter(...failed).failure).toEqual(CREDENTIALS_REFUSED);
  expect(viewAfter(...failed, stopRequested(r1), runStopped(r1)).failure).toBeNull();
  const silent = [saved(1), startRequested(r1, 1), runStarted(r1), heartbeatLost(r1)];
  expect(viewAfter(...silent)).toMatchObject({
    status: 'FAILED',
    failure: { code: 'serviceSilent' },
  });
  expect(viewAfter(...silent, heartbeatReturned(r1)).failure).toBeNull();
});

const unreachable = (source: string): WorkflowEvent => ({
  type: 'ConditionRaised',
  runId: r1,
  source,
  condition: 'SourceUnreachable',
  message: 'Dynamics 365 does not answer',
  at: AT,
});

test('what a starting replica sees shows, and goes with the replica', () => {
  const starting = [saved(1), startRequested(r1, 1), unreachable('a')];
  expect(viewAfter(...starting).conditions).toMatchObject([{ type: 'SourceUnreachable' }]);
  expect(viewAfter(...starting, runStarted(r1, 'b')).conditions).toEqual([]);
  expect(viewAfter(...starting, runStarted(r1, 'a')).conditions).toHaveLength(1);
  const lost = [...starting, runStarted(r1, 'a'), heartbeatLost(r1, 'a')];
  expect(viewAfter(...lost).conditions).toEqual([]);
});

test('each run is told of with its end', () => {
  const events = [
    saved(1),
    startRequested(r1, 1),
    runStarted(r1),
    runFailed(r1),
    startRequested(r2, 1),
    runStarted(r2),
    stopRequested(r2),
    runStopped(r2),
  ];
  expect(runsAfter(...events).items).toMatchObject([
    { runId: r2, outcome: 'stopped', endedAt: second(7).toISOString(), failure: null },
    {
      runId: r1,
      outcome: 'failed',
      endedAt: second(3).toISOString(),
      failure: CREDENTIALS_REFUSED,
    },
  ]);
});

test('a run that failed and was then stopped keeps its failure', () => {
  const events = [
    saved(1),
    startRequested(r1, 1),
    runStarted(r1),
    runFailed(r1),
    stopRequested(r1),
    runStopped(r1),
  ];
  expect(runsAfter(...events).items).toMatchObject([
    { outcome: 'failed', failure: CREDENTIALS_REFUSED, endedAt: second(3).toISOString() },
  ]);
});

test('a run that was silent and came back is running, with no end', () => {
  const events = [
    saved(1),
    startRequested(r1, 1),
    runStarted(r1),
    heartbeatLost(r1),
    heartbeatReturned(r1),
  ];
  expect(runsAfter(...events).items).toMatchObject([
    { outcome: 'running', failure: null, startedAt: second(2).toISOString(), endedAt: null },
  ]);
});
