import { z } from 'zod';

/** The marketing events that reach a contact's timeline. */
export const EventKind = z.enum(['send', 'open', 'click', 'bounce']);
export type EventKind = z.infer<typeof EventKind>;

/** A JSON pointer (RFC 6901): empty for the whole, else `/name/inner`; `~1` writes a slash. */
export const JsonPointer = z
  .string()
  .max(1_024)
  .regex(/^(\/([^~/]|~[01])*)*$/, 'must be a JSON pointer, such as /event/id');

/** Places where a value may stand, tried in order; the first that holds one counts. */
const Places = z.array(JsonPointer).max(20);

/**
 * What must hold of one place. `present`: there is something other than nothing, 0 and false. A
 * list: the value, as text and without regard to case, is one of these.
 */
export const EventCondition = z.strictObject({
  at: JsonPointer,
  is: z.union([z.enum(['present', 'absent']), z.array(z.string().max(256)).min(1).max(50)]),
});
export type EventCondition = z.infer<typeof EventCondition>;

/**
 * An event is of this kind when all of `when` hold; `other` is one that no timeline shows, such as
 * an unsubscription. `hard`: of a bounce, whether it is for good; null: not told.
 */
const KindRule = z.strictObject({
  kind: z.enum([...EventKind.options, 'other']),
  hard: z.boolean().nullable().default(null),
  when: z.array(EventCondition).min(1).max(10),
});

/**
 * Where an event keeps what the timeline needs. Adobe's payload is not public, so that what an
 * instance really sends can be told here. The envelope's own places are looked up in the whole;
 * the others under the first of `roots` where one of `kinds` holds.
 */
export const EventShape = z
  .strictObject({
    name: z.string().min(1).max(64),
    roots: z.array(JsonPointer).min(1).max(10).default(['']),
    /** The id by which a repeated event is known. */
    envelopeId: Places,
    /** The id of a log's row, whose state may change, so that the kind is part of the event's id. */
    logId: Places.default([]),
    kinds: z.array(KindRule).min(1).max(100),
    at: Places.min(1),
    /** The channel or the delivery's type; what is known to be no e-mail is left out. */
    channel: Places.default([]),
    externalId: Places,
    recipientId: Places,
    campaignName: Places,
    deliveryName: Places,
    trackingUrl: Places,
    mirrorPageUrl: Places.default([]),
    /** With the kind, the link and the time, what an event without any id is known by. */
    messageId: Places,
    linkId: Places.default([]),
    seed: z.array(EventCondition).max(10).default([]),
    proof: z.array(EventCondition).max(10).default([]),
    test: z.array(EventCondition).max(10).default([]),
  })
  .meta({ id: 'EventShape' });
export type EventShape = z.infer<typeof EventShape>;
