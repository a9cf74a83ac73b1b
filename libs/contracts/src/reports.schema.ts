import { z } from 'zod';
import {
  InstanceId,
  ReplicaId,
  Revision,
  RunId,
  TableName,
  Timestamp,
  WorkflowName,
} from './ids.schema.ts';
import { VerificationProgress } from './verification.schema.ts';

const Count = z.int().nonnegative();

/** Why a run cannot go on. `field` names the column or attribute at fault, where there is one. */
export const RunFailure = z
  .object({
    code: z.enum([
      'credentialsRefused',
      'columnMissing',
      'columnTypeChanged',
      'tableMissing',
      'changeTrackingOff',
      'privilegeMissing',
      'configurationInvalid',
      'serviceSilent',
      'unexpected',
    ]),
    system: z.enum(['dynamics', 'campaign', 'landbridge']),
    message: z.string().min(1),
    field: z.string().nullable(),
  })
  .meta({ id: 'RunFailure' });
export type RunFailure = z.infer<typeof RunFailure>;

export const ConditionType = z.enum([
  'Stalled',
  'Throttled',
  'SourceUnreachable',
  'DestinationUnreachable',
  'BudgetSpent',
  'DeletesHeld',
  'ExportLate',
  'ExportUnreadable',
  'NotDurable',
]);
export type ConditionType = z.infer<typeof ConditionType>;

/** Cumulative since the replica took up the run: a lost or repeated report changes nothing. */
export const TableFigures = z
  .object({
    table: TableName,
    read: Count,
    written: Count,
    /** By reason, such as `unchanged`, `filteredOut`, `superseded`, `neverWritten`. */
    skipped: z.record(z.string(), Count),
    dead: Count,
    /** Links of the table's records that wait for a parent now; the same from every replica. */
    waiting: Count.optional(),
    /** Requests spent, the unit of each system's quota. */
    calls: z.object({ dynamics: Count, campaign: Count }),
    /** Milliseconds from the change at the source to its write, over the last minute; null: none. */
    lagMs: z.object({ p50: z.number(), p95: z.number() }).nullable(),
  })
  .meta({ id: 'TableFigures' });
export type TableFigures = z.infer<typeof TableFigures>;

/** How far the reading of a table is. `totalCount` is the source's own estimate. */
export const ReadProgress = z
  .object({
    table: TableName,
    phase: z.enum(['load', 'overlap', 'changes', 'deletions']),
    readCount: Count,
    totalCount: Count.nullable(),
  })
  .meta({ id: 'ReadProgress' });
export type ReadProgress = z.infer<typeof ReadProgress>;

const head = {
  /** Unique: the control plane takes each report into the log once. */
  reportId: z.uuid(),
  workflow: WorkflowName,
  instance: InstanceId,
  runId: RunId,
  replica: ReplicaId,
  at: Timestamp,
};

/** What a data service tells the control plane, on the `REPORTS` stream. */
export const Report = z.discriminatedUnion('kind', [
  z.object({ ...head, kind: z.literal('runStarted'), revision: Revision }),
  z.object({ ...head, kind: z.literal('runStopped') }),
  z.object({ ...head, kind: z.literal('runFailed'), failure: RunFailure }),
  z.object({
    ...head,
    kind: z.literal('backlogObserved'),
    /** Waiting in the queue, and handed to a writer but not settled. */
    queued: Count,
    pending: Count,
    oldestAt: Timestamp.nullable(),
  }),
  z.object({ ...head, kind: z.literal('figuresObserved'), tables: z.array(TableFigures) }),
  z.object({ ...head, kind: z.literal('readProgressed'), progress: ReadProgress }),
  z.object({
    ...head,
    kind: z.literal('cursorReset'),
    table: TableName,
    /** For people: why the table is read in full again. */
    reason: z.string().min(1),
  }),
  z.object({
    ...head,
    kind: z.literal('conditionRaised'),
    condition: ConditionType,
    message: z.string().min(1),
  }),
  z.object({ ...head, kind: z.literal('conditionCleared'), condition: ConditionType }),
  z.object({
    ...head,
    kind: z.literal('verificationProgressed'),
    verification: VerificationProgress,
  }),
  z.object({
    ...head,
    kind: z.literal('recordDead'),
    deadLetterId: z.string().min(1).max(64),
    table: z.string(),
    key: z.string(),
    reason: z.object({ code: z.string(), message: z.string() }),
    attempts: Count,
  }),
  z.object({
    ...head,
    /** A record went after all: it was read again by itself, and the destination did not refuse it. */
    kind: z.literal('recordReleased'),
    table: z.string(),
    key: z.string(),
    /** Its dead letters that say nothing any more, newest last. */
    deadLetterIds: z.array(z.string().min(1).max(64)).min(1),
  }),
]);
export type Report = z.infer<typeof Report>;
export type ReportOf<Kind extends Report['kind']> = Extract<Report, { kind: Kind }>;

/** Sent by each replica once a second on core NATS; proves what it runs, and is never stored. */
export const Heartbeat = z.object({
  workflow: WorkflowName,
  replica: ReplicaId,
  at: Timestamp,
  runs: z.array(z.object({ instance: InstanceId, runId: RunId })),
});
export type Heartbeat = z.infer<typeof Heartbeat>;
