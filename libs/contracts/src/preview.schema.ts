import { z } from 'zod';
import { FilterCondition, TableMapping } from './configuration.schema.ts';
import { Timestamp } from './ids.schema.ts';

/** Records that one preview reads. */
const RECORDS_MAX = 20;

/** Which records to try, and with which mapping: a draft, or what is saved. */
export const PreviewBody = z
  .strictObject({
    mapping: TableMapping.optional(),
    ids: z.array(z.guid()).min(1).max(RECORDS_MAX).optional(),
    /** So many of those that changed last; only without `ids`. */
    last: z.int().min(1).max(RECORDS_MAX).optional(),
  })
  .refine(({ ids, last }) => ids === undefined || last === undefined, {
    path: ['last'],
    message: 'say either ids or last',
  })
  .meta({ id: 'PreviewBody' });
export type PreviewBody = z.infer<typeof PreviewBody>;

/** A column as it was read; `label` is the column's, `valueLabel` that of a choice. */
export const SourceValueView = z
  .object({
    column: z.string(),
    label: z.string(),
    /** Absent: Dynamics did not send the column. */
    value: z.unknown().optional(),
    valueLabel: z.string().nullable(),
  })
  .meta({ id: 'SourceValue' });
export type SourceValueView = z.infer<typeof SourceValueView>;

export const FilterVerdictView = z
  .object({
    /** `undetermined`: a column was not read; `unreadable`: one holds a value not of its type. */
    verdict: z.enum(['passes', 'fails', 'undetermined', 'unreadable']),
    /** The conditions that settled it, with their JSON pointers inside the mapping. */
    deciding: z.array(
      z.object({ pointer: z.string(), condition: FilterCondition, sentence: z.string() }),
    ),
  })
  .meta({ id: 'FilterVerdict' });
export type FilterVerdictView = z.infer<typeof FilterVerdictView>;

const Rejection = z.object({ code: z.string(), message: z.string() });

/** One attribute: what would be written, what Campaign holds, and whether the two differ. */
export const ComparedField = z
  .object({
    campaign: z.string(),
    dynamics: z.string(),
    applyUpdates: z.boolean(),
    /** What the mapping makes of the column; absent where it was rejected or not read. */
    mapped: z.unknown().optional(),
    rejected: Rejection.nullable(),
    /** As Campaign shows it; absent where there is no record. */
    held: z.unknown().optional(),
    differs: z.boolean(),
  })
  .meta({ id: 'ComparedField' });
export type ComparedField = z.infer<typeof ComparedField>;

/**
 * What a write would do to Campaign's record. `notOurs`: it is somebody else's, and stays as it is.
 * `parentWillNotCome`: a record that it refers to will not be in Campaign, so it is a dead letter.
 */
export const PreviewOutcome = z.enum([
  'insert',
  'update',
  'nothing',
  'delete',
  'leftOut',
  'rejected',
  'notOurs',
  'waitsForParent',
  'parentWillNotCome',
]);
export type PreviewOutcome = z.infer<typeof PreviewOutcome>;

export const PreviewedRecord = z
  .object({
    id: z.string(),
    modifiedOn: Timestamp.nullable(),
    summary: z.string(),
    outcome: PreviewOutcome,
    source: z.array(SourceValueView),
    filter: FilterVerdictView,
    /** The record's key as Campaign gets it; null where it was rejected. */
    key: z.object({
      campaign: z.string(),
      value: z.string().nullable(),
      rejected: Rejection.nullable(),
    }),
    fields: z.array(ComparedField),
    /** The attributes that a write would change. */
    changes: z.array(z.string()),
    /** Whether Campaign has the record now; `several`: its key is not unique there. */
    inCampaign: z.enum(['yes', 'no', 'several', 'unknown']),
  })
  .meta({ id: 'PreviewedRecord' });
export type PreviewedRecord = z.infer<typeof PreviewedRecord>;

export const Preview = z
  .object({
    records: z.array(PreviewedRecord),
    /** Of the ids that were asked for, those that Dynamics does not have. */
    notFound: z.array(z.string()),
    warnings: z.array(z.object({ pointer: z.string(), message: z.string() })),
  })
  .meta({ id: 'Preview' });
export type Preview = z.infer<typeof Preview>;
