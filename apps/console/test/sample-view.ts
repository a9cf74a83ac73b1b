import type { WorkflowView } from '../src/api/types.ts';

/** A workflow at rest, with what a test is about changed. */
export function sampleView(changed: Partial<WorkflowView> = {}): WorkflowView {
  return {
    instance: 'demo',
    workflow: 'ingress',
    name: 'Microsoft Dynamics 365 to Campaign',
    status: 'STOPPED',
    stopping: false,
    conditions: [],
    backlog: 0,
    pendingEdit: false,
    replays: [],
    revision: 1,
    activeRevision: null,
    runId: null,
    since: null,
    by: null,
    failure: null,
    figures: {
      read: 0,
      written: 0,
      skipped: {},
      dead: 0,
      calls: { dynamics: 0, campaign: 0 },
      writtenPerSecond: 0,
      lagMs: null,
      oldestQueuedAt: null,
    },
    tables: [],
    actions: {
      start: { allowed: true, reason: null },
      stop: { allowed: false, reason: 'It is not running.' },
    },
    ...changed,
  };
}
