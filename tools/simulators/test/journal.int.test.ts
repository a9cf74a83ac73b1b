import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import {
  CampaignSwitches,
  startCampaign,
  type CampaignSimulator,
  type MailEvent,
} from '../src/index.ts';
import { campaignCaller, type Answer, type Call } from './callers.ts';

let campaign: CampaignSimulator;
let call: Call;

beforeAll(async () => {
  campaign = await startCampaign();
  call = await campaignCaller(campaign);
});
afterAll(() => campaign.close());
beforeEach(() => {
  campaign.deleteAllRecords('profile');
  campaign.expireJournal();
});
afterEach(() => {
  campaign.setSwitches(CampaignSwitches.parse({}));
  campaign.clearFaults();
});

const NS = 'https://ns.adobe.com/experience/campaign';
type Entry = { position: string; event: Record<string, unknown> };

const get = (path = ''): Promise<Answer> =>
  call(
    'GET',
    path.startsWith('/') ? campaign.url.replace('/demo', '') + path : at(path),
    undefined,
    {
      'x-ims-org-id': campaign.organizationId,
    },
  );
const at = (query: string): string => `${campaign.eventsUrl}${query}`;
const entries = (answer: Answer): Entry[] => (answer.json?.['events'] ?? []) as Entry[];
const next = (answer: Answer): string =>
  /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1] ?? '';

/** Follows the next links until the journal has no more. */
async function readOut(from = ''): Promise<Entry[]> {
  const all: Entry[] = [];
  let answer = await get(from);
  for (; answer.status === 200; answer = await get(next(answer))) all.push(...entries(answer));
  expect(answer.status).toBe(204);
  return all;
}
const idsOf = (found: { event: Record<string, unknown> }[]): string[] =>
  found.map(({ event }) => String(event['@id']).replace('urn:oeid:campaign:', ''));
const sends = (count: number): MailEvent[] =>
  campaign.recordEvents(
    Array.from({ length: count }, (_, n) => ({ kind: 'send' as const, externalId: `k${n}` })),
  );

test('the journal wants a token, the key and the organization', async () => {
  const org = { 'x-ims-org-id': campaign.organizationId };
  const statuses = await Promise.all([
    call('GET', campaign.eventsUrl, undefined, org),
    call('GET', campaign.eventsUrl, undefined, { ...org, authorization: 'Bearer x.y.z' }),
    call('GET', campaign.eventsUrl, undefined, { ...org, 'x-api-key': 'other' }),
    call('GET', campaign.eventsUrl),
    call('GET', campaign.eventsUrl, undefined, { 'x-ims-org-id': 'other@AdobeOrg' }),
  ]);
  expect(statuses.map(({ status }) => status)).toEqual([204, 401, 403, 400, 403]);
});

test('an empty journal is 204 with retry-after, and its next link finds what comes later', async () => {
  const answer = await get();
  expect([answer.status, answer.text, answer.headers.get('retry-after')]).toEqual([204, '', '10']);
  expect(answer.headers.get('link')).toMatch(
    /^<\/events\/organizations\/[^>]+\?since=[^>]+>; rel="next", <\/events\/[^>]+\/validate\?since=[^>]+>; rel="validate"$/,
  );
  const [sent] = sends(1);
  expect(idsOf(entries(await get(next(answer))))).toEqual([sent?.id]);
});

test('next links lead through everything once, in order, and keep their limit', async () => {
  const recorded = sends(25);
  const first = await get('?limit=10');
  expect(first.json?.['_page']).toEqual({ last: entries(first)[9]?.position, count: 10 });
  expect(next(first)).toContain('&limit=10');
  expect(idsOf(await readOut('?limit=10'))).toEqual(recorded.map(({ id }) => id));
  expect(idsOf(await readOut(`?since=${entries(first)[4]?.position}`))).toEqual(
    recorded.slice(5).map(({ id }) => id),
  );
});

test('latest skips what was there, seek goes back in time, and both with since are refused', async () => {
  sends(3);
  const end = await get('?latest=true&limit=5');
  expect([end.status, next(end)]).toEqual([204, expect.stringContaining('&limit=5')]);
  expect(await readOut('?seek=-PT1H')).toHaveLength(3);
  const { position } = entries(await get())[0] ?? { position: '' };
  expect((await get(`?since=${position}&seek=-PT1H`)).status).toBe(400);
  for (const bad of ['?limit=0', '?seek=PT1H', '?since=moose:nonsense']) {
    expect((await get(bad)).status).toBe(400);
  }
});

