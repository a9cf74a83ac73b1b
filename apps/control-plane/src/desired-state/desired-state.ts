import type { DesiredState } from '@landbridge/contracts';
import type { WorkflowKey } from '../control-plane.ts';
import { configured } from '../workflows/workflow-configuration.ts';
import { shouldRun, type WorkflowRecord } from '../workflows/workflow-record.ts';

/**
 * What the services should do about a workflow, derived from its log.
 * Shape   null: it was never started, so there is nothing to say.
 */
export function desiredStateOf(
  { instance, workflow }: WorkflowKey,
  { state, desired }: WorkflowRecord,
  sealedConnections: string,
): DesiredState | null {
  const { run } = state;
  if (run === null || desired === null) return null;
  const head = {
    workflow,
    instance,
    position: String(desired.position),
    traceparent: desired.traceparent,
  };
  if (!shouldRun(state)) return { ...head, state: 'stopped', runId: run.runId };
  return {
    ...head,
    ...configured(run.configuration),
    state: 'running',
    runId: run.runId,
    revision: run.revision,
    settings: run.settings,
    replays: [...run.replays],
    sealedConnections,
  };
}
