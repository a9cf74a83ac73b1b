import { describe, expect, test } from '@jest/globals';
import { EventShape } from '@landbridge/contracts';
import fc from 'fast-check';
import { DEFAULT_SHAPES, extractEvent, type CampaignEvent } from '../src/index.ts';

const NS = 'https://ns.adobe.com/experience/campaign';
const AT = '2026-03-01T15:52:25.000Z';

/** As adobe/xdm's examples have it. */
function xdm(counter: object, message: object = {}, rest: object = {}) {
  return {
    'xdm:timestamp': '2026-03-01T15:52:25+00:00',
    'xdm:directMarketing': counter,
    'xdm:endUserIDs': { [NS]: { 'xdm:id': '1234567', 'xdm:namespace': { 'xdm:code': 'CPGN' } } },
    [`${NS}/message`]: { 'xdm:id': 10_000, 'xdm:seedMember': false, ...message },
    [`${NS}/delivery`]: { 'xdm:id': 1001, 'xdm:deliveryName': 'DM200' },
    [`${NS}/marketingCampaign`]: { 'xdm:id': 100, 'xdm:campaignName': 'CAMP2010' },
    [`${NS}/link`]: { 'xdm:id': '98765', 'xdm:url': 'https://shop.test/a' },
    ...rest,
  };
}
const one = { 'xdm:value': 1 };

function eventOf(whole: unknown): CampaignEvent {
  const extracted = extractEvent(whole);
  if (extracted.outcome !== 'event') throw new Error(JSON.stringify(extracted));
  return extracted.event;
}

describe('the XDM shape', () => {
  test('a click has everything that the timeline shows', () => {
    expect(eventOf({ '@id': 'e1', ...xdm({ 'xdm:clicks': one }) })).toEqual({
      id: 'event:e1',
      kind: 'click',
      at: AT,
      profile: { by: 'recipientId', value: '1234567' },
      campaignName: 'CAMP2010',
      deliveryName: 'DM200',
      subject: 'Campaign Name: CAMP2010; Delivery Name: DM200',
      trackingUrl: 'https://shop.test/a',
      mirrorPageUrl: null,
    });
  });

  test.each([
    ['sends', 'send'],
    ['opens', 'open'],
    ['nonDeliverables', 'bounce'],
  ])('%s is a %s, which shows no link', (counter, kind) => {
    expect(eventOf(xdm({ [`xdm:${counter}`]: one }))).toMatchObject({ kind, trackingUrl: null });
  });

  test('a send that later became a failure is a hard bounce', () => {
    const failed = xdm({ 'xdm:sends': one }, {}, { 'xdm:nonDeliverables': one });
    expect(eventOf(failed).kind).toBe('bounce');
  });

  test('a counter of nothing is none', () => {
    const counted = xdm({ 'xdm:clicks': { 'xdm:value': 0 }, 'xdm:opens': one });
    expect(eventOf(counted).kind).toBe('open');
  });

  test.each([
    [xdm({ 'xdm:bounces': one }), 'softBounce'],
    [xdm({ 'xdm:unsubscriptions': one }), 'otherKind'],
    [xdm({ 'xdm:sends': one }, { 'xdm:seedMember': true }), 'seed'],
    [xdm({ 'xdm:sends': one }, { 'xdm:proofMember': true }), 'proof'],
    [xdm({ 'xdm:sends': one }, { 'xdm:testMember': true }), 'test'],
  ])('%# is left out for a reason with a name', (whole, reason) => {
    expect(extractEvent(whole)).toEqual({ outcome: 'leftOut', reason });
  });

  const channel = (name: string) => ({
    'xdm:channel': { '@id': `https://ns.adobe.com/xdm/channels/${name}` },
  });
  test('an SMS or a push is no e-mail, so that it is left out', () => {
    for (const name of ['sms', 'push']) {
      const told = extractEvent(xdm({ 'xdm:opens': one }, {}, channel(name)));
      expect(told).toEqual({ outcome: 'leftOut', reason: 'otherChannel' });
    }
    expect(eventOf(xdm({ 'xdm:opens': one }, {}, channel('email'))).kind).toBe('open');
    const mixins = { [`${NS}/deliveryType`]: 1 };
    expect(extractEvent({ data: { ...xdm({ 'xdm:sends': one }), ...mixins } })).toEqual({
      outcome: 'leftOut',
      reason: 'otherChannel',
    });
  });

  test('the id of a calling journey is not that of the profile', () => {
    const message = { 'xdm:externalID': 'journey-7' };
    expect(eventOf(xdm({ 'xdm:opens': one }, message)).profile).toEqual({
      by: 'recipientId',
      value: '1234567',
    });
  });
});

