import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { CampaignSwitches, startCampaign, type CampaignSimulator } from '../src/index.ts';
import { campaignCaller, type Answer, type Call } from './callers.ts';

/** What the reference marks as unconfirmed or inferred, both ways. */
let campaign: CampaignSimulator;
let call: Call;
const PROFILE = 'profileAndServicesExt/profile';
const STANDARD = CampaignSwitches.parse({});

beforeAll(async () => {
  campaign = await startCampaign();
  call = await campaignCaller(campaign);
});
afterAll(() => campaign.close());
beforeEach(() => {
  campaign.deleteAllRecords('profile');
  campaign.createProfile({ externalId: 'k1', firstName: 'Ada' });
});
afterEach(() => {
  campaign.setSwitches(STANDARD);
  campaign.clearFaults();
});

const patch = (body: unknown, key = 'k1'): Promise<Answer> =>
  call('PATCH', `${PROFILE}/${key}`, body);

test.each([
  ['allowed', 200, 404],
  ['profileOnly', 200, 500],
  ['pkeyError', 500, 500],
  ['gateway500', 500, 500],
] as const)('a key in the URI may be %s', async (uriKey, profile, vehicle) => {
  campaign.setSwitches({ uriKey });
  expect((await patch({ firstName: 'B' })).status).toBe(profile);
  const other = await call('GET', 'profileAndServicesExt/cusVehicle/nobody');
  expect(other.status).toBe(vehicle);
});

test.each([true, false])('DELETE by a business key: %s', async (uriKeyDelete) => {
  campaign.setSwitches({ uriKeyDelete });
  expect((await call('DELETE', `${PROFILE}/k1`)).status).toBe(uriKeyDelete ? 200 : 500);
});

test.each(['error', 'cut'] as const)('text that is too long: %s', async (overflow) => {
  campaign.setSwitches({ overflow });
  const answer = await patch({ firstName: 'x'.repeat(40) });
  expect(answer.status).toBe(overflow === 'cut' ? 200 : 500);
  expect(campaign.profile('k1')?.['firstName']).toBe(overflow === 'cut' ? 'x'.repeat(30) : 'Ada');
});

test.each([500, 409] as const)('a duplicate may be %d, in any body', async (duplicateStatus) => {
  for (const duplicateBody of ['text', 'jsonString', 'jsonObject'] as const) {
    campaign.setSwitches({ duplicateStatus, duplicateBody });
    const answer = await call('POST', PROFILE, { externalId: 'k1' });
    expect(answer.status).toBe(duplicateStatus);
    expect(answer.text).toContain('duplicate key');
    const start = { text: 'R', jsonString: '"', jsonObject: '{' }[duplicateBody];
    expect(answer.text.startsWith(start)).toBe(true);
  }
});

test.each(['text', 'jsonString', 'jsonObject'] as const)('errors may be %s', async (errorBody) => {
  campaign.setSwitches({ errorBody });
  const answer = await patch({}, 'nobody');
  const start = { text: 'R', jsonString: '"', jsonObject: '{' }[errorBody];
  expect([answer.status, answer.text[0]]).toEqual([404, start]);
});

test.each([
  ['either', 200, 200],
  ['emptyString', 200, 500],
  ['null', 500, 200],
] as const)('clearing by %s', async (clearing, byText, byNull) => {
  campaign.setSwitches({ clearing });
  expect((await patch({ firstName: '' })).status).toBe(byText);
  expect((await patch({ lastName: null })).status).toBe(byNull);
});

test.each(['array', 'byName', 'items'] as const)('enumeration values: %s', async (enumValues) => {
  campaign.setSwitches({ enumValues });
  const { json } = await call('GET', 'profileAndServicesExt/resourceType/profile');
  const content = json?.['content'] as Record<string, { values?: unknown }>;
  const male = { name: 'male', label: 'male', value: 1 };
  expect(content['gender']?.values).toMatchObject(
    {
      array: [{ name: 'unknown' }, male, { name: 'female' }],
      byName: { male },
      items: { items: [{ name: 'unknown' }, male, { name: 'female' }] },
    }[enumValues],
  );
});

test.each([true, false])('one record is wrapped: %s', async (recordWrapped) => {
  campaign.setSwitches({ recordWrapped });
  const { json } = await call('GET', `${PROFILE}/k1`);
  expect('content' in (json ?? {})).toBe(recordWrapped);
});

test.each([true, false])('a list counts at once: %s', async (countValue) => {
  campaign.setSwitches({ countValue });
  const { json } = await call('GET', PROFILE);
  expect('value' in (json?.['count'] as object)).toBe(countValue);
});

