import { expect, test } from '@jest/globals';
import { CampaignRequestError, CampaignUnreachable } from '@landbridge/campaign';
import type { ConnectionTest } from '@landbridge/contracts';
import {
  DataverseRequestError,
  DynamicsCredentialsRefused,
  DynamicsUnreachable,
} from '@landbridge/dynamics';
import { CAMPAIGN, DEMO, DYNAMICS, openAppWorld, type AppWorld } from './app-world.ts';
import { CONTACT } from './fake-clients.ts';

const REQUEST = { method: 'GET', path: '/contacts' };

const forbidden = (code: string) =>
  new DataverseRequestError(REQUEST, {
    status: 403,
    code,
    kind: 'forbidden',
    column: null,
    retryAfterMs: null,
    requestId: null,
    vendorText: 'Principal user (Id=1) of jane@example.com is missing prvReadContact',
  });

const campaignRefusal = (kind: CampaignRequestError['kind'], status: number) =>
  new CampaignRequestError(REQUEST, {
    status,
    code: '',
    kind,
    field: null,
    retryAfterMs: 30_000,
    requestId: null,
    vendorText: '',
  });

const fails = (error: Error) => async () => {
  throw error;
};

const tryOut = async (world: AppWorld, name: string): Promise<ConnectionTest> =>
  (await world.call('POST', `${DEMO}/connections/${name}/test`)).json<ConnectionTest>();

const failedOf = ({ checks }: ConnectionTest) => checks.filter(({ passed }) => !passed);

test('a connection is shown without its secret, which is named', async () => {
  await using world = await openAppWorld();
  await world.call('PUT', DEMO, { payload: { name: 'Demo', production: false } });
  const set = await world.call('PUT', `${DEMO}/connections/campaign`, { payload: CAMPAIGN });
  const shown = await world.call('GET', `${DEMO}/connections/campaign`);
  for (const answer of [set, shown]) {
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({ url: CAMPAIGN.url, secretsSet: ['clientSecret'] });
    expect(answer.body).not.toContain(CAMPAIGN.clientSecret);
  }
  const privateKey = '-----BEGIN KEY-----';
  const payload = { host: 'sftp.example.com', user: 'lb', privateKey, directory: '/' };
  const sftp = await world.call('PUT', `${DEMO}/connections/sftp`, { payload });
  expect(sftp.json()).toMatchObject({ port: 22, secretsSet: ['privateKey'] });
  expect(sftp.body).not.toContain('BEGIN');
});

test('a connection that is not set is not there', async () => {
  await using world = await openAppWorld();
  await world.call('PUT', DEMO, { payload: { name: 'Demo', production: false } });
  expect((await world.call('GET', `${DEMO}/connections/sftp`)).statusCode).toBe(404);
  const test = await world.call('POST', `${DEMO}/connections/dynamics/test`);
  expect(test.json()).toMatchObject({ status: 409, type: '/problems/connection-missing' });
});

test('a secret left out stays, but never goes to another address', async () => {
  await using world = await openAppWorld();
  await world.connect();
  const { clientSecret, ...rest } = DYNAMICS;
  const put = (payload: object) => world.call('PUT', `${DEMO}/connections/dynamics`, { payload });
  expect((await put({ ...rest, clientId: 'other' })).statusCode).toBe(200);
  const { instance } = (await world.call('GET', DEMO)).json<{ instance: never }>();
  const kept = await world.fake.controlPlane.connections.reveal(instance);
  expect(kept.dynamics).toMatchObject({ clientId: 'other', clientSecret });
  for (const moved of [{ url: 'https://evil.example' }, { authority: 'https://evil.example' }]) {
    const answer = await put({ ...rest, ...moved });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({
      errors: [{ pointer: '/clientSecret', message: 'is required again: the address changed' }],
    });
  }
});

