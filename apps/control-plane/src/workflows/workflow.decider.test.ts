import { expect, test } from '@jest/globals';
import { deciderSpec } from '@landbridge/testing';
import {
  AT,
  CREDENTIALS_REFUSED,
  FIRST,
  STOP,
  contactMapping,
  heartbeatLost,
  heartbeatReturned,
  replica,
  replicaStopped,
  reports,
  revision,
  run,
  runFailed,
  runStarted,
  runStopped,
  save,
  saved,
  start,
  startRequested,
  stopRequested,
} from '../../test/workflow-builders.ts';
import { decide, initialWorkflow } from './workflow.decider.ts';
import { evolve } from './evolve-workflow.ts';
import { statusOf } from './run-state.ts';
import type { WorkflowEvent } from './workflow.events.ts';

const { given } = deciderSpec({ decide, evolve, initial: initialWorkflow('ingress') });
const [r1, r2] = [run(1), run(2)];
const RUNNING = [saved(1), startRequested(r1, 1), runStarted(r1)];

test('the first configuration saved is revision 1', () => {
  given().when(save(FIRST, 0)).then(saved(1));
});

test('saving the same content again saves nothing', () => {
  given(saved(1)).when(save(FIRST, 1)).then();
});

test('what held already is recorded for its Idempotency-Key alone', () => {
  given(...RUNNING)
    .when({ ...start(r2), remember: true })
    .then({ type: 'RequestRepeated', action: 'start' });
  given(...RUNNING)
    .when(start(r2))
    .then();
  given(saved(1))
    .when({ type: 'Stop', remember: true })
    .then({ type: 'RequestRepeated', action: 'stop' });
});

test('saving over a revision that is not the newest is refused', () => {
  given(saved(1), saved(2))
    .when(save(FIRST, 1))
    .thenRefused(/Revision 1 was expected, 2 is the newest/);
});

test('a start runs the newest saved revision', () => {
  given(saved(1), saved(2)).when(start(r1)).then(startRequested(r1, 2));
});

test('a start without a connection is refused and says which', () => {
  given(saved(1))
    .when({ ...start(r1), around: { connections: ['dynamics'], others: [] } })
    .thenRefused(/Campaign is not set/);
});

test('a start without a mapping is refused', () => {
  given(saved(1, { mappings: [] }))
    .when(start(r1))
    .thenRefused(/map a table first/);
});

test('a workflow of which nothing was ever saved is as a new one: it has nothing to do yet', () => {
  deciderSpec({ decide, evolve, initial: initialWorkflow('egress') })
    .given()
    .when(start(r1))
    .thenRefused(/All events are off/);
});

test('starting a running workflow is the same run', () => {
  given(...RUNNING)
    .when(start(r2))
    .then();
});

test('starting a workflow that is stopping is refused', () => {
  given(...RUNNING, stopRequested(r1))
    .when(start(r2))
    .thenRefused(/still stopping/);
});

test('a failed workflow starts again with the newest saved revision', () => {
  given(...RUNNING, runFailed(r1), saved(2))
    .when(start(r2))
    .then(startRequested(r2, 2));
});

test('stopping twice is one stop', () => {
  given(...RUNNING, stopRequested(r1))
    .when(STOP)
    .then();
});

test('stopping what does not run is nothing to do', () => {
  given(saved(1)).when(STOP).then();
});

test('a run is over when the last of its replicas has stopped', () => {
  given(...RUNNING, runStarted(r1, 'b'), stopRequested(r1), replicaStopped(r1, 'a'))
    .when(reports({ kind: 'runStopped' }, r1, 'b'))
    .then(replicaStopped(r1, 'b'), runStopped(r1));
});

test('a replica that falls silent holds no stop up', () => {
  given(...RUNNING, stopRequested(r1))
    .when({ type: 'NoteSilence', runId: r1, replicas: [replica('a')] })
    .then(heartbeatLost(r1), runStopped(r1));
});

test('the stop of a run whose only replica is silent is done at once', () => {
  given(...RUNNING, heartbeatLost(r1))
    .when(STOP)
    .then(stopRequested(r1), runStopped(r1));
});

test('the stop of a run that nobody took up waits for the watchdog, and then is done', () => {
  const stopping = [saved(1), startRequested(r1, 1), stopRequested(r1)];
  given(saved(1), startRequested(r1, 1)).when(STOP).then(stopRequested(r1));
  given(...stopping)
    .when({ type: 'NoteNobodyRuns', runId: r1, service: false })
    .then(runStopped(r1));
});

test('the stop of a run is done at once when the replica that failed was the only one', () => {
  given(...RUNNING, runFailed(r1))
    .when(STOP)
    .then(stopRequested(r1), runStopped(r1));
});

