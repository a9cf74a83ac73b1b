import { z } from 'zod';
import { Revision, RunId, TableName, Timestamp } from './ids.schema.ts';
import { ComparedField, FilterVerdictView } from './preview.schema.ts';

/** Why a record is or is not in Campaign as it is in Dynamics; `kind` is for programs. */
export const RecordVerdict = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('notMapped') }),
    /** `stillInCampaign`: Landbridge wrote it, and it is there yet. */
    z.object({ kind: z.literal('notInDynamics'), stillInCampaign: z.boolean() }),
    z.object({
      kind: z.literal('filteredOut'),
      pointers: z.array(z.string()),
      stillInCampaign: z.boolean(),
    }),
    /** It is deleted in Campaign once `count` records refer to it no more, such as the one named. */
    z.object({
      kind: z.literal('waitingForChildren'),
      because: z.enum(['deleted', 'filteredOut']),
      table: TableName,
      key: z.string(),
      count: z.int(),
    }),
    z.object({ kind: z.literal('queued'), since: Timestamp, beingWritten: z.boolean() }),
    z.object({ kind: z.literal('waitingForParent'), table: TableName, key: z.string() }),
    z.object({ kind: z.literal('awaitingApproval'), since: Timestamp }),
    z.object({
      kind: z.literal('dead'),
      deadLetterId: z.string(),
      reason: z.object({ code: z.string(), message: z.string() }),
    }),
    /** It was refused, and a person discarded its dead letter. `parent`: for want of which it was. */
    z.object({
      kind: z.literal('discarded'),
      deadLetterId: z.string(),
      at: Timestamp,
      by: z.string(),
      missing: z.boolean(),
      parent: z
        .object({
          table: TableName,
          key: z.string(),
          because: z.enum(['filteredOut', 'deleted', 'rejected', 'missing']).nullable(),
        })
        .nullable(),
    }),
    /** The mapping cannot convert it as it is now. */
    z.object({
      kind: z.literal('unmappable'),
      reason: z.object({ code: z.string(), message: z.string(), field: z.string() }),
    }),
    z.object({
      kind: z.literal('notReadYet'),
      because: z.enum(['neverStarted', 'firstLoad', 'notWritten', 'notRunning', 'changeNotRead']),
    }),
    /**
     * Campaign has a record with its key that Landbridge did not write and leaves alone, for the
     * mapping's `adoptExisting` is off. `fields` names what differs.
     */
    z.object({ kind: z.literal('notOurs'), fields: z.array(z.string()) }),
    /** `writtenAt` null: the memory of its last write is gone, and both sides are equal all the same. */
    z.object({
      kind: z.literal('inStep'),
      writtenAt: Timestamp.nullable(),
      version: z.string().nullable(),
    }),
    /** `fields` names what differs; all of it where Campaign has no record. */
    z.object({
      kind: z.literal('different'),
      missing: z.boolean(),
      fields: z.array(z.string()),
      writtenAt: Timestamp.nullable(),
    }),
  ])
  .meta({ id: 'RecordVerdict' });
export type RecordVerdict = z.infer<typeof RecordVerdict>;

/** A record's message in the queue. */
export const QueueEvidence = z.object({
  since: Timestamp,
  change: z.enum(['upsert', 'delete']),
  version: z.string().nullable(),
  /** It was handed to a writer and is not settled. */
  beingWritten: z.boolean(),
});
export type QueueEvidence = z.infer<typeof QueueEvidence>;

export const RecordEvidence = z
  .object({
    dynamics: z
      .object({ modifiedOn: Timestamp.nullable(), version: z.string().nullable() })
      .nullable(),
    filter: FilterVerdictView.nullable(),
    /** `searchedAll` false: the queue is longer than what was looked through. */
    queue: z.object({
      messages: z.array(QueueEvidence),
      searchedAll: z.boolean(),
      lookedAtCount: z.int(),
    }),
    /** What Landbridge remembers of its last write; `deleted`: it took the record out of Campaign. */
    memory: z
      .object({ writtenAt: Timestamp, version: z.string().nullable(), deleted: z.boolean() })
      .nullable(),
    deadLetter: z
      .object({
        id: z.string(),
        reason: z.object({ code: z.string(), message: z.string() }),
        attempts: z.int(),
        since: Timestamp,
      })
      .nullable(),
    /** How far the table was read; null: not at all. */
    reading: z.object({ phase: z.string() }).nullable(),
    campaign: z
      .object({
        key: z.string(),
        found: z.enum(['yes', 'no', 'several']),
        fields: z.array(ComparedField),
      })
      .nullable(),
  })
  .meta({ id: 'RecordEvidence' });
export type RecordEvidence = z.infer<typeof RecordEvidence>;

export const RecordExplanation = z
  .object({
    table: TableName,
    id: z.string(),
    /** One sentence for people. */
    summary: z.string(),
    verdict: RecordVerdict,
    /** Which configuration was asked: the active run's if there is one, else the saved one. */
    configuration: z.object({
      from: z.enum(['activeRun', 'saved']),
      revision: Revision,
      runId: RunId.nullable(),
      /** An edit was saved that waits for Stop and Start. */
      editPending: z.boolean(),
    }),
    evidence: RecordEvidence,
    /** How long the answer took, milliseconds. */
    tookMs: z.number(),
  })
  .meta({ id: 'RecordExplanation' });
export type RecordExplanation = z.infer<typeof RecordExplanation>;
