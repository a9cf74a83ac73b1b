import type { InstanceId, ReplicaId, WorkflowName } from '@landbridge/contracts';
import { type Bus, watchHeartbeats } from '@landbridge/messaging';

/** A replica that was not heard for so long shares no more; it beats once a second. */
const HEARD_WITHIN_MS = 5_000;

/** How many replicas have a run of an instance in hand, this one among them. */
export interface ReplicaShare {
  /** At least 1. */
  count(): number;
  close(): void;
}

/**
 * Listens to the heartbeats, so that each replica takes its part of the limits that hold for all.
 * A replica that comes is heard within a second; until then all together may go that much too far.
 */
export function watchReplicaShare(
  bus: Bus,
  of: { workflow: WorkflowName; instance: InstanceId; replica: ReplicaId },
  now: () => number = () => performance.now(),
): ReplicaShare {
  const heardMs = new Map<ReplicaId, number>();
  const watch = watchHeartbeats(bus, ({ workflow, replica, runs }) => {
    if (workflow !== of.workflow || replica === of.replica) return;
    if (runs.some(({ instance }) => instance === of.instance)) heardMs.set(replica, now());
    else heardMs.delete(replica);
  });
  return {
    count: () => {
      const sinceMs = now() - HEARD_WITHIN_MS;
      return 1 + [...heardMs.values()].filter((atMs) => atMs >= sinceMs).length;
    },
    close: () => watch.close(),
  };
}
