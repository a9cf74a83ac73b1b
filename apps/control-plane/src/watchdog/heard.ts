import type { Heartbeat, InstanceId, ReplicaId, RunId, WorkflowName } from '@landbridge/contracts';

interface LastHeard {
  workflow: WorkflowName;
  atMs: number;
  runs: Heartbeat['runs'];
  /** When it last said of a run that it executes it. */
  named: ReadonlyMap<RunId, number>;
}

/** What was heard of each replica last, by the control plane's own clock. */
export interface Heard {
  take(heartbeat: Heartbeat, atMs: number): void;
  /** Replicas of the run that were heard at or after a time. */
  replicasOf(runId: RunId, instance: InstanceId, sinceMs: number): ReplicaId[];
  /** When a replica that was heard at or after a time last named the run; 0: never. Else null. */
  lastNamed(replica: ReplicaId, runId: RunId, sinceMs: number): number | null;
  isServiceThere(workflow: WorkflowName, sinceMs: number): boolean;
  forget(beforeMs: number): void;
}

export function createHeard(): Heard {
  const replicas = new Map<ReplicaId, LastHeard>();
  return {
    take: ({ replica, workflow, runs }, atMs) => {
      const named = new Map(replicas.get(replica)?.named);
      for (const { runId } of runs) named.set(runId, atMs);
      replicas.set(replica, { workflow, atMs, runs, named });
    },
    replicasOf: (runId, instance, sinceMs) =>
      [...replicas]
        .filter(([, { atMs, runs }]) => {
          if (atMs < sinceMs) return false;
          return runs.some((run) => run.runId === runId && run.instance === instance);
        })
        .map(([replica]) => replica),
    lastNamed: (replica, runId, sinceMs) => {
      const last = replicas.get(replica);
      return last === undefined || last.atMs < sinceMs ? null : (last.named.get(runId) ?? 0);
    },
    isServiceThere: (workflow, sinceMs) =>
      [...replicas.values()].some((last) => last.workflow === workflow && last.atMs >= sinceMs),
    forget: (beforeMs) => {
      for (const [replica, last] of replicas) {
        const named = new Map([...last.named].filter(([, atMs]) => atMs >= beforeMs));
        if (last.atMs < beforeMs) replicas.delete(replica);
        else replicas.set(replica, { ...last, named });
      }
    },
  };
}
