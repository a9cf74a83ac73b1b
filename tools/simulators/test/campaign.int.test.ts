import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { startCampaign, type CampaignSimulator } from '../src/index.ts';
import { campaignCaller, imsToken, type Answer, type Call } from './callers.ts';

let campaign: CampaignSimulator;
let call: Call;
const EXT = 'profileAndServicesExt';

beforeAll(async () => {
  campaign = await startCampaign();
  call = await campaignCaller(campaign);
});
afterAll(() => campaign.close());
beforeEach(() => campaign.deleteAllRecords('profile'));

const post = (body: unknown, resource = 'profile'): Promise<Answer> =>
  call('POST', `${EXT}/${resource}`, body);
const patch = (key: string, body: unknown): Promise<Answer> =>
  call('PATCH', `${EXT}/profile/${key}`, body);
type Listed = { content: unknown[]; count: { href: string }; next?: { href: string } };
const listed = (answer: Answer): Listed => answer.json as Listed;

test.each([
  [{ client_secret: 'no' }, 'invalid_client'],
  [{ client_id: 'no' }, 'invalid_client'],
  [{ grant_type: 'password' }, 'unsupported_grant_type'],
  [{ scope: 'nope' }, 'invalid_scope'],
])('IMS refuses %j', async (form, error) => {
  const answer = await imsToken(campaign, form);
  expect([answer.status, answer.json?.['error']]).toEqual([400, error]);
});

test('the gateway refuses a bad token, a missing key, a missing product profile, a wrong tenant', async () => {
  const path = `${EXT}/profile`;
  const bad = await call('GET', path, undefined, { authorization: 'Bearer x.y.z' });
  expect([bad.status, bad.json]).toEqual([
    401,
    { error_code: '401013', message: 'Oauth token is not valid' },
  ]);
  expect((await call('GET', path, undefined, { 'x-api-key': 'other' })).status).toBe(403);
  campaign.setProductProfile(false);
  expect((await call('GET', path)).json?.['error_code']).toBe('403023');
  campaign.setProductProfile(true);
  const wrong = await call('GET', `${campaign.imsUrl}/other/campaign/${path}`);
  expect([wrong.status, wrong.json?.['code']]).toEqual([500, 500]);
  campaign.expireAccessTokens();
  expect((await call('GET', path)).json?.['error_code']).toBe('401013');
  call = await campaignCaller(campaign);
});

test('insert 201 with the whole record, update 200 with PKey and href, delete 2xx', async () => {
  const made = await post({ externalId: 'k1', firstName: 'Ada', location: { city: 'Lyon' } });
  expect(made.status).toBe(201);
  expect(made.json).toMatchObject({
    externalId: 'k1',
    gender: 'unknown',
    birthDate: '',
    blackListEmail: false,
    blackListEmailLastModified: '',
    location: { city: 'Lyon', zipCode: '' },
    title: 'Ada ()',
    created: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}Z$/) as unknown,
    subscriptions: { href: expect.any(String) as unknown },
  });
  const changed = await patch('k1', { gender: 'female', location: { zipCode: '69000' } });
  expect([changed.status, Object.keys(changed.json ?? {})]).toEqual([200, ['PKey', 'href']]);
  expect(campaign.profile('k1')).toMatchObject({
    firstName: 'Ada',
    gender: 'female',
    location: { city: 'Lyon', zipCode: '69000' },
  });
  const pkey = String(changed.json?.['PKey']);
  expect((await call('GET', `${EXT}/profile/${pkey}`)).json?.['externalId']).toBe('k1');
  expect((await call('DELETE', `${EXT}/profile/k1`)).status).toBe(200);
  expect((await call('DELETE', `${EXT}/profile/k1`)).status).toBe(404);
});

test('POST is no upsert: a second bearer of a key is 500 with the database’s text', async () => {
  await post({ externalId: 'k1' });
  const second = await post({ externalId: 'k1' });
  expect(second.status).toBe(500);
  expect(second.text).toMatch(/already exists.*PGS-220000.*duplicate key value violates unique/);
  await post({ externalId: 'k2' });
  const pkey = String((await call('GET', `${EXT}/profile/k2`)).json?.['PKey']);
  expect((await patch(pkey, { externalId: 'k1' })).text).toContain('duplicate key');
});

test('without an identification key POST silently makes a second profile', async () => {
  campaign.setKeys('profile', [['cusCrmid']]);
  await post({ externalId: 'k1' });
  expect((await post({ externalId: 'k1' })).status).toBe(201);
  expect(campaign.duplicates()).toEqual(['k1']);
  campaign.deleteAllRecords('profile');
  campaign.setKeys('profile', [['externalId'], ['cusCrmid']]);
});

