import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startDataverse, type DataverseSimulator } from '../src/index.ts';
import { dataverseCaller, entraToken, errorIn, rowsIn, walk, type Call } from './callers.ts';

let dataverse: DataverseSimulator;
let call: Call;

beforeAll(async () => {
  dataverse = await startDataverse({ contacts: 12_000, accounts: 20, vehicles: 5 });
  call = await dataverseCaller(dataverse);
});
afterAll(() => dataverse.close());

test.each([
  [{ client_secret: 'wrong' }, 401, 7000215],
  [{ client_id: 'nobody' }, 400, 700016],
  [{ grant_type: 'password' }, 400, 70003],
  [{ scope: 'openid' }, 400, 1002012],
])('Entra refuses %j', async (form, status, code) => {
  const answer = await entraToken(dataverse, form);
  expect(answer.status).toBe(status);
  expect(answer.json?.['error_codes']).toEqual([code]);
});

test('a token for another audience, or none, is 401 with WWW-Authenticate', async () => {
  const other = await entraToken(dataverse, { scope: `${dataverse.url}//.default` });
  const reply = await call('GET', 'WhoAmI', undefined, {
    authorization: `Bearer ${String(other.json?.['access_token'])}`,
  });
  expect([reply.status, reply.headers.get('www-authenticate')]).toEqual([
    401,
    expect.stringContaining('authorization_uri='),
  ]);
  expect((await call('GET', 'WhoAmI', undefined, { authorization: '' })).status).toBe(401);
});

test('a page has at most 5000 rows whatever was preferred, and pages hold each row once', async () => {
  const first = await call('GET', 'contacts?$select=firstname', undefined, {
    prefer: 'odata.maxpagesize=90000',
  });
  expect(rowsIn(first)).toHaveLength(5_000);
  const { rows, pages } = await walk(call, 'contacts?$select=firstname', 'odata.maxpagesize=4000');
  expect(pages).toBe(3);
  expect(new Set(rows.map((row) => row['contactid'])).size).toBe(12_000);
});

test('rows carry etag, key and nulls, and labels when they are asked for', async () => {
  const [id = ''] = dataverse.contactIds({ skip: 10, top: 1 });
  dataverse.changeContact(id, {
    gendercode: 2,
    new_hobbies: '2,3,8',
    jobtitle: null,
    donotemail: true,
  });
  const { json } = await call(
    'GET',
    `contacts(${id})?$select=gendercode,new_hobbies,jobtitle,donotemail,_ownerid_value`,
    undefined,
    { prefer: 'odata.include-annotations="*"' },
  );
  const label = '@OData.Community.Display.V1.FormattedValue';
  expect(json).toMatchObject({
    contactid: id,
    '@odata.etag': expect.stringMatching(/^W\/"\d+"$/) as unknown,
    [`gendercode${label}`]: 'Female',
    [`new_hobbies${label}`]: 'Hiking; Climbing; Golf',
    [`donotemail${label}`]: 'Do Not Allow',
    jobtitle: null,
    '_ownerid_value@Microsoft.Dynamics.CRM.lookuplogicalname': 'systemuser',
  });
  expect(json).not.toHaveProperty(`jobtitle${label}`);
});

test.each([
  ['contacts?$select=nope', 400, '0x80060888'],
  ['contacts?$select=gendercodename', 400, '0x80060888'],
  ['contacts?$select=parentcustomerid', 400, '0x80060888'],
  ['contacts?$skip=3', 400, '0x80060888'],
  ['contacts?$filter=nope eq 1', 400, '0x80060888'],
  ["contacts?$filter=gendercode eq 'x'", 400, '0x80060888'],
  ['Contact', 404, '0x8006088a'],
  ['contacts(00000000-0000-0000-0000-000000000001)', 404, '0x80040217'],
  ["contacts(new_externalref='nobody')", 404, '0x80060891'],
  ["contacts(firstname='Ada')", 400, '0x80060888'],
  ["EntityDefinitions(LogicalName='nope')", 404, '0x80040217'],
  ["EntityDefinitions?$filter=startswith(LogicalName,'adobe_')", 400, '0x8006088a'],
])('GET %s answers %d %s', async (path, status, code) => {
  const answer = await call('GET', path);
  expect([answer.status, errorIn(answer).code]).toEqual([status, code]);
});

test('query option names are case-sensitive', async () => {
  expect((await call('GET', 'contacts?$Select=firstname')).status).toBe(400);
});

test('order, top and count work together; the count is capped at 5000', async () => {
  const path = 'contacts?$select=lastname&$orderby=lastname desc,contactid asc&$top=3&$count=true';
  const answer = await call('GET', path);
  expect(answer.json?.['@odata.count']).toBe(5_000);
  expect(answer.json).not.toHaveProperty('@odata.nextLink');
  const names = rowsIn(answer).map((row) => String(row['lastname']).toLowerCase());
  expect(names).toEqual([...names].sort((a, b) => (a < b ? 1 : -1)));
  const total = await call('GET', 'RetrieveTotalRecordCount(EntityNames=@p1)?@p1=["contact"]');
  expect(total.text).toContain(`"Values":[${dataverse.contactCount()}]`);
});

