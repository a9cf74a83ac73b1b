import type { Revision } from '@landbridge/contracts';
import { activeRun, statusOf } from './run-state.ts';
import { whyNot, type Surroundings } from './start-rules.ts';
import { configured, INITIAL_CONFIGURATIONS } from './workflow-configuration.ts';
import type { WorkflowState } from './workflow.decider.ts';

/** Whether a workflow may be started, with the revision that would run; `reason` is for people. */
export type StartPermit =
  { allowed: true; revision: Revision } | { allowed: false; reason: string };

/** Whether a workflow may be stopped; `reason` is for people. */
export type StopPermit = { allowed: true } | { allowed: false; reason: string };

const refused = (reason: string) => ({ allowed: false, reason }) as const;

export function mayStart(state: WorkflowState, around: Surroundings): StartPermit {
  if (state.run?.stopping === true && !state.run.ended) return refused('It is still stopping.');
  const status = statusOf(state.run);
  if (status === 'STARTING') return refused('It is starting already.');
  if (status === 'RUNNING') return refused('It is running already.');
  const configuration = state.configuration ?? INITIAL_CONFIGURATIONS[state.workflow];
  const reason = whyNot(configured(configuration), around);
  return reason === null ? { allowed: true, revision: state.revision } : refused(reason);
}

export function mayStop(state: WorkflowState): StopPermit {
  const run = activeRun(state.run);
  if (run === null) return refused('It is not running.');
  return run.stopping ? refused('It is stopping already.') : { allowed: true };
}
