import type {
  ConditionType,
  InstanceSettings,
  ReplicaId,
  ReportOf,
  Revision,
  RunId,
  TableName,
  WorkflowName,
} from '@landbridge/contracts';
import { Revision as RevisionSchema } from '@landbridge/contracts';
import { CommandRefused } from '../errors.ts';
import { decideSave } from './decide-save.ts';
import { mayStart } from './may-act.ts';
import {
  decideRecordsReplay,
  decideReplay,
  decideWithdrawal,
  NO_REPLAYS,
  replaysForRun,
  type Replays,
} from './replays.ts';
import { activeRun, replicasIn, statusOf, type ConditionMark, type Run } from './run-state.ts';
import type { Surroundings } from './start-rules.ts';
import type { WorkflowConfiguration } from './workflow-configuration.ts';
import type { WorkflowEvent, WorkflowEventOf } from './workflow.events.ts';

/** The reports that may change what a workflow is; figures and dead letters are not among them. */
export type RunReport = ReportOf<
  | 'runStarted'
  | 'runStopped'
  | 'runFailed'
  | 'cursorReset'
  | 'readProgressed'
  | 'conditionRaised'
  | 'conditionCleared'
>;

/** What may be asked or told of a workflow; ids, times and outside facts arrive inside. */
export type WorkflowCommand =
  | {
      type: 'SaveConfiguration';
      configuration: WorkflowConfiguration;
      expected: Revision | 'any';
      /** For tables that are mapped again. */
      replayId: string;
    }
  | {
      type: 'Start';
      runId: RunId;
      around: Surroundings;
      settings: InstanceSettings;
      /** The answer must be the same for the same Idempotency-Key, also when nothing happens. */
      remember?: boolean;
    }
  | { type: 'Stop'; remember?: boolean }
  | { type: 'RequestReplay'; table: TableName; replayId: string }
  | { type: 'WithdrawReplay'; table: TableName }
  | {
      type: 'ReplayRecords';
      table: TableName;
      by: WorkflowEventOf<'RecordsReplayed'>['by'];
      records: number | null;
    }
  /** `count`: how many wait. */
  | ({ type: 'DecideHeldDeletes' } & Omit<WorkflowEventOf<'HeldDeletesDecided'>, 'type'>)
  | { type: 'TakeReport'; report: RunReport }
  /** The watchdog's: these replicas have not been heard for the run for too long. */
  | { type: 'NoteSilence'; runId: RunId; replicas: readonly ReplicaId[] }
  /** The watchdog's: these replicas are heard, and say that they execute the run. */
  | { type: 'NoteHeartbeats'; runId: RunId; replicas: readonly ReplicaId[] }
  /** The watchdog's: no replica says that it executes the run; `service`: is one there at all? */
  | { type: 'NoteNobodyRuns'; runId: RunId; service: boolean }
  | {
      type: 'NoteCondition';
      runId: RunId;
      condition: ConditionType;
      raised: boolean;
      message: string;
      at: string;
    };

export interface WorkflowState {
  workflow: WorkflowName;
  /** The newest saved configuration; revision 0 with null where none was saved. */
  revision: Revision;
  configuration: WorkflowConfiguration | null;
  /** The active or the last run. */
  run: Run | null;
  replays: Replays;
}

export const initialWorkflow = (workflow: WorkflowName): WorkflowState => ({
  workflow,
  revision: RevisionSchema.parse(0),
  configuration: null,
  run: null,
  replays: NO_REPLAYS,
});

/**
 * What a command makes of a workflow: facts to record, none where what was asked already holds.
 * Throws  CommandRefused (a rule says no), RevisionStale (somebody saved in between), FieldsRefused,
 *         NotFound (a table that is not mapped, a replay that does not wait).
 */
export function decide(command: WorkflowCommand, state: WorkflowState): WorkflowEvent[] {
  switch (command.type) {
    case 'SaveConfiguration':
      return decideSave(command, state);
    case 'Start':
      return decideStart(command, state);
    case 'Stop':
      return decideStop(command, state);
    case 'RequestReplay':
      return decideReplay(command, state);
    case 'WithdrawReplay':
      return decideWithdrawal(command.table, state);
    case 'ReplayRecords':
      return decideRecordsReplay(command, state);
    case 'DecideHeldDeletes':
      return decideHeldDeletes(command);
    case 'TakeReport':
      return onRun(state, command.report.runId, (run) => decideReport(command.report, run));
    case 'NoteSilence':
      return onRun(state, command.runId, (run) => decideSilence(command.replicas, run));
    case 'NoteHeartbeats':
      return onRun(state, command.runId, (run) => decideHeartbeats(command.replicas, run));
    case 'NoteNobodyRuns':
      return onRun(state, command.runId, (run) => decideNobodyRuns(command.service, run));
    case 'NoteCondition':
      return onRun(state, command.runId, (run) => decideCondition('watchdog', command, run));
  }
}

function decideStart(
  { runId, around, settings, remember }: Extract<WorkflowCommand, { type: 'Start' }>,
  state: WorkflowState,
): WorkflowEvent[] {
  const status = statusOf(state.run);
  const alreadyAsked = status === 'STARTING' || status === 'RUNNING';
  if (alreadyAsked && state.run?.stopping === false) return repeated('start', remember);
  const start = mayStart(state, around);
  if (!start.allowed) throw new CommandRefused('Start', start.reason);
  const { revision } = start;
  const replays = replaysForRun(state.replays, state.configuration);
  return [{ type: 'StartRequested', runId, revision, settings, replays }];
}

