import type { RunView } from '@landbridge/contracts';
import { InvalidCursor } from '../errors.ts';
import type { Page, PageRequest } from '../control-plane.ts';
import type { Logged } from '../projections/logged.ts';
import { failureOf, statusOf } from './run-state.ts';
import { initialWorkflow, type WorkflowState } from './workflow.decider.ts';
import { evolve } from './evolve-workflow.ts';
import type { WorkflowEvent } from './workflow.events.ts';
import type { WorkflowName } from '@landbridge/contracts';

/** Every run of a workflow, oldest first. */
export interface Runs {
  state: WorkflowState;
  runs: readonly RunView[];
}

export const noRuns = (workflow: WorkflowName): Runs => ({
  state: initialWorkflow(workflow),
  runs: [],
});

export function foldRuns({ state, runs }: Runs, logged: Logged<WorkflowEvent>): Runs {
  const { event } = logged;
  const next = evolve(state, event);
  if (event.type === 'WorkflowBegunAnew') return { state: next, runs: [] };
  if (event.type === 'StartRequested') {
    const settled = superseded(runs, logged.at);
    return { state: next, runs: [...settled, begun(event, logged)] };
  }
  const last = runs.at(-1);
  if (last === undefined || next.run === state.run) return { state: next, runs };
  return { state: next, runs: [...runs.slice(0, -1), after(last, next, logged)] };
}

function begun(
  event: Extract<WorkflowEvent, { type: 'StartRequested' }>,
  { at, by }: Logged<WorkflowEvent>,
): RunView {
  return {
    runId: event.runId,
    revision: event.revision,
    requestedAt: at.toISOString(),
    requestedBy: by,
    startedAt: null,
    endedAt: null,
    outcome: 'starting',
    failure: null,
  };
}

function after(run: RunView, state: WorkflowState, { event, at }: Logged<WorkflowEvent>): RunView {
  const time = at.toISOString();
  const failed = run.endedAt !== null && run.outcome === 'failed';
  if (failed) return run;
  const startedAt = event.type === 'RunStarted' ? (run.startedAt ?? time) : run.startedAt;
  switch (statusOf(state.run)) {
    case 'STOPPED':
      return { ...run, startedAt, endedAt: time, outcome: 'stopped', failure: null };
    case 'FAILED': {
      const failure = failureOf(state.run, state.workflow);
      const final = state.run?.failure !== null;
      return { ...run, startedAt, outcome: 'failed', failure, endedAt: final ? time : null };
    }
    case 'RUNNING':
      return { ...run, startedAt, outcome: 'running', failure: null };
    case 'STARTING':
      return { ...run, startedAt, outcome: 'starting', failure: null };
  }
}

/** A run that was silent when another was started ends there, failed as it was. */
function superseded(runs: readonly RunView[], at: Date): readonly RunView[] {
  const last = runs.at(-1);
  if (last === undefined || last.endedAt !== null) return runs;
  return [...runs.slice(0, -1), { ...last, endedAt: at.toISOString() }];
}

function placeOf(cursor: string): number {
  if (!/^\d{1,9}$/.test(cursor)) throw new InvalidCursor(cursor);
  return Number(cursor);
}

/** Newest first. The cursor counts from the oldest, so that new runs do not shift a page. */
export function readRuns({ runs }: Runs, { cursor, limit }: PageRequest): Page<RunView> {
  const end = cursor === null ? runs.length : placeOf(cursor);
  if (end > runs.length) throw new InvalidCursor(cursor ?? '');
  const begin = Math.max(0, end - limit);
  return {
    items: runs.slice(begin, end).reverse(),
    next: begin > 0 ? String(begin) : null,
  };
}