test('the stop of a failed run waits for the replicas that did not fail', () => {
  const failed = [...RUNNING, runStarted(r1, 'b'), runFailed(r1)];
  given(...failed)
    .when(STOP)
    .then(stopRequested(r1));
  given(...failed, stopRequested(r1))
    .when(reports({ kind: 'runStopped' }, r1, 'b'))
    .then(replicaStopped(r1, 'b'), runStopped(r1));
});

test('of two failures of one run the first is the one that counts', () => {
  given(...RUNNING, runStarted(r1, 'b'), runFailed(r1))
    .when(reports({ kind: 'runFailed', failure: CREDENTIALS_REFUSED }, r1, 'b'))
    .then(replicaStopped(r1, 'b'));
});

test('a report of an older run changes nothing', () => {
  const second = [...RUNNING, runFailed(r1), startRequested(r2, 1), runStarted(r2, 'b')];
  given(...second)
    .when(reports({ kind: 'runStopped' }, r1))
    .then();
  given(...second)
    .when(reports({ kind: 'runFailed', failure: CREDENTIALS_REFUSED }, r1))
    .then();
});

test('a report told twice counts once', () => {
  given(...RUNNING)
    .when(reports({ kind: 'runStarted', revision: revision(1) }, r1))
    .then();
});

test('a replica that was lost and is heard again runs again', () => {
  given(...RUNNING, heartbeatLost(r1))
    .when({ type: 'NoteHeartbeats', runId: r1, replicas: [replica('a'), replica('b')] })
    .then(heartbeatReturned(r1));
});

test('a start that no service hears fails, and goes on when one is heard', () => {
  const starting = [saved(1), startRequested(r1, 1)];
  given(...starting)
    .when({ type: 'NoteNobodyRuns', runId: r1, service: false })
    .then(heartbeatLost(r1, null));
  given(...starting, heartbeatLost(r1, null))
    .when({ type: 'NoteNobodyRuns', runId: r1, service: true })
    .then(heartbeatReturned(r1, null));
});

test('a run whose replicas were lost starts again as soon as a service is heard, and fails if that goes too', () => {
  const statusAfter = (...past: WorkflowEvent[]) =>
    statusOf(past.reduce(evolve, initialWorkflow('ingress')).run);
  const lost = [...RUNNING, runStarted(r1, 'b'), heartbeatLost(r1), heartbeatLost(r1, 'b')];
  expect(statusAfter(...lost)).toBe('FAILED');
  const heard = [...lost, heartbeatReturned(r1, null)];
  expect(statusAfter(...heard)).toBe('STARTING');
  expect(statusAfter(...heard, heartbeatLost(r1, null))).toBe('FAILED');
  expect(statusAfter(...heard, heartbeatReturned(r1, 'b'))).toBe('RUNNING');
  given(...heard)
    .when({ type: 'NoteNobodyRuns', runId: r1, service: false })
    .then(heartbeatLost(r1, null));
});

test('a condition that is over in the millisecond in which it was raised is cleared', () => {
  const head = { runId: r1, source: 'a', condition: 'Throttled', at: AT } as const;
  given(...RUNNING, { type: 'ConditionRaised', ...head, message: '429' })
    .when(reports({ kind: 'conditionCleared', condition: 'Throttled' }, r1))
    .then({ type: 'ConditionCleared', ...head });
});

test('a condition is raised once and cleared once, and an old word does not raise it again', () => {
  const later = '2026-11-24T10:00:05.000Z';
  const raise = { kind: 'conditionRaised', condition: 'Throttled', message: '429' } as const;
  const head = { runId: r1, source: 'a', condition: 'Throttled' } as const;
  const raised = { type: 'ConditionRaised', ...head, message: '429', at: AT } as const;
  const cleared = { type: 'ConditionCleared', ...head, at: later } as const;
  given(...RUNNING)
    .when(reports(raise, r1))
    .then(raised);
  given(...RUNNING, raised)
    .when(reports(raise, r1))
    .then();
  given(...RUNNING, raised)
    .when(reports({ kind: 'conditionCleared', condition: 'Throttled' }, r1, 'a', later))
    .then(cleared);
  given(...RUNNING, raised, cleared)
    .when(reports(raise, r1))
    .then();
});

test('of the progress of reading only a new phase is kept', () => {
  const progress = { table: 'contact', phase: 'load', readCount: 500, totalCount: 5_000 } as const;
  const changed = { type: 'ReadPhaseChanged', runId: r1, progress } as const;
  given(...RUNNING)
    .when(reports({ kind: 'readProgressed', progress }, r1))
    .then(changed);
  given(...RUNNING, changed)
    .when(reports({ kind: 'readProgressed', progress: { ...progress, readCount: 900 } }, r1))
    .then();
});

test('a configuration saved while a run is on leaves the run as it is', () => {
  const edited = contactMapping({ applyDeletes: false });
  given(...RUNNING)
    .when(save(edited, 1))
    .then(saved(2, edited));
});
