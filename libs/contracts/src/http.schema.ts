import { z } from 'zod';
import { InstanceId, Revision, RunId, TableName, Timestamp, WorkflowName } from './ids.schema.ts';
import { ReplayOffer, ReplayView } from './replay.schema.ts';
import { ConditionType, ReadProgress, RunFailure } from './reports.schema.ts';

export const WorkflowStatus = z.enum(['STOPPED', 'STARTING', 'RUNNING', 'FAILED']);
export type WorkflowStatus = z.infer<typeof WorkflowStatus>;

/** Whether an action may be asked for now; `reason` says why not, and is null when it may. */
export const ActionView = z
  .object({ allowed: z.boolean(), reason: z.string().nullable() })
  .meta({ id: 'Action' });
export type ActionView = z.infer<typeof ActionView>;

export const Condition = z
  .object({ type: ConditionType, since: Timestamp, message: z.string() })
  .meta({ id: 'Condition' });
export type Condition = z.infer<typeof Condition>;

/** Sums over the active or last run; rates over the last ten seconds. */
export const WorkflowFigures = z
  .object({
    read: z.int(),
    written: z.int(),
    skipped: z.record(z.string(), z.int()),
    dead: z.int(),
    calls: z.object({ dynamics: z.int(), campaign: z.int() }),
    writtenPerSecond: z.number(),
    lagMs: z.object({ p50: z.number(), p95: z.number() }).nullable(),
    oldestQueuedAt: Timestamp.nullable(),
  })
  .meta({ id: 'WorkflowFigures' });
export type WorkflowFigures = z.infer<typeof WorkflowFigures>;

/** One table of the active or last run. */
export const TableView = z
  .object({
    table: TableName,
    /** What its reader is at: a full read, what changed meanwhile, changes, or a search for deletions. */
    phase: ReadProgress.shape.phase.nullable(),
    read: z.int(),
    written: z.int(),
    skipped: z.record(z.string(), z.int()),
    dead: z.int(),
    /** Links of its records that wait for a parent now. */
    waiting: z.int(),
    calls: z.object({ dynamics: z.int(), campaign: z.int() }),
    /** Of a full read: how many of its records are settled, and of how many; null: of no full read. */
    load: z.object({ done: z.int(), total: z.int().nullable() }).nullable(),
    /** Records settled a second, over the last seconds. */
    recordsPerSecond: z.number(),
    /** Until the full read is settled, at this rate; null: not known, or no full read. */
    secondsLeft: z.int().nullable(),
    lagMs: z.object({ p50: z.number(), p95: z.number() }).nullable(),
  })
  .meta({ id: 'WorkflowTable' });
export type TableView = z.infer<typeof TableView>;

/** One workflow of one instance, as the event log tells it. */
export const WorkflowView = z
  .object({
    instance: InstanceId,
    workflow: WorkflowName,
    name: z.string(),
    status: WorkflowStatus,
    stopping: z.boolean(),
    conditions: z.array(Condition),
    /** Records queued and not yet settled. */
    backlog: z.int(),
    /** True: what is saved (configuration, settings, replays) differs from what runs. */
    pendingEdit: z.boolean(),
    /** Tables that are read in full again at the next start. */
    replays: z.array(ReplayView),
    revision: Revision,
    activeRevision: Revision.nullable(),
    runId: RunId.nullable(),
    /** Since when the status is what it is, and who or what made it so. */
    since: Timestamp.nullable(),
    by: z.string().nullable(),
    failure: RunFailure.nullable(),
    figures: WorkflowFigures,
    tables: z.array(TableView),
    actions: z.object({ start: ActionView, stop: ActionView }),
  })
  .meta({ id: 'Workflow' });
export type WorkflowView = z.infer<typeof WorkflowView>;

export const InstanceBody = z
  .strictObject({ name: z.string().trim().min(1).max(100), production: z.boolean() })
  .meta({ id: 'InstanceBody' });
export type InstanceBody = z.infer<typeof InstanceBody>;

export const InstanceView = InstanceBody.extend({ instance: InstanceId }).meta({ id: 'Instance' });
export type InstanceView = z.infer<typeof InstanceView>;

/** RFC 9457. `errors` names the fields at fault by JSON pointer into the request's body. */
export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string().optional(),
    errors: z.array(z.object({ pointer: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof Problem>;

/**
 * One line of a pending edit: where, what it was in the active run, what it becomes. `pointer` leads
 * into the configuration; beneath `/settings` into the instance's settings.
 */
export const ConfigurationChange = z
  .object({
    pointer: z.string(),
    kind: z.enum(['added', 'removed', 'changed']),
    /** A sentence for people, such as "contact: jobtitle → cusJobTitle added". */
    summary: z.string(),
    before: z.unknown().optional(),
    after: z.unknown().optional(),
  })
  .meta({ id: 'ConfigurationChange' });
export type ConfigurationChange = z.infer<typeof ConfigurationChange>;

export const PendingEdit = z
  .object({
    pending: z.boolean(),
    revision: Revision,
    activeRevision: Revision.nullable(),
    savedAt: Timestamp.nullable(),
    savedBy: z.string().nullable(),
    changes: z.array(ConfigurationChange),
    replays: z.array(ReplayView),
    /** What needs more than a restart. */
    offers: z.array(ReplayOffer),
  })
  .meta({ id: 'PendingEdit' });
export type PendingEdit = z.infer<typeof PendingEdit>;

export const RunView = z
  .object({
    runId: RunId,
    revision: Revision,
    requestedAt: Timestamp,
    requestedBy: z.string(),
    startedAt: Timestamp.nullable(),
    endedAt: Timestamp.nullable(),
    outcome: z.enum(['starting', 'running', 'stopped', 'failed']),
    failure: RunFailure.nullable(),
  })
  .meta({ id: 'Run' });
export type RunView = z.infer<typeof RunView>;

export const HistoryEntry = z
  .object({
    position: z.string(),
    at: Timestamp,
    by: z.string(),
    type: z.string(),
    /** A sentence for people. */
    summary: z.string(),
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'HistoryEntry' });
export type HistoryEntry = z.infer<typeof HistoryEntry>;

/** What happened within one minute. */
export const ThroughputEntry = z
  .object({
    from: Timestamp,
    read: z.int(),
    written: z.int(),
    skipped: z.int(),
    dead: z.int(),
    calls: z.object({ dynamics: z.int(), campaign: z.int() }),
    backlog: z.int(),
  })
  .meta({ id: 'ThroughputEntry' });
export type ThroughputEntry = z.infer<typeof ThroughputEntry>;

/** What one right of a connection was found to be; `remedy` says how to grant what is missing. */
export const ConnectionCheck = z
  .object({
    check: z.string(),
    passed: z.boolean(),
    message: z.string(),
    remedy: z.string().nullable(),
  })
  .meta({ id: 'ConnectionCheck' });
export type ConnectionCheck = z.infer<typeof ConnectionCheck>;

export const ConnectionTest = z
  .object({ passed: z.boolean(), checks: z.array(ConnectionCheck) })
  .meta({ id: 'ConnectionTest' });
export type ConnectionTest = z.infer<typeof ConnectionTest>;

/** A cursor page of `item`: `next` is opaque, null on the last page. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), next: z.string().nullable() });
