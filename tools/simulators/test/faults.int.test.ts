import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import {
  startCampaign,
  startDataverse,
  steer,
  type CampaignSimulator,
  type DataverseControl,
  type DataverseSimulator,
  type FaultRuleInput,
} from '../src/index.ts';
import { campaignCaller, dataverseCaller, errorIn, imsToken, type Call } from './callers.ts';

let campaign: CampaignSimulator;
let dataverse: DataverseSimulator;
let call: Call;
let ask: Call;
const PROFILE = 'profileAndServicesExt/profile';

beforeAll(async () => {
  campaign = await startCampaign();
  dataverse = await startDataverse({ contacts: 20 });
  call = await campaignCaller(campaign);
  ask = await dataverseCaller(dataverse);
});
afterAll(() => Promise.all([campaign.close(), dataverse.close()]));
afterEach(() => {
  campaign.clearFaults();
  dataverse.clearFaults();
  campaign.deleteAllRecords('profile');
});

const insertUnder = async (fault: FaultRuleInput['fault']): Promise<number | 'broken'> => {
  campaign.addFault({ call: 'insert', times: 1, fault });
  try {
    return (await call('POST', PROFILE, { externalId: 'k1' })).status;
  } catch {
    return 'broken';
  }
};

test.each<[FaultRuleInput['fault'], number | 'broken', number]>([
  [{ kind: 'dropReply' }, 'broken', 1],
  [{ kind: 'dropRequest' }, 'broken', 0],
  [{ kind: 'halfBody' }, 'broken', 1],
  [{ kind: 'status', status: 500 }, 500, 0],
  [{ kind: 'status', status: 503, body: 'down', headers: { 'retry-after': '9' } }, 503, 0],
  [{ kind: 'throttle', retryAfterS: 2, retryAfterAs: 'none' }, 429, 0],
  [{ kind: 'expiredToken' }, 401, 0],
  [{ kind: 'latency', ms: { p50Ms: 2, p95Ms: 4 } }, 201, 1],
])('%j: the client sees %s and %d profiles are there', async (fault, status, profiles) => {
  expect([await insertUnder(fault), campaign.profileCount()]).toEqual([status, profiles]);
});

test('Retry-After may be a date', async () => {
  campaign.addFault({ fault: { kind: 'throttle', retryAfterS: 60, retryAfterAs: 'date' } });
  const before = Date.now();
  const answer = await call('GET', PROFILE);
  const at = Date.parse(answer.headers.get('retry-after') ?? '') - 60_000;
  // HTTP tells whole seconds.
  expect(at).toBeGreaterThanOrEqual(before - 1_000);
  expect(at).toBeLessThanOrEqual(Date.now() + 1_000);
});

test('a reply that hangs ends when the client gives up, and the write was made', async () => {
  campaign.addFault({ call: 'insert', fault: { kind: 'hang' } });
  const token = String((await imsToken(campaign)).json?.['access_token']);
  const tried = fetch(`${campaign.url}/campaign/${PROFILE}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'x-api-key': campaign.clientId,
      'content-type': 'application/json',
    },
    body: '{"externalId":"k1"}',
    signal: AbortSignal.timeout(200),
  });
  await expect(tried).rejects.toThrow();
  expect(campaign.profileCount()).toBe(1);
});

test('a rule picks by key, by body and by place in the series, so many times', async () => {
  for (const externalId of ['a', 'b']) campaign.createProfile({ externalId });
  const id = campaign.addFault({
    key: 'b',
    after: 1,
    times: 1,
    fault: { kind: 'status', status: 502 },
  });
  const statuses: number[] = [];
  for (const key of ['a', 'b', 'b', 'b']) {
    statuses.push((await call('PATCH', `${PROFILE}/${key}`, { firstName: 'x' })).status);
  }
  expect(statuses).toEqual([200, 200, 502, 200]);
  expect(campaign.faults()).toMatchObject([{ id, met: 1 }]);
  campaign.removeFault(id);
  campaign.addFault({ body: 'poison', fault: { kind: 'status', status: 500, body: 'no' } });
  const poisoned = await call('PATCH', `${PROFILE}/a`, { firstName: 'poison' });
  expect([poisoned.status, poisoned.text]).toEqual([500, 'no']);
});

test('about half of the calls meet a fault of probability one half', async () => {
  campaign.addFault({ probability: 0.5, fault: { kind: 'status', status: 503 } });
  let failed = 0;
  for (let n = 0; n < 100; n++) if ((await call('GET', PROFILE)).status === 503) failed++;
  expect(failed).toBeGreaterThan(25);
  expect(failed).toBeLessThan(75);
});

test.each(['expiredDeltaToken', 'malformedDeltaToken'] as const)('%s to order', async (kind) => {
  dataverse.addFault({ call: 'delta', times: 1, fault: { kind } });
  const link = 'contacts?$deltatoken=1!01/01/2026 00:00:00';
  const code = kind === 'expiredDeltaToken' ? '0x80044352' : '0x80044183';
  expect(errorIn(await ask('GET', link)).code).toBe(code);
});

test('a system that went away refuses connections and comes back at its address', async () => {
  await dataverse.goAway();
  await expect(ask('GET', 'WhoAmI')).rejects.toThrow();
  const remote = steer<DataverseControl>(dataverse.controlUrl);
  expect(await remote.contactCount()).toBe(20);
  await remote.comeBack();
  expect((await ask('GET', 'WhoAmI')).status).toBe(200);
});

test('everything can be steered over HTTP, and bad orders say what is wrong', async () => {
  const remote = steer<DataverseControl>(dataverse.url);
  const id = await remote.createContact({ firstname: 'Remote' });
  expect(dataverse.contact(id)).toMatchObject({ firstname: 'Remote' });
  await remote.changeContact(id, { firstname: 'Changed' });
  expect(await remote.contact(id)).toMatchObject({ firstname: 'Changed' });
  await remote.deleteContact(id);
  expect(await remote.contact(id)).toBeNull();
  await expect(remote.deleteContact(id)).rejects.toThrow(/does not exist/);
  await expect(remote.seedContacts(-1)).rejects.toThrow(/refused seedContacts/);
  const unknown = await fetch(`${dataverse.controlUrl}/_simulator/close`, { method: 'POST' });
  expect(unknown.status).toBe(404);
});

test('the call log names each call once, and counts all of them', async () => {
  campaign.resetCalls();
  await call('POST', PROFILE, { externalId: 'k1' });
  await call('PATCH', `${PROFILE}/k1`, { firstName: 'x' });
  await call('PATCH', `${PROFILE}/k2`, { firstName: 'x' });
  await call('DELETE', `${PROFILE}/k1`);
  expect(campaign.callCounts()).toMatchObject({
    total: 4,
    byCall: { insert: 1, update: 2, delete: 1 },
    byStatus: { 200: 2, 201: 1, 404: 1 },
  });
  expect(campaign.calls({ key: 'k1' })).toMatchObject([
    { call: 'insert', method: 'POST', status: 201 },
    { call: 'update', method: 'PATCH', path: '/demo/campaign/profileAndServicesExt/profile/{key}' },
    { call: 'delete', status: 200, fault: null, records: 1 },
  ]);
});
