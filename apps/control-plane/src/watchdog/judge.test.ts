import { expect, test } from '@jest/globals';
import type { Heartbeat } from '@landbridge/contracts';
import {
  heartbeatLost,
  INSTANCE,
  replica,
  run,
  runFailed,
  runStarted,
  saved,
  startRequested,
  stopRequested,
} from '../../test/workflow-builders.ts';
import type { FiguresObserved } from '../figures/figures.events.ts';
import { evolve } from '../workflows/evolve-workflow.ts';
import { initialWorkflow } from '../workflows/workflow.decider.ts';
import type { WorkflowEvent } from '../workflows/workflow.events.ts';
import { createHeard } from './heard.ts';
import { judge, type Evidence } from './judge.ts';

const SETTINGS = { heartbeatTimeoutMs: 5_000, stalledAfterMs: 60_000 };
const r1 = run(1);
const NOW = Date.parse('2026-11-24T12:00:00.000Z');
const LONG_AGO = NOW - 600_000;
const RUNNING = [saved(1), startRequested(r1, 1), runStarted(r1)];

interface Given {
  past: WorkflowEvent[];
  /** Heartbeats by how long ago they were heard, oldest first; `runs` false: it executes nothing. */
  heard?: { name: string; agoMs: number; runs?: boolean }[];
  observation?: FiguresObserved;
  listeningSinceMs?: number;
  seenSinceMs?: number;
  /** Of every replica alike. */
  runningSinceMs?: number;
}

function judged({ past, heard = [], observation, runningSinceMs, ...times }: Given) {
  const ears = createHeard();
  for (const { name, agoMs, runs = true } of heard) {
    const beat: Heartbeat = {
      workflow: 'ingress',
      replica: replica(name),
      at: new Date(NOW - agoMs).toISOString(),
      runs: runs ? [{ instance: INSTANCE, runId: r1 }] : [],
    };
    ears.take(beat, NOW - agoMs);
  }
  const evidence: Evidence = {
    instance: INSTANCE,
    state: past.reduce(evolve, initialWorkflow('ingress')),
    observation: observation ?? null,
    heard: ears,
    nowMs: NOW,
    listeningSinceMs: LONG_AGO,
    seenSinceMs: LONG_AGO,
    runningSinceMs: new Map(['a', 'b'].map((name) => [replica(name), runningSinceMs ?? LONG_AGO])),
    ...times,
  };
  return judge(evidence, SETTINGS);
}

test('a replica that is heard needs no word', () => {
  expect(judged({ past: RUNNING, heard: [{ name: 'a', agoMs: 900 }] })).toEqual([]);
});

test('a replica not heard for the timeout is silent', () => {
  const silence = [{ type: 'NoteSilence', runId: r1, replicas: ['a'] }];
  expect(judged({ past: RUNNING, heard: [{ name: 'a', agoMs: 5_001 }] })).toEqual(silence);
  expect(judged({ past: RUNNING })).toEqual(silence);
});

test('a replica that is there but does not execute the run is silent about it', () => {
  expect(judged({ past: RUNNING, heard: [{ name: 'a', agoMs: 10, runs: false }] })).toEqual([
    { type: 'NoteSilence', runId: r1, replicas: ['a'] },
  ]);
});

test('a replica that has reported the start has a timeout to name the run in a heartbeat', () => {
  const heard = [{ name: 'a', agoMs: 10, runs: false }];
  expect(judged({ past: RUNNING, heard, runningSinceMs: NOW - 4_999 })).toEqual([]);
  expect(judged({ past: RUNNING, heard, runningSinceMs: NOW - 5_000 })).toEqual([
    { type: 'NoteSilence', runId: r1, replicas: ['a'] },
  ]);
});

test('a service that is heard after all replicas of a run were lost may take it up', () => {
  const past = [...RUNNING, heartbeatLost(r1)];
  expect(judged({ past })).toEqual([]);
  expect(judged({ past, heard: [{ name: 'b', agoMs: 10, runs: false }] })).toEqual([
    { type: 'NoteNobodyRuns', runId: r1, service: true },
  ]);
});

test('a replica that has let go of the run and is heard has time to tell why', () => {
  const letGo = (agoMs: number) => [
    { name: 'a', agoMs },
    { name: 'a', agoMs: 10, runs: false },
  ];
  expect(judged({ past: RUNNING, heard: letGo(29_000) })).toEqual([]);
  const silence = [{ type: 'NoteSilence', runId: r1, replicas: ['a'] }];
  expect(judged({ past: RUNNING, heard: letGo(30_000) })).toEqual(silence);
  const gone = [{ name: 'a', agoMs: 5_001, runs: false }];
  expect(judged({ past: RUNNING, heard: [{ name: 'a', agoMs: 6_000 }, ...gone] })).toEqual(silence);
});

