import { z } from 'zod';

/** `bounce` is a hard one: the address does not exist. `softBounce` may be delivered later. */
export const MailKind = z.enum([
  'send',
  'open',
  'click',
  'bounce',
  'softBounce',
  'mirrorPage',
  'unsubscribe',
]);
export type MailKind = z.infer<typeof MailKind>;

/** Who got the message: a profile, or an address that only tests and proves deliveries. */
export const Member = z.enum(['none', 'seed', 'proof', 'test']);
export type Member = z.infer<typeof Member>;

/**
 * One thing that happened to one message, as Campaign knows it: the ledger that tests compare with.
 * Shape  `id` is the event's own, the same however often it is delivered; `externalId` `''` for a
 *        profile without one; `broadLogId` names the message, `trackingLogId` the open or click in
 *        the tracking log (null for what the delivery log holds); `optOut` what an unsubscription
 *        changed on the profile.
 * Units  `at` is RFC 3339 in UTC with milliseconds.
 */
export type MailEvent = {
  n: number;
  id: string;
  kind: MailKind;
  at: string;
  externalId: string;
  recipientId: number;
  email: string;
  member: Member;
  broadLogId: number;
  trackingLogId: number | null;
  delivery: Delivery;
  link: Link | null;
  reason: string;
  mirrorPage: string;
  optOut: { attribute: string; value: boolean } | null;
};

export type Delivery = {
  id: number;
  name: string;
  label: string;
  campaignId: number;
  campaignName: string;
};

export type Link = { id: string; url: string; label: string };

/** What a test orders; what is left out is made up. `broadLogId` ties an open to its send. */
export const MailEventInput = z.strictObject({
  kind: MailKind,
  externalId: z.string().optional(),
  id: z.string().min(1).optional(),
  at: z.iso.datetime().optional(),
  member: Member.optional(),
  broadLogId: z.int().min(1).optional(),
  deliveryName: z.string().optional(),
  campaignName: z.string().optional(),
  url: z.string().optional(),
  reason: z.string().optional(),
  mirrorPage: z.string().optional(),
});
export type MailEventInput = z.infer<typeof MailEventInput>;

const Share = z.number().min(0).max(1);

/** One delivery to many: `to` names profiles by externalId, else every profile gets it. */
export const Mailing = z.strictObject({
  to: z.array(z.string()).optional(),
  deliveryName: z.string().optional(),
  campaignName: z.string().optional(),
  opens: Share.default(0.4),
  clicks: Share.default(0.1),
  bounces: Share.default(0.02),
  softBounces: Share.default(0.02),
  /** Seed, proof and test members on top of the profiles. */
  members: z.int().min(0).default(0),
});
export type MailingInput = z.input<typeof Mailing>;

/** Picks entries of the ledger: of one kind, later than number `after`, without members. */
export const LedgerQuery = z.strictObject({
  kind: MailKind.optional(),
  after: z.int().min(0).optional(),
  externalId: z.string().optional(),
  profilesOnly: z.boolean().default(false),
  limit: z.int().min(1).optional(),
});
export type LedgerQueryInput = z.input<typeof LedgerQuery>;

/** Exact since the beginning; `byKind` counts profiles alone, `members` all the others. */
export type LedgerCounts = {
  total: number;
  byKind: Record<MailKind, number>;
  members: number;
  lastId: string | null;
};