test.each<[string, unknown, RegExp]>([
  ['a read-only attribute', { age: 3 }, /Cannot update the 'age' property that is read-only/],
  [
    'an unknown enumeration value',
    { gender: 'M' },
    /'M' is not valid for the 'gender' enumeration/,
  ],
  ['too long a text', { firstName: 'x'.repeat(31) }, /character varying\(30\).*'firstName'/],
  ['a word for a flag', { blackListEmail: 'yes' }, /'blackListEmail' property is not valid/],
  ['a fraction for a whole number', { cusChildren: 1.5 }, /'cusChildren' property is not valid/],
  ['a number out of range', { cusLevel: 300 }, /'cusLevel' property is not valid/],
  ['a day that is none', { birthDate: '2023-02-30' }, /'birthDate' property is not valid/],
  [
    'another key than the URI’s',
    { externalId: 'k2' },
    /RST-360012.*cannot update key 'k1' to 'k2'/,
  ],
  ['an unreadable PKey', { PKey: '@nonsense' }, /XTK-170036/],
])('a PATCH with %s is 500 and changes nothing', async (_what, body, text) => {
  await post({ externalId: 'k1', firstName: 'Ada' });
  const answer = await patch('k1', { ...(body as object), lastName: 'Changed' });
  expect(answer.status).toBe(500);
  expect(answer.text).toMatch(text);
  expect(campaign.profile('k1')?.['lastName']).toBe('');
});

test('a key of nobody is 404 RST-360011, an unreadable @PKey is 500 XTK-170036', async () => {
  const nobody = await patch('nobody', { firstName: 'x' });
  expect([nobody.status, nobody.text]).toEqual([404, expect.stringContaining('RST-360011')]);
  const odd = await patch('@nonsense', { firstName: 'x' });
  expect([odd.status, odd.text]).toEqual([500, expect.stringContaining('XTK-170036')]);
});

test('an opt-out moves its own timestamp, and only when it changes', async () => {
  await post({ externalId: 'k1', blackListEmail: false });
  expect(campaign.profile('k1')?.['blackListEmailLastModified']).toBe('');
  await patch('k1', { blackListEmail: true });
  const at = campaign.profile('k1')?.['blackListEmailLastModified'];
  expect(at).not.toBe('');
  await patch('k1', { blackListEmail: true, firstName: 'x' });
  expect(campaign.profile('k1')?.['blackListEmailLastModified']).toBe(at);
});

test('lists come 25 at a time, and big tables withhold next unless it is forced', async () => {
  campaign.seedProfiles(60);
  const first = listed(await call('GET', `${EXT}/profile`));
  expect(first.content).toHaveLength(25);
  const second = listed(await call('GET', first.next?.href ?? ''));
  const third = listed(await call('GET', second.next?.href ?? ''));
  expect([third.content.length, third.next]).toEqual([10, undefined]);
  expect((await call('GET', first.count.href)).json).toEqual({ count: 60 });
  campaign.setBigTableThreshold(50);
  expect(listed(await call('GET', `${EXT}/profile`)).next).toBeUndefined();
  const forced = await call('GET', `${EXT}/profile?_forcePagination=true`);
  expect(listed(forced).next).toBeDefined();
  campaign.setBigTableThreshold(100_000);
});

test('single attributes, order and filters', async () => {
  for (const email of ['b@x.test', 'a@x.test']) await post({ externalId: email, email });
  const emails = await call('GET', `${EXT}/profile/email?_order=email%20desc`);
  expect(listed(emails).content).toEqual(['b@x.test', 'a@x.test']);
  expect((await call('GET', `${EXT}/profile?_order=age`)).status).toBe(500);
  const custom = `${EXT}/profile/byExternalId?externalId_parameter=a%40x.test`;
  expect(listed(await call('GET', custom)).content).toHaveLength(1);
  const text = `${EXT}/profile/byText?text=B&filterType=email`;
  expect(listed(await call('GET', text)).content).toHaveLength(0);
});

test('metadata describe attributes and filters; the directory lists what is served', async () => {
  const { json } = await call('GET', `${EXT}/resourceType/profile`);
  const content = json?.['content'] as Record<string, Record<string, unknown>>;
  expect(content['firstName']).toMatchObject({ length: '30', type: 'string', readOnly: false });
  expect(content['location']).toMatchObject({ type: 'item' });
  const filters = await call('GET', `${EXT}/resourceType/profile/filters/`);
  expect(filters.text).toContain('profile/byExternalId?externalId_parameter=$value');
  expect(Object.keys((await call('GET', `${EXT}/`)).json ?? {})).toContain('cusVehicle');
  const custom = Object.keys((await call('GET', 'customResources/')).json ?? {});
  expect(custom).toEqual(['cusProduct']);
});

test('composite keys are reached by their filter alone', async () => {
  const made = await call('POST', 'customResources/cusProduct', {
    ProductName: 'Lamp',
    Category: 'Light',
  });
  expect(made.status).toBe(201);
  const filter = 'byidentification_key?category_parameter=Light&name_parameter=Lamp';
  const found = listed(await call('GET', `customResources/cusProduct/${filter}`));
  const [record] = found.content as { href: string }[];
  const changed = await call('PATCH', record?.href ?? '', { externalId: 'p1' });
  expect(changed.status).toBe(200);
});

test('an attribute that an administrator takes away is refused by its name', async () => {
  campaign.removeAttribute('profile', 'cusBrand');
  expect((await post({ externalId: 'k', cusBrand: 'x' })).text).toContain("'cusBrand'");
  campaign.addAttribute('profile', { name: 'cusBrand', type: 'string', lengthMax: 5 });
  expect((await post({ externalId: 'k', cusBrand: 'x' })).status).toBe(201);
  campaign.renameAttribute('profile', 'cusBrand', 'cusLabel');
  expect(campaign.profile('k')?.['cusLabel']).toBe('x');
});