test('a response stops at 1.5 MB whatever the limit', async () => {
  sends(2_500);
  const answer = await get('?limit=2500');
  expect(answer.text.length).toBeLessThan(1.6 * 1024 * 1024);
  expect(entries(answer).length).toBeLessThan(2_500);
  expect(await readOut('?limit=2500')).toHaveLength(2_500);
});

test('how much comes without a limit, how long to wait and how long events stay are settings', async () => {
  campaign.setSwitches({ journalBatch: 4, journalRetryAfterS: 1 });
  sends(5);
  expect(entries(await get())).toHaveLength(4);
  expect((await get('?latest=true')).headers.get('retry-after')).toBe('1');
  campaign.setSwitches({ journalDays: 1 });
  campaign.setClockSkew(2 * 86_400_000);
  expect((await get()).status).toBe(204);
  campaign.setClockSkew(0);
});

test('an expired position is 410; the oldest that is left is still read', async () => {
  sends(2);
  const [gone] = entries(await get());
  campaign.expireJournal();
  const [kept] = sends(1);
  const answer = await get(`?since=${gone?.position}`);
  expect([answer.status, answer.text]).toEqual([
    410,
    `Events at position ${gone?.position} have expired.`,
  ]);
  expect(idsOf(await readOut())).toEqual([kept?.id]);
});

test('positions also age, and who waits at the end has missed nothing', async () => {
  sends(2);
  const [first] = entries(await get());
  const end = next(await get('?latest=true'));
  campaign.setClockSkew(8 * 86_400_000);
  expect((await get(`?since=${first?.position}`)).status).toBe(410);
  expect((await get(end)).status).toBe(204);
  const [late] = sends(1);
  expect(idsOf(entries(await get(end)))).toEqual([late?.id]);
  campaign.setClockSkew(0);
});

test.each([
  { journalCopies: 2, journalShuffled: false },
  { journalCopies: 1, journalShuffled: true },
  { journalCopies: 2, journalShuffled: true },
])('every event comes, as often and in any order as ordered: %j', async (switches) => {
  campaign.setSwitches(switches);
  const ids = sends(60).map(({ id }) => id);
  const read = idsOf(await readOut('?limit=7'));
  expect(read).toHaveLength(60 * switches.journalCopies);
  expect(new Set(read)).toEqual(new Set(ids));
  const firsts = [...new Set(read)];
  expect(firsts.join() === ids.join()).toBe(!switches.journalShuffled);
});

test('faults meet the journal, and its calls are not Campaign’s', async () => {
  sends(3);
  campaign.resetCalls();
  campaign.addFault({ call: 'journal', times: 1, fault: { kind: 'throttle', retryAfterS: 2 } });
  campaign.addFault({ call: 'journal', times: 1, fault: { kind: 'halfBody' } });
  const throttled = await get();
  expect([throttled.status, throttled.headers.get('retry-after')]).toEqual([429, '2']);
  await expect(get()).rejects.toThrow();
  expect(await readOut()).toHaveLength(3);
  expect(campaign.callCounts()).toMatchObject({ total: 0, byCall: { journal: 4 } });
});

const only = async (kind: 'click' | 'bounce' | 'softBounce' | 'send', more: object = {}) => {
  campaign.createProfile({ externalId: 'ada', email: 'ada@x.test' });
  campaign.recordEvents([{ kind, externalId: 'ada', deliveryName: 'DM7', ...more }]);
  return entries(await get())[0]?.event ?? {};
};