test('a delta brings changes by version, then deletes; what is gone unseen comes as a delete', async () => {
  const prefer = 'odata.track-changes,odata.maxpagesize=5000';
  const { deltaLink } = await walk(call, 'contacts?$select=firstname', prefer);
  const [changed = '', deleted = ''] = dataverse.contactIds({ skip: 50, top: 2 });
  const made = dataverse.createContact({ firstname: 'New' });
  const unseen = dataverse.createContact();
  dataverse.changeContact(changed, { firstname: 'First' });
  dataverse.changeContact(changed, { firstname: 'Last' });
  dataverse.deleteContact(deleted);
  dataverse.deleteContact(unseen);
  const count = await call('GET', deltaLink.replace('contacts?', 'contacts/$count?'));
  expect(count.text.replace('\ufeff', '')).toBe('4');
  const delta = await walk(call, deltaLink, 'odata.track-changes,odata.maxpagesize=3');
  expect(delta.pages).toBe(2);
  expect(delta.rows.map((row) => row['contactid'] ?? row['id'])).toEqual([
    made,
    changed,
    deleted,
    unseen,
  ]);
  expect(delta.rows[1]).toMatchObject({ firstname: 'Last' });
  expect(delta.rows[2]).toMatchObject({ reason: 'deleted' });
  const nothing = await walk(call, delta.deltaLink, prefer);
  expect([nothing.rows, typeof nothing.deltaLink]).toEqual([[], 'string']);
});

test.each(['$filter=statecode eq 0', '$orderby=modifiedon', '$expand=ownerid', '$top=1'])(
  'tracking refuses %s',
  async (option) => {
    const prefer = 'odata.track-changes';
    const answer = await call('GET', `contacts?${option}`, undefined, { prefer });
    expect(answer.status).toBe(400);
    expect(errorIn(answer).message).toContain("isn't supported when Change Tracking is enabled");
  },
);

test('a table without tracking refuses it', async () => {
  dataverse.setChangeTracking('account', false);
  const prefer = 'odata.track-changes';
  const answer = await call('GET', 'accounts?$select=name', undefined, { prefer });
  expect([answer.status, errorIn(answer).code]).toEqual([400, '0x80072491']);
});

test('lookups expand, and a filter may look one row further', async () => {
  const path =
    "contacts?$select=firstname&$filter=parentcustomerid_account/accountnumber eq 'AC-00000001'";
  const answer = await call('GET', `${path}&$expand=parentcustomerid_account($select=name)&$top=2`);
  const [row] = rowsIn(answer);
  expect(row?.['parentcustomerid_account']).toMatchObject({ name: expect.any(String) as unknown });
});

test('metadata name types, lengths, options, targets and navigation properties', async () => {
  const base = "EntityDefinitions(LogicalName='contact')";
  const attributes = rowsIn(
    await call('GET', `${base}/Attributes?$select=LogicalName,AttributeOf`),
  );
  expect(attributes.find((one) => one['LogicalName'] === 'gendercodename')).toMatchObject({
    AttributeOf: 'gendercode',
  });
  const cast = (type: string): string =>
    `${base}/Attributes/Microsoft.Dynamics.CRM.${type}AttributeMetadata`;
  const texts = rowsIn(await call('GET', `${cast('String')}?$select=LogicalName,MaxLength`));
  expect(texts.find((one) => one['LogicalName'] === 'firstname')).toMatchObject({ MaxLength: 50 });
  const choices = `${cast('Picklist')}?$select=LogicalName&$expand=OptionSet,GlobalOptionSet`;
  const segment = rowsIn(await call('GET', choices)).find(
    (o) => o['LogicalName'] === 'new_segment',
  );
  expect(segment?.['GlobalOptionSet']).toMatchObject({ IsGlobal: true });
  const links = rowsIn(await call('GET', `${base}/ManyToOneRelationships`));
  expect(links.map((one) => one['ReferencingEntityNavigationPropertyName'])).toContain(
    'parentcustomerid_account',
  );
  expect((await call('GET', `${cast('Enum')}?$select=LogicalName`)).status).toBe(404);
});

test('without its privilege, or its user, nothing is read', async () => {
  dataverse.revokePrivilege('contact', 'read');
  expect(errorIn(await call('GET', 'contacts?$top=1')).code).toBe('0x80040220');
  dataverse.grantPrivilege('contact', 'read');
  dataverse.setApplicationUser(false);
  const answer = await call('GET', 'WhoAmI');
  expect([answer.status, errorIn(answer).code]).toEqual([403, '0x80072560']);
  dataverse.setApplicationUser(true);
});
