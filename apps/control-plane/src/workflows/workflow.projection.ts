import {
  ConditionType,
  WORKFLOW_TITLES,
  type ActionView,
  type Condition,
  type InstanceSettings,
  type WorkflowView,
} from '@landbridge/contracts';
import type { WorkflowKey } from '../control-plane.ts';
import type { FiguresObserved } from '../figures/figures.events.ts';
import { backlogIn, readFigures } from '../figures/figures.projection.ts';
import { readTables } from '../figures/tables.projection.ts';
import type { Surroundings } from './start-rules.ts';
import { mayStart, mayStop, type StartPermit, type StopPermit } from './may-act.ts';
import { pendingEditIn } from './pending-edit.ts';
import { activeRun, failureOf, statusOf, type Run } from './run-state.ts';
import type { WorkflowRecord } from './workflow-record.ts';

/** What a view is made of: folds of three streams, and the time that rates are taken at. */
export interface ViewSources {
  key: WorkflowKey;
  record: WorkflowRecord;
  around: Surroundings;
  observation: FiguresObserved | null;
  /** The instance's, as saved. */
  settings: InstanceSettings;
  now: Date;
}

/** One workflow as people and programs see it. */
export function readView({
  key,
  record,
  around,
  observation,
  settings,
  now,
}: ViewSources): WorkflowView {
  const { state } = record;
  const run = activeRun(state.run);
  return {
    instance: key.instance,
    workflow: key.workflow,
    name: WORKFLOW_TITLES[key.workflow],
    status: statusOf(state.run),
    stopping: run?.stopping ?? false,
    conditions: run === null ? [] : conditionsOf(run),
    backlog: backlogIn(observation),
    pendingEdit: pendingEditIn(state, settings),
    replays: [...record.replays],
    revision: state.revision,
    activeRevision: run?.revision ?? null,
    runId: run?.runId ?? null,
    since: record.since?.toISOString() ?? null,
    by: record.by,
    failure: failureOf(state.run, key.workflow),
    figures: readFigures(observation, now),
    tables: readTables(observation, now),
    actions: {
      start: toAction(mayStart(state, around)),
      stop: toAction(mayStop(state)),
    },
  };
}

const toAction = (permit: StartPermit | StopPermit): ActionView => ({
  allowed: permit.allowed,
  reason: permit.allowed ? null : permit.reason,
});

/** What somebody who is still there says; of several that say the same, who said it first. */
function conditionsOf(run: Run): Condition[] {
  return ConditionType.options.flatMap((type) => {
    const marks = Object.entries(run.conditions[type] ?? {})
      .filter(([source, mark]) => mark.raised && speaks(run, source))
      .map(([, mark]) => mark)
      .map(({ message, at, since = at }) => ({ type, since, message }))
      .sort((one, other) => (one.since < other.since ? -1 : 1));
    return marks.slice(0, 1);
  });
}

/** A replica that is still starting speaks before it is known; once others run, it must be one. */
function speaks(run: Run, source: string): boolean {
  const known = Object.entries(run.replicas).find(([name]) => name === source);
  if (source === 'watchdog' || known?.[1] === 'running') return true;
  return known === undefined && statusOf(run) !== 'RUNNING';
}