test('the XDM shape: counter, ids, delivery, campaign, link', async () => {
  const event = await only('click', { url: 'https://x.test/a', campaignName: 'C1' });
  expect(event).toMatchObject({
    'xdm:timestamp': expect.stringMatching(/\+00:00$/) as unknown,
    'xdm:directMarketing': { 'xdm:clicks': { 'xdm:value': 1 } },
    'xdm:endUserIDs': { [NS]: { 'xdm:id': expect.stringMatching(/^2\d{5}$/) as unknown } },
    [`${NS}/externalID`]: 'ada',
    [`${NS}/message`]: {
      'xdm:seedMember': false,
      'xdm:mirrorPageURL': expect.any(String) as unknown,
    },
    [`${NS}/delivery`]: { 'xdm:deliveryName': 'DM7' },
    [`${NS}/marketingCampaign`]: { 'xdm:campaignName': 'C1' },
    [`${NS}/link`]: { 'xdm:url': 'https://x.test/a' },
  });
});

test.each(['topLevel', 'directMarketing'] as const)(
  'a hard bounce counts as non-deliverable: %s',
  async (form) => {
    campaign.setSwitches({ hardBounceForm: form });
    const event = await only('bounce');
    const counters = form === 'topLevel' ? event : event['xdm:directMarketing'];
    expect(counters).toMatchObject({ 'xdm:nonDeliverables': { 'xdm:value': 1 } });
    expect('xdm:mutation' in event).toBe(form === 'topLevel');
  },
);

test('a soft bounce is another counter', async () => {
  const event = await only('softBounce');
  expect(event['xdm:directMarketing']).toEqual({ 'xdm:bounces': { 'xdm:value': 1 } });
});

test('the flat shape has the attributes of the log mixins', async () => {
  campaign.setSwitches({ eventShape: 'flat' });
  expect(await only('click', { url: 'https://x.test/b' })).toMatchObject({
    [`${NS}/externalID`]: 'ada',
    [`${NS}/recipientID`]: expect.stringMatching(/^\d+$/) as unknown,
    [`${NS}/deliveryName`]: 'DM7',
    [`${NS}/trackinglogID`]: expect.any(String) as unknown,
    [`${NS}/url`]: 'https://x.test/b',
    'xdm:directMarketing': { 'xdm:clicks': { 'xdm:value': 1 } },
  });
});

test.each(['externalId', 'recipientId', 'both'] as const)(
  'the profile is told by %s',
  async (eventProfile) => {
    campaign.setSwitches({ eventProfile });
    const event = await only('send');
    expect([`${NS}/externalID` in event, 'xdm:endUserIDs' in event]).toEqual([
      eventProfile !== 'recipientId',
      eventProfile !== 'externalId',
    ]);
  },
);

test.each(['@id', 'id', 'eventid', 'none'] as const)('the event’s own id: %s', async (eventId) => {
  campaign.setSwitches({ eventId });
  const event = await only('send');
  const present = ['@id', 'id', 'eventid'].filter((name) => name in event);
  expect(present).toEqual(eventId === 'none' ? [] : [eventId]);
});

test('an envelope of CloudEvents, without mirror pages, with the id of a journey', async () => {
  campaign.setSwitches({
    ...{ eventEnvelope: 'cloudEvents', eventId: 'eventid' },
    ...{ mirrorPages: false, journeyIds: true },
  });
  const event = await only('send');
  expect(event).toMatchObject({ specversion: '1.0', eventid: expect.any(String) as unknown });
  const message = (event['data'] as Record<string, object>)[`${NS}/message`];
  expect(message).toHaveProperty(['xdm:externalID']);
  expect(message).not.toHaveProperty(['xdm:mirrorPageURL']);
});

test('seed, proof and test members are marked in either shape', async () => {
  campaign.recordEvents([{ kind: 'send', member: 'proof' }]);
  const message = entries(await get())[0]?.event[`${NS}/message`];
  expect(message).toMatchObject({ 'xdm:proofMember': true, 'xdm:seedMember': false });
  campaign.setSwitches({ eventShape: 'flat' });
  expect(entries(await get())[0]?.event).toMatchObject({ [`${NS}/proofMember`]: true });
});

test('a recipient id leads to its profile by a published filter', async () => {
  campaign.createProfile({ externalId: 'grace' });
  const [event] = campaign.recordEvents([{ kind: 'send', externalId: 'grace' }]);
  const path = 'profileAndServicesExt/profile/byRecipientId?recipientId_parameter=';
  const found = await call('GET', `${path}${event?.recipientId}`);
  expect(found.json?.['content']).toMatchObject([{ externalId: 'grace' }]);
  expect((await call('GET', `${path}7`)).json?.['content']).toEqual([]);
});
