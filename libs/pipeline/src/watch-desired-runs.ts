import { randomUUID } from 'node:crypto';
import {
  type DesiredRun,
  type InstanceId,
  ReplicaId,
  type RunOf,
  type WorkflowName,
} from '@landbridge/contracts';
import { type Bus, sendHeartbeat, watchDesired } from '@landbridge/messaging';
import type { HealthCheck, Log } from '@landbridge/telemetry';
import { DesiredInstance } from './desired-instance.ts';
import type { RunHandle } from './pipeline.ts';
import type { End } from './transient.ts';

export interface StartContext {
  replica: ReplicaId;
  /** Aborts when the run is not wanted any more before it has started. */
  signal: AbortSignal;
}

/**
 * Takes a run up in this process, or throws: RunFailedError ends the run with its failure; what time
 * heals (RetryLater, a vendor's `transient` or `throttled`, NATS being away) is tried again with a
 * condition raised; anything else ends the run as `unexpected`.
 */
export type StartRun<Run extends DesiredRun = DesiredRun> = (
  run: Run,
  context: StartContext,
) => Promise<RunHandle>;

export interface DesiredRunsOptions {
  log: Log;
  /** Which end of the workflow an error of a start came from, by the system that it names. */
  endOf: (error: unknown) => End;
  replica?: ReplicaId;
}

export interface DesiredRuns {
  readonly replica: ReplicaId;
  readonly health: HealthCheck;
  /** Lets go of all runs, with their writes in flight finished; they go on elsewhere or later. */
  close(): Promise<void>;
}

const HEARTBEAT_EVERY_MS = 1_000;

/** A name for this process, new with every start of it. */
export const newReplicaId = (): ReplicaId => ReplicaId.parse(randomUUID());

/**
 * Keeps the runs of this process what the control plane wants them to be: starts, stops and
 * restarts them as desired states change, and tells with heartbeats which it has in hand.
 */
export async function watchDesiredRuns<Workflow extends WorkflowName>(
  bus: Bus,
  workflow: Workflow,
  startRun: StartRun<RunOf<Workflow>>,
  options: DesiredRunsOptions,
): Promise<DesiredRuns> {
  const { log, endOf, replica = newReplicaId() } = options;
  const isOwn = (run: DesiredRun): run is RunOf<Workflow> => run.workflow === workflow;
  const startOwn: StartRun = (run, context) => {
    if (!isOwn(run)) throw new TypeError(`A run of ${run.workflow} under the key of ${workflow}`);
    return startRun(run, context);
  };
  const instances = new Map<InstanceId, DesiredInstance>();
  const instanceOf = (instance: InstanceId): DesiredInstance => {
    const known = instances.get(instance);
    if (known !== undefined) return known;
    const created = new DesiredInstance({ bus, replica, startRun: startOwn, endOf, log });
    instances.set(instance, created);
    return created;
  };
  const watch = await watchDesired(bus, workflow, (instance, state) => {
    instanceOf(instance).want(state);
  });
  const runsInHand = () =>
    [...instances.values()].map(({ inHand }) => inHand).filter((run) => run !== null);
  const beat = (): void => {
    const at = new Date().toISOString();
    sendHeartbeat(bus, { workflow, replica, at, runs: runsInHand() });
  };
  beat();
  const beating = setInterval(beat, HEARTBEAT_EVERY_MS);
  return {
    replica,
    health: {
      name: 'runs',
      check: async () => ({ ok: true, detail: `${runsInHand().length} runs in hand` }),
    },
    close: async () => {
      await watch.close();
      await Promise.all([...instances.values()].map((instance) => instance.close()));
      clearInterval(beating);
    },
  };
}
