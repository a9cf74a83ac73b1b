import type { InstanceId, ReplicaId } from '@landbridge/contracts';
import type { FiguresObserved } from '../figures/figures.events.ts';
import { backlogIn } from '../figures/figures.projection.ts';
import { activeRun, replicasIn, statusOf, type Run } from '../workflows/run-state.ts';
import type { WorkflowCommand, WorkflowState } from '../workflows/workflow.decider.ts';
import type { Heard } from './heard.ts';

export interface WatchdogSettings {
  /** A replica not heard for so long is silent. */
  heartbeatTimeoutMs: number;
  /** A run that settles nothing for so long, with a backlog, is stalled. */
  stalledAfterMs: number;
}

/** How many heartbeats' time a service has to come up before a start counts as unheard. */
const START_PATIENCE = 6;
/** How many heartbeats' time the report of a run's end may take, while its replica is heard. */
const END_PATIENCE = 6;

/** What a judgement is made of; `listeningSince` and `runSeenAt` are when the watchdog began to. */
export interface Evidence {
  instance: InstanceId;
  state: WorkflowState;
  observation: FiguresObserved | null;
  heard: Heard;
  nowMs: number;
  listeningSinceMs: number;
  /** When the watchdog first saw the run stand as it stands: its id, and whether it is to stop. */
  seenSinceMs: number;
  /** Since when the watchdog has known of each replica that it executes the run. */
  runningSinceMs: ReadonlyMap<ReplicaId, number>;
}

/**
 * What the watchdog has to tell a workflow. Pure; whoever has not listened for long enough yet
 * tells of nobody's silence.
 */
export function judge(evidence: Evidence, settings: WatchdogSettings): WorkflowCommand[] {
  const run = activeRun(evidence.state.run);
  if (run === null) return [];
  return [
    ...judgeReplicas(evidence, run, settings),
    ...judgeNobody(evidence, run, settings),
    ...judgeStalled(evidence, run, settings),
  ];
}

function judgeReplicas(
  { heard, instance, nowMs, listeningSinceMs, runningSinceMs }: Evidence,
  run: Run,
  { heartbeatTimeoutMs }: WatchdogSettings,
): WorkflowCommand[] {
  const { runId } = run;
  const since = nowMs - heartbeatTimeoutMs;
  const there = heard.replicasOf(runId, instance, since);
  const back = replicasIn(run, 'lost').filter((replica) => there.includes(replica));
  const listenedLongEnough = listeningSinceMs <= since;
  // A replica that is heard and has let go of the run has told why: its report is on the way, and
  // says more than silence would.
  const tellsItsEnd = (replica: ReplicaId): boolean => {
    const named = heard.lastNamed(replica, runId, since);
    return named !== null && named > nowMs - heartbeatTimeoutMs * END_PATIENCE;
  };
  // Its report of the start can be faster than its next heartbeat, the first that names the run.
  const hadTime = (replica: ReplicaId): boolean => (runningSinceMs.get(replica) ?? nowMs) <= since;
  const silent = replicasIn(run, 'running').filter(
    (replica) => !there.includes(replica) && !tellsItsEnd(replica) && hadTime(replica),
  );
  // A run that failed and that nobody asked to stop is judged already.
  const matters = run.failure === null || run.stopping;
  return [
    ...(back.length > 0 ? [{ type: 'NoteHeartbeats', runId, replicas: back } as const] : []),
    ...(silent.length > 0 && listenedLongEnough && matters
      ? [{ type: 'NoteSilence', runId, replicas: silent } as const]
      : []),
  ];
}

function judgeNobody(
  { heard, instance, state, nowMs, seenSinceMs, listeningSinceMs }: Evidence,
  run: Run,
  { heartbeatTimeoutMs }: WatchdogSettings,
): WorkflowCommand[] {
  const { runId } = run;
  const patienceMs = heartbeatTimeoutMs * (run.stopping || run.unheard ? 1 : START_PATIENCE);
  const since = nowMs - heartbeatTimeoutMs;
  const service = heard.isServiceThere(state.workflow, since);
  const waited = Math.max(seenSinceMs, listeningSinceMs) <= nowMs - patienceMs;
  if (heard.replicasOf(runId, instance, since).length > 0) return [];
  const isNews = run.stopping
    ? waited
    : run.unheard
      ? service
      : statusOf(run) === 'STARTING' && waited && !service;
  return isNews ? [{ type: 'NoteNobodyRuns', runId, service }] : [];
}

function judgeStalled(
  { observation, nowMs }: Evidence,
  run: Run,
  { stalledAfterMs }: WatchdogSettings,
): WorkflowCommand[] {
  const { runId } = run;
  const known = run.conditions.Stalled?.['watchdog']?.raised ?? false;
  const quietMs = quietFor(observation, run, nowMs);
  const isQuiet = quietMs !== null && quietMs >= stalledAfterMs;
  const raised = statusOf(run) === 'RUNNING' && isQuiet && !waitsForNextDay(run);
  if (raised === known) return [];
  const seconds = Math.round((quietMs ?? 0) / 1_000);
  return [
    {
      type: 'NoteCondition',
      runId,
      condition: 'Stalled',
      raised,
      message: `${backlogIn(observation)} records wait, and none was settled for ${seconds} s`,
      at: new Date(nowMs).toISOString(),
    },
  ];
}

/** A replica that is there says that the day's calls are spent: that is no riddle. */
const waitsForNextDay = (run: Run): boolean =>
  replicasIn(run, 'running').some((replica) => run.conditions.BudgetSpent?.[replica]?.raised);

/** How long nothing was settled while there was something to settle; null: there was nothing. */
function quietFor(observation: FiguresObserved | null, run: Run, nowMs: number): number | null {
  if (observation === null || observation.runId !== run.runId) return null;
  if (observation.backlogSince === null) return null;
  const since = Math.max(Date.parse(observation.settledAt), Date.parse(observation.backlogSince));
  return nowMs - since;
}
