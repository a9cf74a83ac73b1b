import type { WorkflowView } from '../api/types.ts';

export type WorkflowAction = 'start' | 'stop';

/** The one button of a workflow: which action it is now, and why it cannot be pressed, if so. */
export interface Toggle {
  action: WorkflowAction;
  allowed: boolean;
  reason: string | null;
}

/**
 * Start when the workflow is stopped or failed, Stop when it starts or runs. A failed workflow
 * that may not be started but may be stopped offers Stop: the rules are the API's `actions`.
 */
export function toggleOf(view: Pick<WorkflowView, 'status' | 'stopping' | 'actions'>): Toggle {
  const { start, stop } = view.actions;
  const runs = view.status === 'STARTING' || view.status === 'RUNNING' || view.stopping;
  if (runs || (view.status === 'FAILED' && !start.allowed && stop.allowed)) {
    return { action: 'stop', ...stop };
  }
  return { action: 'start', ...start };
}