test('counters beside the flat mixins are read together', () => {
  const { [`${NS}/message`]: _m, [`${NS}/delivery`]: _d, ...rest } = xdm({ 'xdm:clicks': one });
  const { [`${NS}/marketingCampaign`]: _c, [`${NS}/link`]: _l, ...counters } = rest;
  const mixins = {
    [`${NS}/externalID`]: 'c1',
    [`${NS}/campaignName`]: 'CAMP',
    [`${NS}/deliveryName`]: 'DM1',
    [`${NS}/broadlogID`]: '5',
    [`${NS}/trackinglogID`]: '6',
    [`${NS}/url`]: 'https://shop.test/',
  };
  const data = { ...counters, ...mixins };
  expect(eventOf({ specversion: '1.0', type: 'campaign_click', data })).toMatchObject({
    id: `message:5:click:6:${encodeURIComponent(AT)}`,
    profile: { by: 'externalId', value: 'c1' },
    subject: 'Campaign Name: CAMP; Delivery Name: DM1',
    trackingUrl: 'https://shop.test/',
  });
  const seed = { ...data, [`${NS}/seedMember`]: true };
  expect(extractEvent({ data: seed })).toEqual({ outcome: 'leftOut', reason: 'seed' });
});

describe('the flat shape', () => {
  const names = {
    externalID: '7d0f3c1e-0000-4000-8000-000000000001',
    recipientID: '77',
    campaignName: 'CAMP',
    deliveryName: 'DM1',
    broadlogID: 'b1',
    timestamp: '2026-03-01 15:52:25.000Z',
  };
  const namespaced = (flat: object) =>
    Object.fromEntries(Object.entries(flat).map(([name, value]) => [`${NS}/${name}`, value]));

  test.each([
    [{ status: 'sent' }, 'send', null],
    [{ status: 'failed', reason: 'unknown_user' }, 'bounce', null],
    [{ eventType: 'bounce', reason: 'mailboxFull', failureType: 'hard' }, 'bounce', null],
    [{ eventType: 'bounce', reason: 'unknownUser' }, 'bounce', null],
    [{ type: 'hardBounce', reason: 'mailboxFull' }, 'bounce', null],
    [{ eventType: 'bounce' }, 'bounce', null],
    [{ trackinglogID: 't1', url: 'https://shop.test/' }, 'click', 'https://shop.test/'],
    [{ trackinglogID: 't1' }, 'open', null],
    [{ status: 'sent', deliveryType: 0 }, 'send', null],
    [{ eventType: 'open', channel: 'E-Mail' }, 'open', null],
    [{ eventType: 'CLICK', url: 'https://shop.test/' }, 'click', 'https://shop.test/'],
  ])('%j is a %s, in Adobe’s namespace or without', (says, kind, trackingUrl) => {
    for (const whole of [{ ...names, ...says }, namespaced({ ...names, ...says })]) {
      expect(eventOf({ event: whole, id: 'e1' })).toMatchObject({
        id: 'event:e1',
        kind,
        at: AT,
        trackingUrl,
        profile: { by: 'externalId', value: names.externalID },
      });
    }
  });

  test('without an external id the recipient’s is taken, and 0 is nobody', () => {
    const { externalID: _, ...rest } = names;
    expect(eventOf({ ...rest, eventType: 'open' }).profile).toEqual({
      by: 'recipientId',
      value: '77',
    });
    expect(extractEvent({ ...rest, recipientID: 0, eventType: 'open' })).toMatchObject({
      outcome: 'rejected',
      rejection: { missing: ['profile'] },
    });
  });

  test.each([
    [{ status: 'failed', reason: 'mailbox_full' }, 'softBounce'],
    [{ eventType: 'bounce', failureType: 'soft', reason: 'mailboxFull' }, 'softBounce'],
    [{ kind: 'bounces', failureType: 'Ignored' }, 'softBounce'],
    [{ event: 'bounce', reason: 'mailboxFull' }, 'softBounce'],
    [{ status: 'failed' }, 'bounceUnclear'],
    [{ status: 'pending' }, 'otherKind'],
    [{ status: 'sent', deliveryType: 1 }, 'otherChannel'],
    [{ eventType: 'open', channel: 'SMS' }, 'otherChannel'],
  ])('%j is left out as %s', (says, reason) => {
    expect(extractEvent({ ...names, ...says })).toEqual({ outcome: 'leftOut', reason });
  });
});

