import type { EventKind } from '@landbridge/contracts';

/** Whom an event is about: the contact's own key, or Campaign's internal one. */
export type EventProfile = { by: 'externalId' | 'recipientId'; value: string };

/**
 * One thing that happened to one message, as the timeline shows it.
 * Shape  `id` is the same however often, and in whatever order, the event arrives; `at` is RFC 3339
 *        in UTC; bounces are hard ones, members are no seeds, proofs or tests.
 */
export type CampaignEvent = {
  id: string;
  kind: EventKind;
  at: string;
  profile: EventProfile;
  campaignName: string | null;
  deliveryName: string | null;
  subject: string;
  trackingUrl: string | null;
  mirrorPageUrl: string | null;
};

/** Why a readable event has no place on a timeline. */
export type LeftOut =
  'seed' | 'proof' | 'test' | 'otherChannel' | 'softBounce' | 'bounceUnclear' | 'otherKind';

export type EventPart = 'kind' | 'at' | 'profile' | 'id';

/** `missing`: what could not be found or read; `message` says so without any of the values. */
export type EventRejection = { code: 'eventUnreadable'; missing: EventPart[]; message: string };

export type ExtractedEvent =
  | { outcome: 'event'; event: CampaignEvent }
  | { outcome: 'leftOut'; reason: LeftOut }
  | { outcome: 'rejected'; rejection: EventRejection };

/** As Adobe's own solution writes it; a delivery without a campaign has only its own name. */
export function activitySubject(event: Pick<CampaignEvent, 'campaignName' | 'deliveryName'>) {
  const parts = [
    event.campaignName === null ? [] : [`Campaign Name: ${event.campaignName}`],
    event.deliveryName === null ? [] : [`Delivery Name: ${event.deliveryName}`],
  ].flat();
  return parts.length === 0 ? 'Adobe Campaign' : parts.join('; ');
}
