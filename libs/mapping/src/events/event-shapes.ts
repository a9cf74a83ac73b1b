import { type EventCondition, EventShape } from '@landbridge/contracts';

const CAMPAIGN = 'https:~1~1ns.adobe.com~1experience~1campaign';
/** Where the payload may stand in what a journal hands out. */
const ROOTS = ['', '/event', '/data', '/body', '/event/data', '/event/body', '/xdmEntity'];
const ENVELOPE_ID = ['/@id', '/id', '/eventid', '/event_id', '/event/@id', '/event/id'];

const count = (name: string) => `/xdm:directMarketing/xdm:${name}/xdm:value`;
const counted = (name: string) => [{ at: count(name), is: 'present' as const }];

const memberOf = (member: string) =>
  [`/${CAMPAIGN}~1message/xdm:${member}Member`, `/${CAMPAIGN}~1${member}Member`].map((at) => ({
    at,
    is: 'present' as const,
  }));

/** Reasons of a bounce that no later attempt would mend, as Campaign names and numbers them. */
const HARD_REASONS = ['unknown_user', 'unknownUser', 'user unknown', 'User unknown', '1'];
const HARD_DOMAINS = ['invalid_domain', 'invalidDomain', 'Invalid domain', '2'];

/**
 * Adobe's "Campaign ExperienceEvent". Which counter is there tells the kind; a send that became a
 * failure has both, so that bounces come first. The profile's external id has no place in it: the
 * message's `externalID` is that of the journey which sent it. Some carry the flat log mixins beside
 * the counters, so that their names are looked for as well.
 * Source  adobe/xdm, extensions/adobe/experience/campaign.
 */
export const XDM_SHAPE: EventShape = EventShape.parse({
  name: 'xdm',
  roots: ROOTS,
  envelopeId: ENVELOPE_ID,
  kinds: [
    { kind: 'bounce', hard: true, when: counted('nonDeliverables') },
    {
      kind: 'bounce',
      hard: true,
      when: [{ at: '/xdm:nonDeliverables/xdm:value', is: 'present' }],
    },
    { kind: 'bounce', hard: false, when: counted('bounces') },
    { kind: 'click', when: counted('clicks') },
    { kind: 'open', when: counted('opens') },
    { kind: 'send', when: counted('sends') },
    { kind: 'other', when: counted('mirrorPages') },
    { kind: 'other', when: counted('unsubscriptions') },
  ],
  at: ['/xdm:timestamp', '/timestamp'],
  channel: ['/xdm:channel/@id', '/xdm:channel', `/${CAMPAIGN}~1deliveryType`],
  externalId: [
    `/${CAMPAIGN}~1externalID`,
    `/${CAMPAIGN}~1profile/xdm:externalID`,
    `/${CAMPAIGN}~1message/xdm:profile/xdm:externalID`,
    `/${CAMPAIGN}~1message/xdm:profile/xdm:externalId`,
  ],
  recipientId: [`/${CAMPAIGN}~1recipientID`, `/xdm:endUserIDs/${CAMPAIGN}/xdm:id`],
  campaignName: [
    `/${CAMPAIGN}~1marketingCampaign/xdm:campaignName`,
    `/${CAMPAIGN}~1campaignName`,
    `/${CAMPAIGN}~1campaignID`,
  ],
  deliveryName: [
    `/${CAMPAIGN}~1delivery/xdm:deliveryName`,
    `/${CAMPAIGN}~1deliveryName`,
    `/${CAMPAIGN}~1deliveryID`,
  ],
  trackingUrl: [`/${CAMPAIGN}~1link/xdm:url`, `/${CAMPAIGN}~1url`],
  mirrorPageUrl: [
    `/${CAMPAIGN}~1message/xdm:mirrorPageURL`,
    `/${CAMPAIGN}~1mirrorPageURL`,
    '/mirrorPageURL',
    '/mirrorPageUrl',
  ],
  messageId: [`/${CAMPAIGN}~1message/xdm:id`, `/${CAMPAIGN}~1broadlogID`],
  linkId: [`/${CAMPAIGN}~1link/xdm:id`, `/${CAMPAIGN}~1trackinglogID`],
  seed: memberOf('seed'),
  proof: memberOf('proof'),
  test: memberOf('test'),
});

const KIND_WORDS = {
  send: ['send', 'sends', 'sent'],
  open: ['open', 'opens', 'opened'],
  click: ['click', 'clicks', 'clicked', 'urlClick', 'url click'],
  hardBounce: ['hardBounce', 'hard bounce', 'hard_bounce', 'nonDeliverable'],
  bounce: ['bounce', 'bounces'],
  softBounce: ['softBounce', 'soft bounce', 'soft_bounce'],
  other: ['mirrorPage', 'unsubscription', 'unsubscribe'],
} as const;

const SENT = ['sent', '1', 'delivered', 'success'];
const FAILED = ['failed', '2', 'failure', 'bounced'];

