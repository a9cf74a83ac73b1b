import {
  ReplicaId,
  type ConditionType,
  type InstanceSettings,
  type ReadProgress,
  type Revision,
  type RunFailure,
  type RunId,
  type WorkflowName,
  type WorkflowStatus,
} from '@landbridge/contracts';
import type { WorkflowConfiguration } from './workflow-configuration.ts';
import type { Replay } from './workflow.events.ts';

/** What is known of a replica that took a run up; `stopped` is final for that run. */
export type ReplicaState = 'running' | 'lost' | 'stopped';

/** The last word of one source on one condition. */
export interface ConditionMark {
  raised: boolean;
  message: string;
  at: string;
  /** Since when it is raised, whatever was told of it meanwhile. */
  since?: string;
}

/** What is between a start and a stop, and what remains known of it until the next start. */
export interface Run {
  runId: RunId;
  revision: Revision;
  /** Frozen at the start. */
  configuration: WorkflowConfiguration;
  settings: InstanceSettings;
  replays: readonly Replay[];
  replicas: Readonly<Record<ReplicaId, ReplicaState>>;
  /** Nobody executes the run, and no service of the workflow has been heard since. */
  unheard: boolean;
  /** The first failure that a replica reported. */
  failure: RunFailure | null;
  stopping: boolean;
  ended: boolean;
  /** By condition, then by source. */
  conditions: Readonly<Partial<Record<ConditionType, Readonly<Record<string, ConditionMark>>>>>;
  phases: Readonly<Record<string, ReadProgress['phase']>>;
}

/** The run that a replica took up and that nothing has ended; else null. */
export function activeRun(run: Run | null): Run | null {
  return run === null || run.ended ? null : run;
}

export const replicasIn = (run: Run, wanted: ReplicaState): ReplicaId[] =>
  Object.entries(run.replicas)
    .filter(([, state]) => state === wanted)
    .map(([replica]) => ReplicaId.parse(replica));

/**
 * The public status: RUNNING only while a replica proves it, FAILED for a reported failure or silence.
 * A run whose replicas are lost is STARTING again as soon as a service is heard that may take it up.
 */
export function statusOf(run: Run | null): WorkflowStatus {
  const active = activeRun(run);
  if (active === null) return 'STOPPED';
  if (active.failure !== null) return 'FAILED';
  if (replicasIn(active, 'running').length > 0) return 'RUNNING';
  return active.unheard ? 'FAILED' : 'STARTING';
}

/**
 * Whether what is asked of the workflow now waits for a start by a person. A run that is starting takes
 * it up, and so does one that is silent, as soon as it is heard; one that stops or has failed does not.
 */
export function waitsForStart(run: Run | null): boolean {
  const active = activeRun(run);
  return active === null || active.stopping || active.failure !== null;
}

/** Why the status is FAILED: what a replica reported, or that nobody is heard; else null. */
export function failureOf(run: Run | null, workflow: WorkflowName): RunFailure | null {
  if (run === null || statusOf(run) !== 'FAILED') return null;
  return run.failure ?? silenceOf(workflow);
}

function silenceOf(workflow: WorkflowName): RunFailure {
  return {
    code: 'serviceSilent',
    system: 'landbridge',
    message: `No ${workflow} service is heard. The run goes on by itself as soon as one answers.`,
    field: null,
  };
}