function decideHeldDeletes({
  type,
  ...decided
}: Extract<WorkflowCommand, { type: 'DecideHeldDeletes' }>): WorkflowEvent[] {
  if (decided.count === 0) throw new CommandRefused(type, `No delete of ${decided.table} waits.`);
  return [{ type: 'HeldDeletesDecided', ...decided }];
}

const repeated = (action: 'start' | 'stop', remember: boolean | undefined): WorkflowEvent[] =>
  remember === true ? [{ type: 'RequestRepeated', action }] : [];

function decideStop(
  { remember }: Extract<WorkflowCommand, { type: 'Stop' }>,
  state: WorkflowState,
): WorkflowEvent[] {
  const run = activeRun(state.run);
  if (run === null || run.stopping) return repeated('stop', remember);
  return [{ type: 'StopRequested', runId: run.runId }, ...endIfDone({ ...run, stopping: true })];
}

function decideReport(report: RunReport, run: Run): WorkflowEvent[] {
  const { runId, replica } = report;
  switch (report.kind) {
    case 'runStarted':
      return replica in run.replicas ? [] : [{ type: 'RunStarted', runId, replica }];
    case 'runStopped': {
      if (run.replicas[replica] === 'stopped') return [];
      return [{ type: 'ReplicaStopped', runId, replica }, ...endIfDone(without(run, replica))];
    }
    case 'runFailed': {
      if (run.replicas[replica] === 'stopped') return [];
      const ended: WorkflowEvent =
        run.failure === null
          ? { type: 'RunFailed', runId, replica, failure: report.failure }
          : { type: 'ReplicaStopped', runId, replica };
      return [ended, ...endIfDone(without(run, replica))];
    }
    case 'cursorReset':
      return [{ type: 'CursorReset', runId, table: report.table, reason: report.reason }];
    case 'readProgressed': {
      const { progress } = report;
      if (run.phases[progress.table] === progress.phase) return [];
      return [{ type: 'ReadPhaseChanged', runId, progress }];
    }
    case 'conditionRaised':
      return decideCondition(replica, { ...report, raised: true }, run);
    case 'conditionCleared':
      return decideCondition(replica, { ...report, raised: false, message: '' }, run);
  }
}

/**
 * A source's word counts only when it is no older than its last one: a repeated report is none. What
 * a service tells anew of a condition is news; the watchdog's words are the same each time.
 */
function decideCondition(
  source: string,
  word: ConditionMark & { condition: ConditionType },
  run: Run,
): WorkflowEvent[] {
  const { condition, message, at } = word;
  const last = run.conditions[condition]?.[source];
  const isOther =
    last?.raised !== word.raised ||
    (word.raised && source !== 'watchdog' && last.message !== message);
  const news = last === undefined ? word.raised : isOther && last.at <= at;
  if (!news) return [];
  const head = { runId: run.runId, source, condition, at };
  return word.raised
    ? [{ type: 'ConditionRaised', ...head, message }]
    : [{ type: 'ConditionCleared', ...head }];
}

function decideSilence(replicas: readonly ReplicaId[], run: Run): WorkflowEvent[] {
  const { runId } = run;
  const silent = replicas.filter((replica) => run.replicas[replica] === 'running');
  const after = { ...run.replicas };
  for (const replica of silent) after[replica] = 'lost';
  return [
    ...silent.map((replica): WorkflowEvent => ({ type: 'HeartbeatLost', runId, replica })),
    ...(silent.length > 0 ? endIfDone({ ...run, replicas: after }) : []),
  ];
}

function decideHeartbeats(replicas: readonly ReplicaId[], run: Run): WorkflowEvent[] {
  const { runId } = run;
  return replicas
    .filter((replica) => run.replicas[replica] === 'lost')
    .map((replica) => ({ type: 'HeartbeatReturned', runId, replica }));
}

function decideNobodyRuns(service: boolean, run: Run): WorkflowEvent[] {
  const { runId } = run;
  if (run.stopping) {
    return replicasIn(run, 'running').length > 0 ? [] : [{ type: 'RunStopped', runId }];
  }
  if (statusOf(run) === 'STARTING' && !service) {
    return [{ type: 'HeartbeatLost', runId, replica: null }];
  }
  return run.unheard && service ? [{ type: 'HeartbeatReturned', runId, replica: null }] : [];
}

const without = (run: Run, replica: ReplicaId): Run => ({
  ...run,
  replicas: { ...run.replicas, [replica]: 'stopped' },
});

/** With no replica ever heard of, one may still be on its way: then the watchdog has the last word. */
function endIfDone(run: Run): WorkflowEvent[] {
  const someoneTookItUp = Object.keys(run.replicas).length > 0;
  const done = run.stopping && someoneTookItUp && replicasIn(run, 'running').length === 0;
  return done ? [{ type: 'RunStopped', runId: run.runId }] : [];
}

/** Late reports of an older run, and of a run that is over, change nothing. */
function onRun(
  state: WorkflowState,
  runId: RunId,
  then: (run: Run) => WorkflowEvent[],
): WorkflowEvent[] {
  const run = activeRun(state.run);
  return run?.runId === runId ? then(run) : [];
}
