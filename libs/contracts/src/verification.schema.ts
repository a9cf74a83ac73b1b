import { z } from 'zod';
import { TableName, Timestamp } from './ids.schema.ts';
import { RecordsAre } from './replay.schema.ts';

const Count = z.int().nonnegative();

/** Rows on one page of a verification's reading; a page is one call of the system's quota. */
export const VERIFICATION_PAGE_ROWS = { dynamics: 5_000, campaign: 1_000 } as const;
/** Records that one pass holds in memory; a larger table is compared in several passes. */
export const VERIFICATION_PASS_RECORDS = 200_000;
/** Differences that an answer shows by their keys. */
export const VERIFICATION_SAMPLES_MAX = 100;

/** How fast to compare, and whether what differs is queued again as it is found. */
export const VerificationBody = z
  .strictObject({
    /** Records per second, of either system; null: as fast as the run's own limits allow. */
    rate: z.int().min(1).max(100_000).nullable().default(null),
    repair: z.boolean().default(false),
  })
  .meta({ id: 'VerificationBody' });
export type VerificationBody = z.infer<typeof VerificationBody>;

/** What a verification will cost, said beforehand; differences cost up to three calls more each. */
export const VerificationForecast = z
  .object({
    /** Of the table in Dynamics 365. */
    recordCount: Count,
    /** Counted up to 5,000 records; of more there are Dataverse's own statistics, up to a day old. */
    recordsAre: RecordsAre.default('estimated'),
    /** What Campaign holds of the resource, whoever made it; null: it does not say. */
    campaignCount: Count.nullable().default(null),
    passCount: Count,
    calls: z.object({ dynamics: Count, campaign: Count }),
    message: z.string(),
  })
  .meta({ id: 'VerificationForecast' });
export type VerificationForecast = z.infer<typeof VerificationForecast>;

export const DifferenceKind = z.enum(['missing', 'different', 'leftOver']);
export type DifferenceKind = z.infer<typeof DifferenceKind>;

/** One record whose two sides are not as they should be; names of fields, never their values. */
export const Difference = z
  .object({
    kind: DifferenceKind,
    /** In Dynamics. */
    id: z.string(),
    /** In Campaign. */
    key: z.string(),
    fields: z.array(z.string()),
  })
  .meta({ id: 'Difference' });
export type Difference = z.infer<typeof Difference>;

/** What a verification has found so far: cumulative, so that a lost report changes nothing. */
export const VerificationFigures = z
  .object({
    passIndex: Count,
    passCount: Count,
    comparedCount: Count,
    totalCount: Count.nullable(),
    missing: Count,
    different: Count,
    /** How many records differ in each field. */
    byField: z.record(z.string(), Count),
    leftOver: Count,
    /** Queued or changing while they were compared: no differences, and not known to be equal. */
    pending: Count,
    /** Cannot be converted by the mapping; each is a dead letter or will be one. */
    unmappable: Count,
    leftOut: Count,
    queuedAgain: Count,
    samples: z.array(Difference).max(VERIFICATION_SAMPLES_MAX),
    calls: z.object({ dynamics: Count, campaign: Count }),
  })
  .meta({ id: 'VerificationFigures' });
export type VerificationFigures = z.infer<typeof VerificationFigures>;

/** `waiting`: for the workflow to run, or for the table's first load to end. */
export const VerificationPhase = z.enum([
  'waiting',
  'comparing',
  'repairing',
  'done',
  'failed',
  'cancelled',
]);
export type VerificationPhase = z.infer<typeof VerificationPhase>;

/** What whoever executes a verification tells of it. */
export const VerificationProgress = z.object({
  verificationId: z.uuid(),
  table: TableName,
  phase: VerificationPhase,
  /** For people, where there is more to say than the phase. */
  message: z.string().nullable(),
  figures: VerificationFigures,
});
export type VerificationProgress = z.infer<typeof VerificationProgress>;

/** The newest verification of a table. */
export const VerificationView = z
  .object({
    verificationId: z.uuid(),
    table: TableName,
    requestedAt: Timestamp,
    requestedBy: z.string(),
    rate: z.int().nullable(),
    repair: z.boolean(),
    forecast: VerificationForecast,
    phase: VerificationPhase,
    message: z.string().nullable(),
    /** By the control plane's clock; null: nothing was heard of it yet. */
    progressedAt: Timestamp.nullable(),
    endedAt: Timestamp.nullable(),
    figures: VerificationFigures,
  })
  .meta({ id: 'Verification' });
export type VerificationView = z.infer<typeof VerificationView>;

/** The figures of a verification that nobody has taken up. */
export const NO_VERIFICATION_FIGURES: VerificationFigures = VerificationFigures.parse({
  passIndex: 0,
  passCount: 0,
  comparedCount: 0,
  totalCount: null,
  missing: 0,
  different: 0,
  byField: {},
  leftOver: 0,
  pending: 0,
  unmappable: 0,
  leftOut: 0,
  queuedAgain: 0,
  samples: [],
  calls: { dynamics: 0, campaign: 0 },
});
