import {
  ConnectionName,
  WorkflowName,
  type InstanceId,
  type WorkflowView,
} from '@landbridge/contracts';
import type { EventLog } from '@landbridge/event-log';
import type { WorkflowKey } from '../control-plane.ts';
import { NotFound } from '../errors.ts';
import { FiguresObserved } from '../figures/figures.events.ts';
import { foldInstance, NO_INSTANCE, type InstanceState } from '../instances/instance.decider.ts';
import { InstanceEvent } from '../instances/instance.events.ts';
import { foldVerifications, type Verifications } from '../verifications/verification.decider.ts';
import { VerificationEvent } from '../verifications/verification.events.ts';
import type { ReachableEnd, Surroundings } from '../workflows/start-rules.ts';
import { configurationsIn, otherWriterOf } from '../workflows/two-writers.ts';
import { foldRuns, noRuns, type Runs } from '../workflows/runs.projection.ts';
import { foldRecord, initialRecord, type WorkflowRecord } from '../workflows/workflow-record.ts';
import { WorkflowEvent } from '../workflows/workflow.events.ts';
import { readView } from '../workflows/workflow.projection.ts';
import { createDirectory, type Directory } from './directory.ts';
import { readLogged } from './logged.ts';
import {
  figuresStream,
  instanceStream,
  STREAM_PREFIX,
  workflowKeyOf,
  workflowStream,
} from './stream-ids.ts';
import { createStreamFold, type StreamFold } from './stream-fold.ts';

/** Where answers come from: folds over the log, nothing that the log does not hold. */
export interface Stores {
  log: EventLog;
  instances: StreamFold<InstanceState>;
  workflows: StreamFold<WorkflowRecord>;
  runs: StreamFold<Runs>;
  verifications: StreamFold<Verifications>;
  directory: Directory;
}

export function createStores(log: EventLog): Stores {
  return {
    log,
    instances: createStreamFold(log, InstanceEvent, () => NO_INSTANCE, foldInstance),
    workflows: createStreamFold(
      log,
      WorkflowEvent,
      (streamId) => initialRecord(nameIn(streamId)),
      foldRecord,
    ),
    runs: createStreamFold(log, WorkflowEvent, (streamId) => noRuns(nameIn(streamId)), foldRuns),
    verifications: createStreamFold(log, VerificationEvent, () => ({}), foldVerifications),
    directory: createDirectory(log),
  };
}

const nameIn = (streamId: string) =>
  workflowKeyOf(streamId, STREAM_PREFIX.workflow)?.workflow ?? 'ingress';

/** The instance as the log knows it. Throws  NotFound. */
export async function instanceIn(
  { instances }: Stores,
  instance: InstanceId,
  asOf?: Date,
): Promise<InstanceState> {
  const stream = instanceStream(instance);
  const { state } =
    asOf === undefined ? await instances.load(stream) : await instances.loadAsOf(stream, asOf);
  if (state.body === null) throw new NotFound(`instance ${instance}`);
  return state;
}

/** The last observation of a workflow's figures; each is whole. */
export async function lastObservation(
  stores: Stores,
  key: WorkflowKey,
  asOf?: Date,
): Promise<FiguresObserved | null> {
  return (await newestFigures(stores, key, asOf)).observation;
}

/** The same with the version of its stream; an earlier instance of this name was not observed. */
export async function newestFigures(
  { log, instances }: Stores,
  key: WorkflowKey,
  asOf?: Date,
): Promise<{ observation: FiguresObserved | null; version: number }> {
  const [last] = await log.readStream(figuresStream(key), {
    backwards: true,
    limit: 1,
    ...(asOf === undefined ? {} : { recordedBefore: asOf }),
  });
  if (last === undefined) return { observation: null, version: 0 };
  const stream = instanceStream(key.instance);
  const { state } =
    asOf === undefined ? await instances.load(stream) : await instances.loadAsOf(stream, asOf);
  const isOurs = last.position > state.registeredAt;
  return {
    observation: isOurs ? readLogged(FiguresObserved, last).event : null,
    version: last.streamVersion,
  };
}

/** What of an instance's connections is set; the journal where Campaign's has an `eventsUrl`. */
export function connectionsSet({ connections }: InstanceState): ReachableEnd[] {
  const set = ConnectionName.options.filter((name) => connections[name] !== undefined);
  const eventsUrl = connections.campaign?.fields['eventsUrl'];
  return eventsUrl === undefined ? set : [...set, 'journal'];
}

/** What a workflow meets in its instance, now or as of an earlier time. */
export async function surroundingsOf(
  { workflows }: Pick<Stores, 'workflows'>,
  { workflow, instance: name }: WorkflowKey,
  instance: InstanceState,
  asOf?: Date,
): Promise<Surroundings> {
  const connections = connectionsSet(instance);
  const other = otherWriterOf(workflow);
  if (other === null) return { connections, others: [] };
  const stream = workflowStream({ instance: name, workflow: other });
  const { state: record } =
    asOf === undefined ? await workflows.load(stream) : await workflows.loadAsOf(stream, asOf);
  return { connections, others: configurationsIn(record.state) };
}

/** The view of one workflow, now or as of an earlier time. Throws  NotFound. */
export async function viewOf(stores: Stores, key: WorkflowKey, asOf?: Date): Promise<WorkflowView> {
  const stream = workflowStream(key);
  const [instance, { state: record }, observation] = await Promise.all([
    instanceIn(stores, key.instance, asOf),
    asOf === undefined ? stores.workflows.load(stream) : stores.workflows.loadAsOf(stream, asOf),
    lastObservation(stores, key, asOf),
  ]);
  const now = asOf ?? new Date();
  const { settings } = instance;
  const around = await surroundingsOf(stores, key, instance, asOf);
  return readView({ key, record, around, observation, settings, now });
}

/** Each workflow of an instance; all three are there from the first day. */
export const keysOf = (instance: InstanceId): WorkflowKey[] =>
  WorkflowName.options.map((workflow) => ({ instance, workflow }));