test.each(['200', '204'] as const)('an empty PATCH is %s', async (emptyPatch) => {
  campaign.setSwitches({ emptyPatch });
  expect((await patch({})).status).toBe(Number(emptyPatch));
});

test.each([200, 204] as const)('DELETE answers %d', async (deleteStatus) => {
  campaign.setSwitches({ deleteStatus });
  expect((await call('DELETE', `${PROFILE}/k1`)).status).toBe(deleteStatus);
});

test('a page has at most the lines that the switch says', async () => {
  campaign.seedProfiles(20);
  campaign.setSwitches({ lineCountMax: 7 });
  const { json } = await call('GET', `${PROFILE}?_lineCount=1000`);
  expect(json?.['content']).toHaveLength(7);
});

test.each(['gateway', 'empty'] as const)('a throttled call’s body: %s', async (throttleBody) => {
  campaign.setSwitches({ throttleBody });
  campaign.addFault({ times: 1, fault: { kind: 'throttle', retryAfterS: 5 } });
  const answer = await call('GET', PROFILE);
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '5']);
  expect(answer.text.includes('429050')).toBe(throttleBody === 'gateway');
});

test.each([true, false])('metadata name the keys: %s', async (keysInMetadata) => {
  campaign.setSwitches({ keysInMetadata });
  const { json } = await call('GET', 'profileAndServicesExt/resourceType/profile');
  expect('keys' in (json ?? {})).toBe(keysInMetadata);
});

test.each([
  ['both', true, true],
  ['blackListLastModified', true, false],
  ['blackListAllLastModified', false, true],
] as const)('blackList moves %s', async (blackListPair, own, all) => {
  campaign.setSwitches({ blackListPair });
  await patch({ blackList: true });
  const profile = campaign.profile('k1');
  expect(profile?.['blackListLastModified'] !== '').toBe(own);
  expect(profile?.['blackListAllLastModified'] !== '').toBe(all);
});

test.each([true, false])('a write moves the opt-out times: %s', async (apiMovesOptOutTimes) => {
  campaign.setSwitches({ apiMovesOptOutTimes });
  await patch({ blackListEmail: true });
  expect(campaign.profile('k1')?.['blackListEmailLastModified'] !== '').toBe(apiMovesOptOutTimes);
});

test.each([true, false])('externalId is a key of its own: %s', async (externalIdIsKey) => {
  campaign.setSwitches({ externalIdIsKey });
  const answer = await call('POST', PROFILE, { externalId: 'k1' });
  expect(answer.status).toBe(externalIdIsKey ? 500 : 201);
});

test.each(['none', 'smartCase'] as const)('a data policy rewrites: %s', async (dataPolicy) => {
  campaign.setSwitches({ dataPolicy });
  await patch({ firstName: 'aDA', email: 'A@X.test' });
  const { firstName, email } = campaign.profile('k1') ?? {};
  expect([firstName, email]).toEqual(
    dataPolicy === 'none' ? ['aDA', 'A@X.test'] : ['Ada', 'a@x.test'],
  );
});

test.each(['500', '404'] as const)('an unreadable PKey is %s', async (unknownPKey) => {
  campaign.setSwitches({ unknownPKey });
  expect((await patch({}, '@nonsense')).status).toBe(Number(unknownPKey));
});

test.each(['empty', 'html', 'json'] as const)(
  'other errors’ bodies: %s',
  async (otherErrorBody) => {
    campaign.setSwitches({ otherErrorBody });
    const answer = await call('PUT', `${PROFILE}/k1`, {});
    const kind = answer.text === '' ? 'empty' : answer.text.startsWith('{') ? 'json' : 'html';
    expect([answer.status, kind]).toEqual([405, otherErrorBody]);
  },
);

test.each([
  ['gateway', true, 403],
  ['application', true, 403],
  ['application', false, 404],
] as const)(
  'without the right to write, refused by the %s, before the key is looked for: %s',
  async (writeRefusedBy, writeCheckedFirst, status) => {
    campaign.setSwitches({ writeRefusedBy, writeCheckedFirst });
    campaign.setWriteRight(false);
    expect((await patch({ blackListEmail: true }, 'nobody')).status).toBe(status);
    expect((await patch({ blackListEmail: true })).status).toBe(403);
    expect((await call('DELETE', `${PROFILE}/k1`)).status).toBe(403);
    expect((await call('POST', PROFILE, { externalId: 'k2' })).status).toBe(403);
    campaign.setWriteRight(true);
    expect((await patch({ blackListEmail: true })).status).toBe(200);
  },
);
