import { z } from 'zod';
import { InstanceId, RunId, Timestamp } from './ids.schema.ts';
import { OptoutName } from './optout-attributes.schema.ts';

/**
 * One decision about one opt-out of one person. Nothing personal but the contact's id.
 * Kept for 400 days, the last 100 of each opt-out of each contact.
 */
export const OptinDecision = z
  .object({
    decidedAt: Timestamp,
    instance: InstanceId,
    runId: RunId,
    contactId: z.guid(),
    attribute: OptoutName,
    /** The column of contact that the opt-out is kept in step with. */
    column: z.string(),
    direction: z.enum(['campaign-to-dynamics', 'bidirectional']),
    /** `comparedAs`: before our own writes, where nobody else has changed the contact since. */
    dynamics: z.object({
      value: z.boolean().nullable(),
      modifiedOn: Timestamp,
      comparedAs: Timestamp,
    }),
    /** `changedAt` null: never, or Campaign does not tell. */
    campaign: z.object({ value: z.boolean().nullable(), changedAt: Timestamp.nullable() }),
    toleratedSkewSeconds: z.int().nonnegative(),
    rule: z.enum(['agree', 'campaignOnly', 'campaignNewer', 'dynamicsNewerOrEqual', 'withinSkew']),
    winner: z.enum(['dynamics', 'campaign', 'both']),
    /** What holds on both sides from then on. */
    value: z.boolean(),
    /** The side that `value` was written to. */
    written: z.enum(['nothing', 'dynamics', 'campaign']),
  })
  .meta({ id: 'OptinDecision' });
export type OptinDecision = z.infer<typeof OptinDecision>;
