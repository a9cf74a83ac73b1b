import type { EventShape } from '@landbridge/contracts';
import { parseInstant } from '../date-values.ts';
import {
  activitySubject,
  type EventPart,
  type EventProfile,
  type EventRejection,
  type ExtractedEvent,
  type LeftOut,
} from './campaign-event.ts';
import { DEFAULT_SHAPES } from './event-shapes.ts';
import { holds, textAt, valueAt } from './json-place.ts';

type KindRule = EventShape['kinds'][number];
type Match = { shape: EventShape; body: unknown; rule: KindRule };

/**
 * Reads one event by the first of `shapes` that knows its kind. What it lacks is named; what it
 * holds is not, because reasons reach the event log.
 */
export function extractEvent(
  whole: unknown,
  shapes: readonly EventShape[] = DEFAULT_SHAPES,
): ExtractedEvent {
  const match = matchOf(whole, shapes);
  if (match === null) return rejected(['kind'], 'no known shape');
  const reason = leftOutBy(match);
  return reason === null ? read(whole, match) : { outcome: 'leftOut', reason };
}

function read(whole: unknown, { shape, body, rule }: Match): ExtractedEvent {
  const at = instantOf(textAt(body, shape.at));
  const profile = profileOf(shape, body);
  const id = at === null ? null : idOf(whole, { shape, body, rule }, at);
  const missing: EventPart[] = [
    at === null ? (['at'] as const) : [],
    profile === null ? (['profile'] as const) : [],
    at !== null && id === null ? (['id'] as const) : [],
  ].flat();
  if (at === null || profile === null || id === null || rule.kind === 'other') {
    return rejected(missing, `shape ${shape.name}`);
  }
  const names = {
    campaignName: textAt(body, shape.campaignName),
    deliveryName: textAt(body, shape.deliveryName),
  };
  return {
    outcome: 'event',
    event: {
      id,
      kind: rule.kind,
      at,
      profile,
      ...names,
      subject: activitySubject(names),
      trackingUrl: rule.kind === 'click' ? textAt(body, shape.trackingUrl) : null,
      mirrorPageUrl: textAt(body, shape.mirrorPageUrl) ?? textAt(whole, shape.mirrorPageUrl),
    },
  };
}

function matchOf(whole: unknown, shapes: readonly EventShape[]): Match | null {
  for (const shape of shapes) {
    for (const root of shape.roots) {
      const body = valueAt(whole, root);
      const rule = shape.kinds.find(({ when }) => when.every((one) => holds(body, one)));
      if (rule !== undefined) return { shape, body, rule };
    }
  }
  return null;
}

function leftOutBy({ shape, body, rule }: Match): LeftOut | null {
  for (const member of ['seed', 'proof', 'test'] as const) {
    if (shape[member].some((condition) => holds(body, condition))) return member;
  }
  const channel = textAt(body, shape.channel);
  if (channel !== null && isOtherChannel(channel)) return 'otherChannel';
  if (rule.kind === 'other') return 'otherKind';
  if (rule.kind !== 'bounce' || rule.hard === true) return null;
  return rule.hard === false ? 'softBounce' : 'bounceUnclear';
}

const OTHER_CHANNELS =
  /^(sms|mms|(mobile )?push( notification)?|mobile( ?app)?|in-?app( message)?|direct ?mail|paper|fax|phone|call|line)$/i;

/**
 * Adobe's address of a channel, a delivery's type (0: e-mail) or a name. Names are in whatever
 * language a file was exported in, so that one that nobody knows is taken for e-mail.
 */
function isOtherChannel(channel: string): boolean {
  if (/^\d+$/.test(channel)) return channel !== '0';
  return channel.includes('/') ? !/\/e-?mail$/i.test(channel) : OTHER_CHANNELS.test(channel);
}

/** The external id is the contact's own key, so it comes first; Campaign writes 0 for no recipient. */
function profileOf(shape: EventShape, body: unknown): EventProfile | null {
  const externalId = textAt(body, shape.externalId);
  if (externalId !== null) return { by: 'externalId', value: externalId };
  const recipientId = textAt(body, shape.recipientId);
  return recipientId === null || recipientId === '0'
    ? null
    : { by: 'recipientId', value: recipientId };
}

/** The envelope's id, else the log row's with the kind, else what makes the event what it is. */
function idOf(whole: unknown, { shape, body, rule }: Match, at: string): string | null {
  const envelopeId = textAt(whole, shape.envelopeId);
  if (envelopeId !== null) return `event:${envelopeId}`;
  const logId = textAt(body, shape.logId);
  if (logId !== null) return `${shape.name}:${encodeURIComponent(logId)}:${rule.kind}`;
  const messageId = textAt(body, shape.messageId);
  if (messageId === null) return null;
  const linkId = textAt(body, shape.linkId) ?? '';
  return `message:${[messageId, rule.kind, linkId, at].map(encodeURIComponent).join(':')}`;
}

const EPOCH = /^(\d{10})(\d{3})?$/;

/** RFC 3339 in UTC; a time without a zone is UTC, one finer than a millisecond is cut to it. */
export function instantOf(text: string | null): string | null {
  if (text === null) return null;
  const [, seconds, milliseconds = '000'] = EPOCH.exec(text) ?? [];
  if (seconds !== undefined) return new Date(Number(`${seconds}${milliseconds}`)).toISOString();
  const plain = text
    .replace(/^(\d{4})\/(\d{2})\/(\d{2})/, '$1-$2-$3')
    .replace(/(\.\d{3})\d+/, '$1')
    .replace(/([+-]\d{2})(\d{2})$/, '$1:$2');
  const instant = parseInstant(plain);
  return instant === null ? null : new Date(instant.epochMs).toISOString();
}

const PART_NAMES = {
  kind: 'what happened',
  at: 'a readable time',
  profile: 'the profile’s external id or recipient id',
  id: 'an id of the event or its message',
} as const satisfies Record<EventPart, string>;

function rejected(missing: EventPart[], shape: string): ExtractedEvent {
  const names = missing.map((part) => PART_NAMES[part]).join(', ');
  const rejection: EventRejection = {
    code: 'eventUnreadable',
    missing,
    message: `The event does not tell ${names} (${shape})`,
  };
  return { outcome: 'rejected', rejection };
}