test('a watchdog that has only begun to listen calls nobody silent', () => {
  expect(judged({ past: RUNNING, listeningSinceMs: NOW - 4_000 })).toEqual([]);
});

test('a replica that was lost and is heard is back', () => {
  const past = [...RUNNING, heartbeatLost(r1)];
  expect(judged({ past, heard: [{ name: 'a', agoMs: 10 }] })).toEqual([
    { type: 'NoteHeartbeats', runId: r1, replicas: ['a'] },
  ]);
});

test('a reported failure needs no word of silence', () => {
  const past = [...RUNNING, runStarted(r1, 'b'), runFailed(r1)];
  expect(judged({ past })).toEqual([]);
});

test('a start has the patience of six timeouts before it counts as unheard', () => {
  const past = [saved(1), startRequested(r1, 1)];
  expect(judged({ past, seenSinceMs: NOW - 29_000 })).toEqual([]);
  expect(judged({ past, seenSinceMs: NOW - 30_000 })).toEqual([
    { type: 'NoteNobodyRuns', runId: r1, service: false },
  ]);
});

test('a stop that nobody executes is done after one timeout', () => {
  const past = [saved(1), startRequested(r1, 1), stopRequested(r1)];
  expect(judged({ past, seenSinceMs: NOW - 4_000 })).toEqual([]);
  expect(judged({ past, seenSinceMs: NOW - 5_000 })).toEqual([
    { type: 'NoteNobodyRuns', runId: r1, service: false },
  ]);
});

test('a stop waits while a replica still has the run in hand', () => {
  const past = [saved(1), startRequested(r1, 1), stopRequested(r1)];
  expect(judged({ past, heard: [{ name: 'b', agoMs: 10 }] })).toEqual([]);
});

const observation = (change: Partial<FiguresObserved>): FiguresObserved => ({
  type: 'FiguresObserved',
  runId: r1,
  observedAt: new Date(NOW).toISOString(),
  backlog: { queued: 5, pending: 0, at: new Date(NOW).toISOString(), oldestAt: null },
  backlogSince: new Date(NOW - 90_000).toISOString(),
  settledAt: new Date(NOW - 90_000).toISOString(),
  replicas: {},
  recent: [],
  progress: {},
  loads: {},
  paces: {},
  ...change,
});
const heard = [{ name: 'a', agoMs: 10 }];

test('a backlog of which nothing is settled for long is stalled', () => {
  expect(judged({ past: RUNNING, heard, observation: observation({}) })).toMatchObject([
    { type: 'NoteCondition', condition: 'Stalled', raised: true },
  ]);
});

test('a backlog that has only come, or of which something was settled, is not stalled', () => {
  const lately = new Date(NOW - 59_000).toISOString();
  expect(judged({ past: RUNNING, heard, observation: observation({ settledAt: lately }) })).toEqual(
    [],
  );
  expect(
    judged({ past: RUNNING, heard, observation: observation({ backlogSince: lately }) }),
  ).toEqual([]);
  expect(
    judged({ past: RUNNING, heard, observation: observation({ backlogSince: null }) }),
  ).toEqual([]);
});

test('a backlog that waits for the next day is not stalled', () => {
  const spent: WorkflowEvent = {
    type: 'ConditionRaised',
    runId: r1,
    source: 'a',
    condition: 'BudgetSpent',
    message: 'the calls are spent',
    at: new Date(NOW - 80_000).toISOString(),
  };
  const past = [...RUNNING, spent];
  expect(judged({ past, heard, observation: observation({}) })).toEqual([]);
});

test('stalled is over as soon as something is settled', () => {
  const raised: WorkflowEvent = {
    type: 'ConditionRaised',
    runId: r1,
    source: 'watchdog',
    condition: 'Stalled',
    message: 'nothing was settled',
    at: new Date(NOW - 10_000).toISOString(),
  };
  const settledAt = new Date(NOW - 1_000).toISOString();
  const past = [...RUNNING, raised];
  expect(judged({ past, heard, observation: observation({ settledAt }) })).toMatchObject([
    { type: 'NoteCondition', condition: 'Stalled', raised: false },
  ]);
});
