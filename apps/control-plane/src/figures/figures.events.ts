import { ReadProgress, RunId, Timestamp } from '@landbridge/contracts';
import { z } from 'zod';

const Count = z.int().nonnegative();

/** What one replica did for one table since it took the run up. */
export const TableTally = z.object({
  read: Count,
  written: Count,
  skipped: z.record(z.string(), Count),
  dead: Count,
  calls: z.object({ dynamics: Count, campaign: Count }),
  lagMs: z.object({ p50: z.number(), p95: z.number() }).nullable(),
  /** Links that wait for a parent; the same from every replica. */
  waiting: Count.optional(),
});
export type TableTally = z.infer<typeof TableTally>;

/** How fast a table's records are settled, smoothed; `settled`: how many were by then. */
export const Pace = z.object({ at: Timestamp, settled: Count, perSecond: z.number() });
export type Pace = z.infer<typeof Pace>;

/**
 * A table that was read in full, until all that it queued has been settled.
 * Shape   `carried`: queued by runs before this one. `readBy`: records of the table that had been
 *         read in this run when the load was; null: not known yet, so whatever is read counts.
 */
export const Load = z.object({
  readCount: Count,
  /** The source's own count. */
  totalCount: Count.nullable(),
  isRead: z.boolean(),
  carried: Count,
  readBy: Count.nullable(),
  /** When the replica that reads it told of it last, by its clock. */
  at: Timestamp,
  replica: z.string(),
});
export type Load = z.infer<typeof Load>;

/** What one replica did since it took the run up. */
export const ReplicaFigures = z.object({
  at: Timestamp,
  read: Count,
  written: Count,
  skipped: z.record(z.string(), Count),
  dead: Count,
  calls: z.object({ dynamics: Count, campaign: Count }),
  lagMs: z.object({ p50: z.number(), p95: z.number() }).nullable(),
  /** Events of before tables were told apart have none. */
  tables: z.record(z.string(), TableTally).default({}),
});
export type ReplicaFigures = z.infer<typeof ReplicaFigures>;

/**
 * Everything that is known of a workflow's figures after a report, on `figures-<instance>-<workflow>`.
 * Shape   whole, never a difference: the last one answers for the present, and the last one before
 *         a time for that time, without reading any other.
 */
export const FiguresObserved = z.object({
  type: z.literal('FiguresObserved'),
  runId: RunId,
  /** By the control plane's clock. */
  observedAt: Timestamp,
  backlog: z.object({
    queued: Count,
    pending: Count,
    at: Timestamp,
    oldestAt: Timestamp.nullable(),
  }),
  /** Since when there is a backlog; null: there is none. */
  backlogSince: Timestamp.nullable(),
  /** When a record was last written, skipped or found dead, or when the run began. */
  settledAt: Timestamp,
  /** By replica; those of long ago are added up under `earlier`. */
  replicas: z.record(z.string(), ReplicaFigures),
  /** Records written by then, over the last seconds and oldest first: what a rate is made of. */
  recent: z.array(z.object({ at: Timestamp, written: Count })),
  /** How far the reading of each table is. */
  progress: z.record(z.string(), ReadProgress),
  /** Those of which something is read or queued yet, by table. */
  loads: z.record(z.string(), Load).default({}),
  /** Of each table. */
  paces: z.record(z.string(), Pace).default({}),
});
export type FiguresObserved = z.infer<typeof FiguresObserved>;
