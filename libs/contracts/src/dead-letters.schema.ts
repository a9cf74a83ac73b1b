import { z } from 'zod';
import { Timestamp } from './ids.schema.ts';

/** A record that its destination refused and that nobody has dealt with: one of each key. */
export const DeadLetterView = z
  .object({
    id: z.string(),
    table: z.string(),
    key: z.string(),
    /** The newest. */
    reason: z.object({ code: z.string(), message: z.string() }),
    /** All of them, also those before a retry. */
    attempts: z.int(),
    since: Timestamp,
  })
  .meta({ id: 'DeadLetter' });
export type DeadLetterView = z.infer<typeof DeadLetterView>;

/** How many open dead letters there are, by table and reason. */
export const DeadLetterSummary = z
  .object({
    total: z.int(),
    groups: z.array(
      z.object({ table: z.string(), code: z.string(), count: z.int(), oldest: Timestamp }),
    ),
  })
  .meta({ id: 'DeadLetterSummary' });
export type DeadLetterSummary = z.infer<typeof DeadLetterSummary>;

/**
 * `retried`: letters asked to be read again by this request. `waits`: until somebody starts the
 * workflow; a run that is starting takes it up.
 */
export const DeadLetterRetry = z
  .object({ retried: z.int(), waits: z.boolean() })
  .meta({ id: 'DeadLetterRetry' });
export type DeadLetterRetry = z.infer<typeof DeadLetterRetry>;
