import { setTimeout as sleep } from 'node:timers/promises';
import type { ReplicaId, RunId } from '@landbridge/contracts';
import { watchHeartbeats, type Bus } from '@landbridge/messaging';
import type { Log } from '@landbridge/telemetry';
import type { WorkflowKey } from '../control-plane.ts';
import { handleCommand } from '../projections/command-handler.ts';
import { keysOf, lastObservation, type Stores } from '../projections/stores.ts';
import { workflowStream } from '../projections/stream-ids.ts';
import { activeRun, replicasIn } from '../workflows/run-state.ts';
import { decide } from '../workflows/workflow.decider.ts';
import { type Attention, payAttention } from './attention.ts';
import { createHeard } from './heard.ts';
import { judge, type WatchdogSettings } from './judge.ts';

/** How often it looks, in parts of the time after which a replica counts as silent. */
const LOOKS_PER_TIMEOUT = 4;

export interface Watching {
  stores: Stores;
  bus: Bus;
  settings: WatchdogSettings;
  telemetry: Pick<Log, 'warn'>;
}

/** Listens for heartbeats and tells workflows what it does and does not hear, until `signal` aborts. */
export async function watchOverRuns(watching: Watching, signal: AbortSignal): Promise<void> {
  const { bus, settings, telemetry } = watching;
  const heard = createHeard();
  const listening = watchHeartbeats(bus, (heartbeat) => heard.take(heartbeat, Date.now()));
  const pauseMs = Math.max(50, settings.heartbeatTimeoutMs / LOOKS_PER_TIMEOUT);
  const attention = payAttention(pauseMs);
  const memory: Memory = { heard, seen: new Map(), attention };
  const isOver = () => signal.aborted;
  try {
    while (!isOver()) {
      await lookAtAll(watching, memory).catch((err: unknown) => {
        if (!isOver()) telemetry.warn({ err }, 'the watchdog could not look; looking again');
      });
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    attention.close();
    listening.close();
  }
}

interface Memory {
  heard: ReturnType<typeof createHeard>;
  seen: Map<string, Seen>;
  attention: Attention;
}

/** How a run stood when it was last looked at, and since when it has stood so. */
interface Seen {
  what: string;
  sinceMs: number;
  runId: RunId;
  runningSinceMs: ReadonlyMap<ReplicaId, number>;
}

async function lookAtAll(watching: Watching, memory: Memory): Promise<void> {
  for (const instance of (await watching.stores.directory.load()).keys()) {
    for (const key of keysOf(instance)) await look(watching, key, memory);
  }
  memory.heard.forget(Date.now() - watching.settings.heartbeatTimeoutMs * 10);
}

async function look(
  { stores, settings }: Watching,
  key: WorkflowKey,
  { heard, seen, attention }: Memory,
): Promise<void> {
  const streamId = workflowStream(key);
  const { state } = (await stores.workflows.load(streamId)).state;
  const run = activeRun(state.run);
  if (run === null) {
    seen.delete(streamId);
    return;
  }
  const nowMs = Date.now();
  const listeningSinceMs = attention.sinceMs(nowMs);
  const what = `${run.runId} ${run.stopping} ${Object.keys(run.replicas).length}`;
  const before = seen.get(streamId);
  const seenSinceMs = before?.what === what ? before.sinceMs : nowMs;
  const known = before?.runId === run.runId ? before.runningSinceMs : null;
  const runningSinceMs = new Map(
    replicasIn(run, 'running').map((replica) => [replica, known?.get(replica) ?? nowMs]),
  );
  seen.set(streamId, { what, sinceMs: seenSinceMs, runId: run.runId, runningSinceMs });
  const { instance } = key;
  const observation = await lastObservation(stores, key);
  const commands = judge(
    {
      instance,
      state,
      observation,
      heard,
      nowMs,
      listeningSinceMs,
      seenSinceMs,
      runningSinceMs,
    },
    settings,
  );
  for (const command of commands) {
    await handleCommand(stores.log, {
      streamId,
      fold: stores.workflows,
      decide: (record) => decide(command, record.state),
      context: {
        actor: { kind: 'service', id: 'watchdog', name: 'Landbridge' },
        correlationId: run.runId,
        traceparent: null,
      },
      once: null,
    });
  }
}