test('an event that cannot be read names what is missing, and no value', () => {
  const nameless = extractEvent({ eventType: 'send', timestamp: 'yesterday', email: 'a@ex.test' });
  expect(nameless).toEqual({
    outcome: 'rejected',
    rejection: {
      code: 'eventUnreadable',
      missing: ['at', 'profile'],
      message:
        'The event does not tell a readable time, the profile’s external id or recipient id (shape flat)',
    },
  });
  expect(extractEvent('nonsense')).toMatchObject({ rejection: { missing: ['kind'] } });
});

test('a shape of one’s own goes first', () => {
  const own = EventShape.parse({
    ...{ name: 'own', envelopeId: ['/uuid'], recipientId: [], campaignName: ['/c'] },
    ...{ deliveryName: [], trackingUrl: [], messageId: [], externalId: ['/who/crm'] },
    kinds: [{ kind: 'open', when: [{ at: '/what', is: ['READ'] }] }],
    at: ['/when'],
  });
  const whole = { uuid: 'u', what: 'read', who: { crm: 'c1' }, when: 1_772_380_345, c: 'X' };
  expect(extractEvent(whole, [own, ...DEFAULT_SHAPES])).toMatchObject({
    outcome: 'event',
    event: { id: 'event:u', kind: 'open', at: AT, subject: 'Campaign Name: X' },
  });
});

const text = fc.string({ minLength: 1, unit: 'grapheme-ascii' }).filter((one) => one.trim() !== '');

test('without an envelope, an event is the same event when message, kind, link and time are', () => {
  const parts = fc.record({
    message: text,
    link: text,
    counter: fc.constantFrom('sends', 'opens', 'clicks', 'nonDeliverables'),
    secondOfDay: fc.integer({ min: 0, max: 86_399 }),
  });
  type Parts = { message: string; link: string; counter: string; secondOfDay: number };
  const idOf = ({ message, link, counter, secondOfDay }: Parts) =>
    eventOf(
      xdm(
        { [`xdm:${counter}`]: one },
        { 'xdm:id': message },
        {
          'xdm:timestamp': new Date(Date.UTC(2026, 2, 1, 0, 0, secondOfDay)).toISOString(),
          [`${NS}/link`]: { 'xdm:id': link },
        },
      ),
    ).id;
  const same = (a: Parts, b: Parts) =>
    a.message.trim() === b.message.trim() &&
    a.link.trim() === b.link.trim() &&
    a.counter === b.counter &&
    a.secondOfDay === b.secondOfDay;
  fc.assert(
    fc.property(parts, parts, (a, b) => {
      expect(idOf({ ...a })).toBe(idOf(a));
      expect(idOf(a) === idOf(b)).toBe(same(a, b));
    }),
  );
});

test('whatever comes in, it is an event, left out, or refused: never an exception', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (whole, inner) => {
      expect(extractEvent(whole).outcome).toMatch(/^(event|leftOut|rejected)$/);
      expect(extractEvent(xdm({ 'xdm:sends': inner }, {}, { event: whole })).outcome).toMatch(
        /^(event|leftOut|rejected)$/,
      );
    }),
  );
});
