import {
  ConditionType,
  InstanceSettings,
  ReadProgress,
  ReplicaId,
  Revision,
  RunFailure,
  RunId,
  TableName,
  Timestamp,
} from '@landbridge/contracts';
import { z } from 'zod';
import { WorkflowConfiguration } from './workflow-configuration.ts';

/** One full read of a table, wherever it is begun and however often it is broken off. */
const Replay = z.object({ table: TableName, replayId: z.uuid() });
export type Replay = z.infer<typeof Replay>;

/**
 * What happened to one workflow of one instance, on the stream `workflow-<instance>-<workflow>`.
 * Shape   what a service reported carries the run and the replica; time and actor of a fact are in
 *         the log's own columns. Figures are on another stream, so that this one stays short.
 */
export const WorkflowEvent = z.discriminatedUnion('type', [
  /** Its instance was removed and registered anew: nothing of before holds but the revisions' count. */
  z.object({ type: z.literal('WorkflowBegunAnew') }),
  z.object({
    type: z.literal('ConfigurationSaved'),
    revision: Revision,
    configuration: WorkflowConfiguration,
  }),
  z.object({
    type: z.literal('StartRequested'),
    runId: RunId,
    revision: Revision,
    /** Frozen for the run. */
    settings: InstanceSettings.prefault({}),
    /** The last replay of each mapped table; ingress knows which of them it has begun. */
    replays: z.array(Replay).default([]),
  }),
  /** What was asked for held already; recorded for its Idempotency-Key alone, and changes nothing. */
  z.object({ type: z.literal('RequestRepeated'), action: z.enum(['start', 'stop']) }),
  /** `remapped`: the table was mapped before and is again, so it must be loaded in full. */
  z.object({
    type: z.literal('ReplayRequested'),
    ...Replay.shape,
    cause: z.enum(['person', 'remapped']),
  }),
  z.object({ type: z.literal('ReplayWithdrawn'), ...Replay.shape }),
  /** Records of a table are written again by the active run. `records` null: not counted. */
  z.object({
    type: z.literal('RecordsReplayed'),
    runId: RunId,
    table: TableName,
    by: z.enum(['ids', 'filter', 'changedSince']),
    records: z.int().nullable(),
  }),
  /** One replica took the run up. */
  z.object({ type: z.literal('RunStarted'), runId: RunId, replica: ReplicaId }),
  z.object({ type: z.literal('StopRequested'), runId: RunId }),
  z.object({ type: z.literal('ReplicaStopped'), runId: RunId, replica: ReplicaId }),
  /** The run is over: each replica that took it up has stopped or fallen silent. */
  z.object({ type: z.literal('RunStopped'), runId: RunId }),
  /** The replica has ended the run by itself, and so must the others. */
  z.object({
    type: z.literal('RunFailed'),
    runId: RunId,
    replica: ReplicaId,
    failure: RunFailure,
  }),
  /** `replica` null: the run was never taken up, and no service of this workflow is heard. */
  z.object({ type: z.literal('HeartbeatLost'), runId: RunId, replica: ReplicaId.nullable() }),
  z.object({ type: z.literal('HeartbeatReturned'), runId: RunId, replica: ReplicaId.nullable() }),
  z.object({
    type: z.literal('ConditionRaised'),
    runId: RunId,
    /** The replica that sees it, or `watchdog`. */
    source: z.string(),
    condition: ConditionType,
    message: z.string(),
    at: Timestamp,
  }),
  z.object({
    type: z.literal('ConditionCleared'),
    runId: RunId,
    source: z.string(),
    condition: ConditionType,
    at: Timestamp,
  }),
  z.object({
    type: z.literal('CursorReset'),
    runId: RunId,
    table: TableName,
    reason: z.string(),
  }),
  /** A person's word on the deletes that waited then, which services carry out. */
  z.object({
    type: z.literal('HeldDeletesDecided'),
    table: TableName,
    decision: z.enum(['approve', 'discard']),
    count: z.int().positive(),
    /** Those that came to wait later are not meant. */
    upToSequence: z.int().nonnegative(),
    note: z.string().nullable(),
  }),
  z.object({ type: z.literal('ReadPhaseChanged'), runId: RunId, progress: ReadProgress }),
]);
export type WorkflowEvent = z.infer<typeof WorkflowEvent>;
export type WorkflowEventOf<Type extends WorkflowEvent['type']> = Extract<
  WorkflowEvent,
  { type: Type }
>;
