import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  startCampaign,
  startDataverse,
  type CampaignSimulator,
  type DataverseSimulator,
} from '../src/index.ts';
import {
  campaignCaller,
  dataverseCaller,
  entraToken,
  errorIn,
  rowsIn,
  walk,
  type Call,
} from './callers.ts';

/** One test for each difference that docs/simulator-differences.md names. */
let dataverse: DataverseSimulator;
let campaign: CampaignSimulator;
let ask: Call;
let call: Call;

beforeAll(async () => {
  dataverse = await startDataverse({ contacts: 100, accounts: 4 });
  campaign = await startCampaign();
  ask = await dataverseCaller(dataverse);
  call = await campaignCaller(campaign);
});
afterAll(() => Promise.all([dataverse.close(), campaign.close()]));

test('DV-1 a list without $orderby comes in the order of creation', async () => {
  const made = dataverse.createContact();
  const { rows } = await walk(ask, 'contacts?$select=firstname', 'odata.maxpagesize=40');
  expect(rows.map((row) => row['contactid'])).toEqual(dataverse.contactIds());
  expect(rows.at(-1)?.['contactid']).toBe(made);
});

test('DV-2 a message beyond the documented words is the simulator’s own', async () => {
  const { message } = errorIn(await ask('GET', 'contacts?$filter=firstname eq'));
  expect(message).toMatch(/^Syntax error/);
});

test.each([
  "contacts?$filter=contact_customer_contacts/any(c:c/firstname eq 'x')",
  'accounts?$expand=contact_customer_accounts',
  'contacts?fetchXml=<fetch/>&$apply=aggregate($count as c)&$skip=1',
])('DV-3 %s is not served', async (path) => {
  expect((await ask('GET', path)).status).toBe(400);
});

test('DV-4 a deletion leaves lookups to the deleted row behind', async () => {
  const row = dataverse.contacts().find((one) => one['_parentcustomerid_value'] !== null);
  const account = String(row?.['_parentcustomerid_value']);
  expect((await ask('DELETE', `accounts(${account})`)).status).toBe(204);
  expect(dataverse.contact(String(row?.['contactid']))?.['_parentcustomerid_value']).toBe(account);
});

test('DV-5 one web server answers, without an affinity cookie', async () => {
  const answer = await ask('GET', 'WhoAmI');
  expect(answer.headers.get('set-cookie')).toBeNull();
  expect(Number(answer.headers.get('x-ms-ratelimit-burst-remaining-xrm-requests'))).toBeLessThan(
    6_000,
  );
});

test('DV-6 a read-only column in a body is passed over', async () => {
  const [id = ''] = dataverse.contactIds({ top: 1 });
  const before = dataverse.contact(id)?.['createdon'];
  expect(
    (await ask('PATCH', `contacts(${id})`, { createdon: '2001-01-01T00:00:00Z' })).status,
  ).toBe(204);
  expect(dataverse.contact(id)?.['createdon']).toBe(before);
});

test('DV-7 an administrator may rename and retype a column; a renamed one is empty', async () => {
  dataverse.renameColumn('contact', 'pager', 'pagernumber');
  expect((await ask('GET', 'contacts?$select=pager&$top=1')).status).toBe(400);
  const [row] = rowsIn(await ask('GET', 'contacts?$select=pagernumber&$top=1'));
  expect(row?.['pagernumber']).toBeNull();
  dataverse.retypeColumn('contact', 'suffix', 'integer');
  const [id = ''] = dataverse.contactIds({ top: 1 });
  expect((await ask('PATCH', `contacts(${id})`, { suffix: 3 })).status).toBe(204);
});

test('DV-8 RetrieveTotalRecordCount is exact at once', async () => {
  const before = dataverse.contactCount();
  dataverse.createContact();
  const { text } = await ask('GET', "RetrieveTotalRecordCount(EntityNames=@p1)?@p1=['contact']");
  expect(text).toContain(`"Values":[${before + 1}]`);
});

test('DV-9 OData version headers may be missing', async () => {
  expect((await ask('GET', 'WhoAmI', undefined, { accept: '*/*' })).status).toBe(200);
});

test('DV-10 tokens come over plain HTTP, without OpenID discovery', async () => {
  const { json } = await entraToken(dataverse);
  expect(String(json?.['access_token']).split('.')).toHaveLength(3);
  const discovery = `${dataverse.authority}/${dataverse.tenantId}/v2.0/.well-known/openid-configuration`;
  expect((await fetch(discovery)).status).toBe(401);
});

test('DV-11 a delta is always in the order of row versions', async () => {
  const { deltaLink } = await walk(ask, 'contacts?$select=firstname', 'odata.track-changes');
  const ids = dataverse.contactIds({ top: 3 }).reverse();
  for (const id of ids) dataverse.changeContact(id, { firstname: 'x' });
  const { rows } = await walk(ask, deltaLink, 'odata.track-changes');
  expect(rows.map((row) => row['contactid'])).toEqual(ids);
});