test('the first secret is required, and an address must be one', async () => {
  await using world = await openAppWorld();
  await world.call('PUT', DEMO, { payload: { name: 'Demo', production: false } });
  const put = (payload: object) => world.call('PUT', `${DEMO}/connections/dynamics`, { payload });
  const { url, tenantId, clientId } = DYNAMICS;
  expect((await put({ url, tenantId, clientId })).json()).toMatchObject({
    errors: [{ pointer: '/clientSecret', message: 'is required' }],
  });
  expect((await put({ ...DYNAMICS, url: 'ftp://x' })).json()).toMatchObject({
    errors: [{ pointer: '/url', message: 'must be an http or https URL' }],
  });
});

test.each([
  ['dynamics', { ...DYNAMICS, url: 'http://u:sekret@127.0.0.1:1/' }, '/url'],
  ['dynamics', { ...DYNAMICS, authority: 'https://:sekret@login.example' }, '/authority'],
  ['campaign', { ...CAMPAIGN, url: 'https://u:sekret@campaign.example' }, '/url'],
  ['campaign', { ...CAMPAIGN, imsUrl: 'https://sekret@ims.example' }, '/imsUrl'],
  ['campaign', { ...CAMPAIGN, eventsUrl: 'https://u:sekret@events.example/j' }, '/eventsUrl'],
])(
  '%s with a password in %j is refused, and nothing of it is kept',
  async (name, payload, pointer) => {
    await using world = await openAppWorld();
    await world.call('PUT', DEMO, { payload: { name: 'Demo', production: false } });
    const path = `${DEMO}/connections/${name}`;
    const refused = await world.call('PUT', path, { payload });
    expect(refused.json()).toMatchObject({
      status: 400,
      errors: [{ pointer, message: expect.stringContaining('clientSecret') }],
    });
    expect(refused.body).not.toContain('sekret');
    expect((await world.call('GET', path)).statusCode).toBe(404);
  },
);

test('a good connection passes each check', async () => {
  await using world = await openAppWorld();
  await world.connect();
  const dynamics = await tryOut(world, 'dynamics');
  expect(dynamics.passed).toBe(true);
  expect(dynamics.checks.map(({ check }) => check)).toEqual([
    'signIn',
    'metadata:contact',
    'changeTracking:contact',
    'read:contact',
    'changeTrackingExpiry',
  ]);
  const campaign = await tryOut(world, 'campaign');
  expect(campaign.passed).toBe(true);
  expect(campaign.checks.map(({ check }) => check)).toEqual([
    'signIn',
    'resources',
    'metadata:profile',
    'addressing:profile',
    'write:profile',
  ]);
  expect(campaign.checks.at(-1)?.message).toContain('let through');
});

test('without signing in nothing else is tried', async () => {
  await using world = await openAppWorld();
  await world.connect();
  const refused = { code: 'invalid_client', entraCodes: [7000222], vendorText: '' };
  world.systems.dynamics.whoAmI = fails(new DynamicsCredentialsRefused(refused));
  const { passed, checks } = await tryOut(world, 'dynamics');
  expect(passed).toBe(false);
  expect(checks[0]?.remedy).toContain('The client secret has expired');
  expect(checks[1]).toMatchObject({
    passed: false,
    message: 'Not tried, because "signIn" failed.',
    remedy: null,
  });
});

test.each([
  ['no application user', forbidden('0x80072560'), 'Make an application user'],
  ['no answer', new DynamicsUnreachable(REQUEST, 'connect'), 'Check the URL'],
  ['no token', new DynamicsUnreachable(REQUEST, 'token'), 'login.microsoftonline.com'],
])('%s is told with how to mend it', async (_case, error, remedy) => {
  await using world = await openAppWorld();
  await world.connect();
  world.systems.dynamics.whoAmI = fails(error);
  expect(failedOf(await tryOut(world, 'dynamics'))[0]?.remedy).toContain(remedy);
});

