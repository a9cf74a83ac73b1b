import type { ReplayView, WorkflowName } from '@landbridge/contracts';
import type { Logged } from '../projections/logged.ts';
import { statusOf } from './run-state.ts';
import { initialWorkflow, type WorkflowState } from './workflow.decider.ts';
import { evolve } from './evolve-workflow.ts';
import type { WorkflowEvent } from './workflow.events.ts';

/** A workflow's state and who or what last changed it: the fold that most answers read. */
export interface WorkflowRecord {
  state: WorkflowState;
  /** Since when the status is what it is, and by whom. */
  since: Date | null;
  by: string | null;
  savedAt: Date | null;
  savedBy: string | null;
  /** When and by whom a table's replay was asked for, for those that wait. */
  replays: readonly ReplayView[];
  /** The event that decided what the services should do; null until the first start. */
  desired: { position: bigint; traceparent: string | null } | null;
}

export const initialRecord = (workflow: WorkflowName): WorkflowRecord => ({
  state: initialWorkflow(workflow),
  since: null,
  by: null,
  savedAt: null,
  savedBy: null,
  replays: [],
  desired: null,
});

export function foldRecord(record: WorkflowRecord, logged: Logged<WorkflowEvent>): WorkflowRecord {
  const { event, at, by, position, traceparent } = logged;
  const state = evolve(record.state, event);
  if (event.type === 'WorkflowBegunAnew') return { ...initialRecord(state.workflow), state };
  const moved = statusOf(state.run) !== statusOf(record.state.run);
  const restarted = state.run?.runId !== record.state.run?.runId;
  const saved = event.type === 'ConfigurationSaved';
  return {
    state,
    since: moved || restarted ? at : record.since,
    by: moved || restarted ? by : record.by,
    savedAt: saved ? at : record.savedAt,
    savedBy: saved ? by : record.savedBy,
    replays: waitingReplays(record.replays, state, logged),
    desired:
      shouldRun(state) !== shouldRun(record.state) || restarted
        ? { position, traceparent }
        : record.desired,
  };
}

function waitingReplays(
  before: readonly ReplayView[],
  { replays }: WorkflowState,
  { at, by }: Logged<WorkflowEvent>,
): readonly ReplayView[] {
  return replays.waiting.map(({ table, cause }) => {
    const known = before.find((replay) => replay.table === table);
    const asked = { table, requestedAt: at.toISOString(), by, withdrawable: cause === 'person' };
    return known ?? asked;
  });
}

/** Whether the services should execute the current run: it was neither stopped nor failed. */
export function shouldRun({ run }: WorkflowState): boolean {
  return run !== null && !run.stopping && !run.ended && run.failure === null;
}
