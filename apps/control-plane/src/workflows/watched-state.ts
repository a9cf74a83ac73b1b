import type { InstanceId, WorkflowView } from '@landbridge/contracts';
import type { EventLog, RecordedEvent } from '@landbridge/event-log';
import type { WorkflowKey } from '../control-plane.ts';
import { FiguresObserved } from '../figures/figures.events.ts';
import { readFigures } from '../figures/figures.projection.ts';
import { foldInstance, NO_INSTANCE, type InstanceState } from '../instances/instance.decider.ts';
import { InstanceEvent } from '../instances/instance.events.ts';
import { readLogged, type Logged } from '../projections/logged.ts';
import { connectionsSet, keysOf, type Stores } from '../projections/stores.ts';
import {
  figuresStream,
  instanceOf,
  STREAM_PREFIX,
  workflowKeyOf,
  workflowStream,
} from '../projections/stream-ids.ts';
import { configurationsIn, otherWriterOf } from './two-writers.ts';
import { foldRecord, initialRecord, type WorkflowRecord } from './workflow-record.ts';
import { WorkflowEvent } from './workflow.events.ts';
import { readView } from './workflow.projection.ts';

/** All workflows as of a position of the log, moved on event by event. */
export interface WatchedState {
  /** When the last event before the beginning was recorded. */
  asOf: Date;
  instances(): InstanceId[];
  /** Those with a rate above 0, which fades by itself. */
  fading(): InstanceId[];
  /** Takes the next event; answers whose views it may change. */
  take(recorded: RecordedEvent): InstanceId[];
  /** Null: the instance does not exist. */
  view(key: WorkflowKey, now: Date): WorkflowView | null;
}

/** The state with every event up to `position`. */
export async function beginWatched(stores: Stores, position: bigint): Promise<WatchedState> {
  const { log } = stores;
  const instances = new Map<InstanceId, InstanceState>(await stores.directory.loadUpTo(position));
  const records = new Map<string, WorkflowRecord>();
  const observations = new Map<string, FiguresObserved>();
  for (const [instance, { registeredAt }] of instances) {
    for (const key of keysOf(instance)) {
      records.set(workflowStream(key), await recordUpTo(log, key, position));
      const observed = await observationUpTo(log, key, position);
      if (observed === null || observed.position < registeredAt) continue;
      observations.set(figuresStream(key), observed.event);
    }
  }
  const take = (recorded: RecordedEvent): InstanceId[] => {
    const { streamId } = recorded;
    const instance = instanceOf(streamId);
    if (instance !== null) {
      const before = instances.get(instance) ?? NO_INSTANCE;
      const after = foldInstance(before, readLogged(InstanceEvent, recorded));
      instances.set(instance, after);
      if (after.registeredAt !== before.registeredAt) {
        for (const key of keysOf(instance)) observations.delete(figuresStream(key));
      }
      return [instance];
    }
    const workflow = workflowKeyOf(streamId, STREAM_PREFIX.workflow);
    if (workflow !== null) {
      const before = records.get(streamId) ?? initialRecord(workflow.workflow);
      records.set(streamId, foldRecord(before, readLogged(WorkflowEvent, recorded)));
      return [workflow.instance];
    }
    const figures = workflowKeyOf(streamId, STREAM_PREFIX.figures);
    if (figures === null) return [];
    observations.set(streamId, readLogged(FiguresObserved, recorded).event);
    return [figures.instance];
  };
  const recordOf = (key: WorkflowKey): WorkflowRecord =>
    records.get(workflowStream(key)) ?? initialRecord(key.workflow);
  return {
    asOf: await recordedAt(log, position),
    instances: () => [...instances.keys()],
    fading: () =>
      [...instances.keys()].filter((instance) =>
        keysOf(instance).some((key) => {
          const observed = observations.get(figuresStream(key));
          if (observed === undefined) return false;
          return readFigures(observed, new Date(observed.observedAt)).writtenPerSecond > 0;
        }),
      ),
    take,
    view: (key, now) => {
      const instance = instances.get(key.instance) ?? NO_INSTANCE;
      if (instance.body === null) return null;
      const other = otherWriterOf(key.workflow);
      return readView({
        key,
        record: recordOf(key),
        around: {
          connections: connectionsSet(instance),
          others:
            other === null ? [] : configurationsIn(recordOf({ ...key, workflow: other }).state),
        },
        settings: instance.settings,
        observation: observations.get(figuresStream(key)) ?? null,
        now,
      });
    },
  };
}

async function recordUpTo(
  log: EventLog,
  key: WorkflowKey,
  position: bigint,
): Promise<WorkflowRecord> {
  const events = await log.readStream(workflowStream(key));
  return events
    .filter((recorded) => recorded.position <= position)
    .map((recorded) => readLogged(WorkflowEvent, recorded))
    .reduce(foldRecord, initialRecord(key.workflow));
}

const PAGE = 100;

/** The last observation up to a position; whoever was away for long finds it some pages back. */
async function observationUpTo(
  log: EventLog,
  key: WorkflowKey,
  position: bigint,
): Promise<Logged<FiguresObserved> | null> {
  const streamId = figuresStream(key);
  const [newest] = await log.readStream(streamId, { backwards: true, limit: 1 });
  if (newest === undefined) return null;
  if (newest.position <= position) return readLogged(FiguresObserved, newest);
  for (let end = newest.streamVersion; end > 1; end -= PAGE) {
    const fromVersion = Math.max(1, end - PAGE);
    const page = await log.readStream(streamId, { fromVersion, limit: end - fromVersion });
    const found = page.findLast((recorded) => recorded.position <= position);
    if (found !== undefined) return readLogged(FiguresObserved, found);
  }
  return null;
}

/** The time at a position: of the event there, or of the one after the last that is missing. */
async function recordedAt(log: EventLog, position: bigint): Promise<Date> {
  const [event] = await log.readAll({ after: position - 1n, limit: 1 });
  return event?.recordedAt ?? new Date();
}