test('a missing right on a table is told by its name, and nothing personal with it', async () => {
  await using world = await openAppWorld();
  await world.connect();
  world.systems.dynamics.readPage = fails(forbidden('0x80040220'));
  world.systems.dynamics.table = async () => ({
    value: { ...CONTACT, changeTracking: false },
    calls: 1,
  });
  const result = await tryOut(world, 'dynamics');
  const failed = failedOf(result);
  expect(failed.map(({ check }) => check)).toEqual(['changeTracking:contact', 'read:contact']);
  expect(failed[0]?.remedy).toContain('Track changes');
  expect(failed[1]?.remedy).toContain('Read');
  expect(JSON.stringify(result)).not.toContain('jane@example.com');
});

test('a key that addresses nothing is told with both ways to mend it', async () => {
  await using world = await openAppWorld();
  await world.connect();
  world.systems.campaign.probeAddressing = async () => ({ value: null, calls: 2 });
  expect(failedOf(await tryOut(world, 'campaign'))[0]?.remedy).toContain('identification key');
  world.systems.campaign.probeAddressing = async () => ({
    value: { filter: 'byExternalId', parameter: 'externalId_parameter' },
    calls: 2,
  });
  const byFilter = await tryOut(world, 'campaign');
  expect(byFilter.passed).toBe(true);
  expect(byFilter.checks[3]?.message).toContain('two calls each');
});

test.each([
  [campaignRefusal('credentials', 401), 'Developer Console'],
  [campaignRefusal('forbidden', 403), 'Administrators'],
  [campaignRefusal('transient', 500), 'tenant'],
  [new CampaignUnreachable(REQUEST, 'token'), 'ims-na1.adobelogin.com'],
])('Campaign’s %s is told with how to mend it', async (error, remedy) => {
  await using world = await openAppWorld();
  await world.connect();
  world.systems.campaign.ping = fails(error);
  expect(failedOf(await tryOut(world, 'campaign'))[0]?.remedy).toContain(remedy);
});

test('metadata is asked for once, and again on request or after a change', async () => {
  await using world = await openAppWorld();
  await world.connect();
  const tables = (headers = {}) => world.call('GET', `${DEMO}/metadata/dynamics`, { headers });
  const table = await world.call('GET', `${DEMO}/metadata/dynamics/contact`);
  expect(table.json()).toMatchObject({
    table: 'contact',
    columns: [{ name: 'contactid' }, {}, {}, {}, {}],
  });
  await Promise.all([tables(), tables()]);
  expect(world.systems.asked.tables).toBe(1);
  await tables({ 'cache-control': 'no-cache' });
  expect(world.systems.asked.tables).toBe(2);
  const payload = { ...DYNAMICS, clientSecret: 'new' };
  await world.call('PUT', `${DEMO}/connections/dynamics`, { payload });
  await tables();
  expect(world.systems.asked.tables).toBe(3);
});

test('Campaign’s resources and their attributes are told', async () => {
  await using world = await openAppWorld();
  await world.connect();
  const list = await world.call('GET', `${DEMO}/metadata/campaign`);
  expect(list.json()).toMatchObject({ items: [{ resource: 'profile' }], next: null });
  const one = await world.call('GET', `${DEMO}/metadata/campaign/profile`);
  expect(one.json<{ fields: unknown[] }>().fields).toHaveLength(5);
});

test('a system that refuses, is away or is busy is told apart, and a failure is not kept', async () => {
  await using world = await openAppWorld();
  await world.connect();
  const resources = () => world.call('GET', `${DEMO}/metadata/campaign`);
  const working = world.systems.campaign.resources;
  world.systems.campaign.resources = fails(campaignRefusal('forbidden', 403));
  expect((await resources()).statusCode).toBe(502);
  world.systems.campaign.resources = fails(campaignRefusal('throttled', 429));
  const busy = await resources();
  expect(busy.statusCode).toBe(504);
  expect(busy.headers['retry-after']).toBe('30');
  world.systems.campaign.resources = working;
  expect((await resources()).statusCode).toBe(200);
  world.systems.campaign.resource = fails(campaignRefusal('notFound', 404));
  expect((await world.call('GET', `${DEMO}/metadata/campaign/cusX`)).statusCode).toBe(404);
});