test('DV-12 a merge is not offered', async () => {
  expect((await ask('POST', 'Merge', {})).status).toBe(404);
});

test('DV-13 activities have no common table', async () => {
  expect((await ask('GET', 'activitypointers')).status).toBe(404);
});

test('DV-14 a privilege reaches all rows or is not held', async () => {
  const userId = String((await ask('GET', 'WhoAmI')).json?.['UserId']);
  const path = `systemusers(${userId})/Microsoft.Dynamics.CRM.RetrieveUserPrivileges`;
  const held = (await ask('GET', path)).json?.['RolePrivileges'] as { Depth: string }[];
  expect(new Set(held.map(({ Depth }) => Depth))).toEqual(new Set(['Global']));
});

const PROFILE = 'profileAndServicesExt/profile';

test('AC-1 an unknown attribute is an error that names it', async () => {
  const answer = await call('POST', PROFILE, { cusNope: 1 });
  expect([answer.status, answer.text]).toEqual([500, expect.stringContaining("'cusNope'")]);
});

test('AC-2 a number is not taken for text', async () => {
  expect((await call('POST', PROFILE, { firstName: 5 })).status).toBe(500);
});

test('AC-3 lengths of the location’s attributes are a guess', async () => {
  const { json } = await call('GET', 'profileAndServicesExt/resourceType/profile');
  const content = json?.['content'] as Record<string, { content: Record<string, unknown> }>;
  expect(content['location']?.content['zipCode']).toMatchObject({ length: '15' });
  expect(content['location']?.content['city']).toMatchObject({ length: '80' });
});

test('AC-4 sub-collections are empty', async () => {
  campaign.createProfile({ externalId: 'ac4' });
  const { json } = await call('GET', `${PROFILE}/ac4/subscriptions/`);
  expect(json?.['content']).toEqual([]);
});

test('AC-5 the lists of time zones and languages are not Adobe’s', async () => {
  const ok = { timeZone: 'Europe_Paris', preferredLanguage: 'en_kz' };
  expect((await call('POST', PROFILE, ok)).status).toBe(201);
});

test('AC-6 the gateway’s words for a missing key are not from the reference', async () => {
  const answer = await call('GET', PROFILE, undefined, { 'x-api-key': 'wrong' });
  expect(answer.json?.['error_code']).toBe('403003');
});

test.each(['history', 'workflow', 'privacy', 'mcdemo'])('AC-7 %s is not served', async (path) => {
  expect((await call('GET', `${path}/x`)).status).toBe(500);
});

test('AC-8 a custom filter without its parameter is an error', async () => {
  expect((await call('GET', `${PROFILE}/byExternalId`)).status).toBe(500);
});

test('AC-9 a change of the structure is there at once, without publishing', async () => {
  campaign.addAttribute('profile', { name: 'cusAtOnce', type: 'string', lengthMax: 3 });
  expect((await call('POST', PROFILE, { cusAtOnce: 'x' })).status).toBe(201);
});

test('AC-10 a link takes any PKey', async () => {
  expect((await call('POST', PROFILE, { orgUnit: { PKey: '@any' } })).status).toBe(201);
});

const journal = async (organization: string): Promise<Record<string, unknown> | undefined> => {
  const { json } = await call('GET', campaign.eventsUrl, undefined, {
    'x-ims-org-id': organization,
  });
  return json;
};

test('AC-11 the words for another organization are the simulator’s own', async () => {
  expect(await journal('other@AdobeOrg')).toMatchObject({ reason: 'Forbidden' });
});

test('AC-12 the mirror page has a made-up name in events; AC-13 one journal has every kind', async () => {
  campaign.recordEvents([{ kind: 'send' }, { kind: 'click' }, { kind: 'bounce' }]);
  const found = await journal(campaign.organizationId);
  expect(JSON.stringify(found?.['events']).match(/xdm:mirrorPageURL/g)).toHaveLength(3);
});

test('AC-14 log files have columns of ours; AC-18 a workflow runs at once, whenever told', () => {
  campaign.recordEvents([{ kind: 'send' }]);
  expect(campaign.writeLogFiles()).not.toEqual([]);
  campaign.recordEvents([{ kind: 'send' }]);
  expect(campaign.writeLogFiles()).toHaveLength(1);
});

test('AC-15 files stay on SFTP until somebody deletes them', () => {
  campaign.setClockSkew(20 * 86_400_000);
  campaign.exportOptOuts();
  expect(campaign.files().length).toBeGreaterThanOrEqual(2);
  campaign.setClockSkew(0);
});

test.each([
  ['AC-16', 'byRecipientId?recipientId_parameter=200000'],
  ['AC-17', 'byLastModified?lastModified_parameter=2026-01-01'],
  ['AC-17', 'byOptOutLastModified?lastModified_parameter=2026-01-01'],
])('%s %s is a filter of ours', async (_id, filter) => {
  expect((await call('GET', `${PROFILE}/${filter}`)).status).toBe(200);
});
