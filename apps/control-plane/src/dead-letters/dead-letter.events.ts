import { RunId, Timestamp } from '@landbridge/contracts';
import { z } from 'zod';

/** Which letter of which record. `superseded`: earlier letters of it, which go with this one. */
const Letter = {
  deadLetterId: z.string(),
  table: z.string(),
  key: z.string(),
  superseded: z.array(z.string()),
};

/** What a person does about a letter. */
export const Dealing = z.discriminatedUnion('type', [
  /** A person asked for the record to be read again at its source, and written. */
  z.object({ type: z.literal('DeadLetterRetried'), ...Letter }),
  /** A person decided that nothing is to be done. */
  z.object({ type: z.literal('DeadLetterDiscarded'), ...Letter, note: z.string() }),
]);
export type Dealing = z.infer<typeof Dealing>;

/**
 * What became of records that their destination refused, on `dead-letters-<instance>-<workflow>`.
 * Shape   the key and the reason; the record itself lies in JetStream, never here.
 */
export const DeadLetterEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('DeadLetterStored'),
    deadLetterId: z.string(),
    runId: RunId,
    table: z.string(),
    key: z.string(),
    reason: z.object({ code: z.string(), message: z.string() }),
    attempts: z.int().nonnegative(),
    at: Timestamp,
  }),
  Dealing,
  /** What it was refused for is no more: the record was read again by itself, and was not refused. */
  z.object({ type: z.literal('DeadLetterReleased'), ...Letter }),
  /** What a retry of all of a kind came to; recorded for its Idempotency-Key alone. */
  z.object({ type: z.literal('RetryAllAnswered'), retried: z.int().nonnegative() }),
]);
export type DeadLetterEvent = z.infer<typeof DeadLetterEvent>;
export type DeadLetterEventOf<Type extends DeadLetterEvent['type']> = Extract<
  DeadLetterEvent,
  { type: Type }
>;
