import { setTimeout as sleep } from 'node:timers/promises';
import type { RecordedEvent } from '@landbridge/event-log';
import { publishDesired, type Bus } from '@landbridge/messaging';
import { currentTraceparent, withSpan, type Log } from '@landbridge/telemetry';
import type { WorkflowKey } from '../control-plane.ts';
import { keysOf, type Stores } from '../projections/stores.ts';
import { STREAM_PREFIX, workflowKeyOf, workflowStream } from '../projections/stream-ids.ts';
import { sealedConnections } from '../secrets/connection-secrets.ts';
import { shouldRun } from '../workflows/workflow-record.ts';
import { desiredStateOf } from './desired-state.ts';

const CHECKPOINT = 'desired-state';

/** How often everything is published again, in case the bucket lost what it knew. */
const RECONCILE_MS = 30_000;

export interface Publishing {
  stores: Stores;
  bus: Bus;
  key: string;
  telemetry: Pick<Log, 'warn'>;
}

/**
 * Carries what the log decides to where the services read it, from a checkpoint of its own: what a
 * crash kept from being published is published by whoever comes next. Runs until `signal` aborts.
 */
export async function publishDesiredStates(
  publishing: Publishing,
  signal: AbortSignal,
): Promise<void> {
  const { log } = publishing.stores;
  const checkpoint = log.checkpoint(CHECKPOINT);
  let position = await checkpoint.read();
  const ended = new AbortController();
  const reconciling = reconcile(publishing, AbortSignal.any([signal, ended.signal]));
  const follow = log.subscribe({
    after: position,
    signal,
    onBatch: async (events) => {
      for (const key of touchedBy(events)) await publish(publishing, key);
      const last = events.at(-1)?.position ?? position;
      await checkpoint.save(last, position);
      position = last;
    },
  });
  try {
    await follow;
  } finally {
    ended.abort();
    await reconciling;
  }
}

/** The workflows whose stream has news, each once. */
function touchedBy(events: readonly RecordedEvent[]): WorkflowKey[] {
  const streams = new Set(events.map(({ streamId }) => streamId));
  return [...streams]
    .map((streamId) => workflowKeyOf(streamId, STREAM_PREFIX.workflow))
    .filter((key) => key !== null);
}

/** Says again what the log says of every workflow; where the bucket knows it, this does nothing. */
async function reconcile(publishing: Publishing, signal: AbortSignal): Promise<void> {
  const isOver = () => signal.aborted;
  while (!isOver()) {
    try {
      for (const instance of (await publishing.stores.directory.load()).keys()) {
        for (const key of keysOf(instance)) await publish(publishing, key);
      }
    } catch (err) {
      if (isOver()) return;
      publishing.telemetry.warn({ err }, 'desired states were not checked; trying again');
    }
    await sleep(RECONCILE_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function publish({ stores, bus, key }: Publishing, workflow: WorkflowKey): Promise<void> {
  const { state: record } = await stores.workflows.load(workflowStream(workflow));
  const running = shouldRun(record.state);
  const sealed = running ? await sealedConnections(stores.log, workflow.instance, key) : '';
  const desired = desiredStateOf(workflow, record, sealed);
  if (desired === null) return;
  const options = {
    kind: 'producer',
    traceparent: desired.traceparent,
    attributes: { 'landbridge.run': desired.runId ?? '' },
  } as const;
  await withSpan(`publish desired state ${desired.state}`, options, () =>
    publishDesired(bus, { ...desired, traceparent: currentTraceparent() ?? desired.traceparent }),
  );
}