type KindRules = EventShape['kinds'];

/** How a bounce, which `isBounce` knows, says whether it is for good; nothing where it does not. */
function bounceKinds(at: (field: string) => string, isBounce: EventCondition): KindRules {
  const says = (hard: boolean, field: string, is: EventCondition['is']): KindRules[number] => ({
    kind: 'bounce',
    hard,
    when: [isBounce, { at: at(field), is }],
  });
  return [
    says(true, 'failureType', ['hard', '2']),
    says(false, 'failureType', ['soft', '1', 'ignored', '0']),
    says(true, 'reason', [...HARD_REASONS, ...HARD_DOMAINS]),
    says(false, 'reason', 'present'),
  ];
}

/** What a log's row says of itself: by its status, or by having been followed at all. */
export function logKinds(at: (field: string) => string): EventShape['kinds'] {
  const failed = { at: at('status'), is: FAILED };
  const tracked = { at: at('trackinglogID'), is: 'present' as const };
  const url = at('url');
  return EventShape.shape.kinds.parse([
    ...bounceKinds(at, failed),
    { kind: 'bounce', when: [failed] },
    { kind: 'send', when: [{ at: at('status'), is: SENT }] },
    { kind: 'open', when: [tracked, { at: at('urlID'), is: ['1'] }] },
    { kind: 'open', when: [tracked, { at: at('urlLabel'), is: ['open'] }] },
    {
      kind: 'other',
      when: [tracked, { at: at('urlLabel'), is: ['mirror page', 'unsubscription', 'opt-out'] }],
    },
    { kind: 'click', when: [tracked, { at: url, is: 'present' }] },
    { kind: 'open', when: [tracked, { at: url, is: 'absent' }] },
    { kind: 'other', when: [{ at: at('status'), is: 'present' }] },
  ]);
}

function namedKinds(at: (field: string) => string): EventShape['kinds'] {
  const named = (words: readonly string[]): EventCondition[] =>
    ['eventType', 'type', 'kind', 'event'].map((field) => ({ at: at(field), is: [...words] }));
  const rule = (words: readonly string[], kind: KindRules[number]['kind'], hard: boolean | null) =>
    named(words).map((condition) => ({ kind, hard, when: [condition] }));
  return EventShape.shape.kinds.parse([
    ...rule(KIND_WORDS.send, 'send', null),
    ...rule(KIND_WORDS.open, 'open', null),
    ...rule(KIND_WORDS.click, 'click', null),
    ...rule(KIND_WORDS.hardBounce, 'bounce', true),
    ...rule(KIND_WORDS.softBounce, 'bounce', false),
    ...named(KIND_WORDS.bounce).flatMap((condition) => bounceKinds(at, condition)),
    ...rule(KIND_WORDS.bounce, 'bounce', true),
    ...rule(KIND_WORDS.other, 'other', null),
  ]);
}

/** The flat log mixins of XDM, with their names as they are or behind Adobe's namespace. */
function flatShape(name: string, at: (field: string) => string): EventShape {
  return EventShape.parse({
    name,
    roots: ROOTS,
    envelopeId: ENVELOPE_ID,
    kinds: [...namedKinds(at), ...logKinds(at)],
    at: ['timestamp', 'eventDate', 'date', 'time'].map(at).concat('/xdm:timestamp', '/timestamp'),
    channel: ['deliveryType', 'channel'].map(at).concat('/xdm:channel/@id'),
    externalId: ['externalID', 'externalId'].map(at),
    recipientId: ['recipientID', 'recipientId'].map(at),
    campaignName: ['campaignName', 'campaignID', 'campaignId'].map(at),
    deliveryName: ['deliveryName', 'deliveryLabel', 'deliveryID', 'deliveryId'].map(at),
    trackingUrl: ['url', 'trackingUrl', 'trackingURL'].map(at),
    mirrorPageUrl: ['mirrorPageURL', 'mirrorPageUrl', 'mirrorPage'].map(at),
    messageId: ['broadlogID', 'broadlogId', 'messageID', 'messageId', 'trackinglogID'].map(at),
    linkId: ['trackinglogID', 'urlID', 'linkID', 'url'].map(at),
    seed: [{ at: at('seedMember'), is: 'present' }],
    proof: [{ at: at('proofMember'), is: 'present' }],
    test: [{ at: at('testMember'), is: 'present' }],
  });
}

export const FLAT_SHAPE: EventShape = flatShape('flat', (field) => `/${field}`);
const FLAT_XDM_SHAPE = flatShape('flatXdm', (field) => `/${CAMPAIGN}~1${field}`);

/** The shapes that are tried where nothing else is configured, in this order. */
export const DEFAULT_SHAPES: readonly EventShape[] = [XDM_SHAPE, FLAT_XDM_SHAPE, FLAT_SHAPE];
