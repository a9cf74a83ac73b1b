import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { DynamicsWebApi } from 'dynamics-web-api';
import { DataverseSwitches, startDataverse, type DataverseSimulator } from '../src/index.ts';
import { dataverseCaller, errorIn, rowsIn, type Answer, type Call } from './callers.ts';

let dataverse: DataverseSimulator;
let call: Call;
let contact = '';

beforeAll(async () => {
  dataverse = await startDataverse({ contacts: 20 });
  dataverse.setLimits({ enabled: false });
  call = await dataverseCaller(dataverse);
  [contact = ''] = dataverse.contactIds({ top: 1 });
});
afterAll(() => dataverse.close());
afterEach(() => dataverse.setSwitches(DataverseSwitches.parse({})));

type Activity = Record<string, unknown>;
const sent = (more: Activity = {}): Activity => ({
  activityid: randomUUID(),
  subject: 'Campaign Name: C1; Delivery Name: DM1',
  adobe_senton: '2026-03-01T10:00:00Z',
  'regardingobjectid_contact_adobe_emailsend@odata.bind': `/contacts(${contact})`,
  ...more,
});
const typed = (target: Activity, table = 'adobe_emailsend'): Activity => ({
  '@odata.type': `Microsoft.Dynamics.CRM.${table}`,
  ...target,
});
const createMultiple = (targets: Activity[], set = 'adobe_emailsends'): Promise<Answer> =>
  call('POST', `${set}/Microsoft.Dynamics.CRM.CreateMultiple`, { Targets: targets });

test('bind names come from the relationships, and a wrong one is refused', async () => {
  const path = "EntityDefinitions(LogicalName='adobe_emailclick')/ManyToOneRelationships";
  const select = 'ReferencingAttribute,ReferencedEntity,ReferencingEntityNavigationPropertyName';
  const found = rowsIn(await call('GET', `${path}?$select=${select}`)).filter(
    (one) => one['ReferencingAttribute'] === 'regardingobjectid',
  );
  expect(found.map((one) => one['ReferencingEntityNavigationPropertyName'])).toEqual([
    'regardingobjectid_contact_adobe_emailclick',
    'regardingobjectid_account_adobe_emailclick',
  ]);
  const wrong = sent({ 'regardingobjectid_contact@odata.bind': `/contacts(${contact})` });
  expect(errorIn(await call('POST', 'adobe_emailsends', wrong)).code).toBe('0x80048d19');
});

test('an id of one’s own makes a create happen once', async () => {
  const activity = sent();
  const id = String(activity['activityid']);
  expect((await call('POST', 'adobe_emailsends', activity)).status).toBe(204);
  const again = await call('POST', 'adobe_emailsends', activity);
  expect([again.status, errorIn(again).code]).toEqual([412, '0x80040237']);
  const { activityid: _own, ...body } = activity;
  const only = { 'if-none-match': '*' };
  expect((await call('PATCH', `adobe_emailsends(${id})`, body, only)).status).toBe(412);
  const other = `adobe_emailsends(${randomUUID()})`;
  expect((await call('PATCH', other, body, only)).status).toBe(204);
});

test.each(['kept', 'ignored', 'refused'] as const)('an activity’s own id: %s', async (what) => {
  dataverse.setSwitches({ activityIdOnCreate: what });
  const activity = sent();
  const answer = await call('POST', 'adobe_emailsends', activity);
  expect(answer.status).toBe(what === 'refused' ? 400 : 204);
  const found = dataverse.row('adobe_emailsend', String(activity['activityid']));
  expect(found !== null).toBe(what === 'kept');
});

test('CreateMultiple makes all or nothing: one bad row, a missing contact, a row that is there', async () => {
  const before = dataverse.rowCount('adobe_emailsend');
  const good = [sent(), sent()];
  const nobody = `/contacts(${randomUUID()})`;
  for (const [bad, status, code] of [
    [sent({ subject: 'x'.repeat(401) }), 400, '0x80044331'],
    [sent({ 'regardingobjectid_contact_adobe_emailsend@odata.bind': nobody }), 404, '0x80040217'],
    [good[0] ?? {}, 412, '0x80040237'],
  ] as const) {
    const answer = await createMultiple([...good, bad].map((one) => typed(one)));
    expect([answer.status, errorIn(answer).code]).toEqual([status, code]);
  }
  expect(dataverse.rowCount('adobe_emailsend')).toBe(before);
  const made = await createMultiple(good.map((one) => typed(one)));
  expect(made.json?.['Ids']).toEqual(good.map(({ activityid }) => activityid));
});

const offers = async (table: string): Promise<boolean> => {
  const filter = 'sdkmessageid/name eq @m and primaryobjecttypecode eq @t';
  const aliases = `@m='CreateMultiple'&@t='${table}'`;
  const path = `sdkmessagefilters?$select=sdkmessagefilterid&$filter=${encodeURIComponent(filter)}`;
  return rowsIn(await call('GET', `${path}&${aliases}`)).length > 0;
};

test('CreateMultiple is served per table, and sdkmessagefilters say where', async () => {
  expect(await offers('adobe_emailopen')).toBe(true);
  dataverse.setMultiple('adobe_emailopen', false);
  expect([await offers('adobe_emailopen'), await offers('adobe_emailsend')]).toEqual([false, true]);
  const refused = await createMultiple(
    [typed({ subject: 'x' }, 'adobe_emailopen')],
    'adobe_emailopens',
  );
  expect(refused.status).toBe(400);
  dataverse.setMultiple('adobe_emailopen', true);
  dataverse.setSwitches({ createMultipleOnActivities: false });
  expect([await offers('adobe_emailopen'), await offers('contact')]).toEqual([false, true]);
});

test('rows at once and requests in a batch may be limited', async () => {
  dataverse.setSwitches({ multipleRowsMax: 2, batchRequestsMax: 250 });
  const three = [sent(), sent(), sent()].map((one) => typed(one));
  expect((await createMultiple(three)).status).toBe(400);
  expect((await createMultiple(three.slice(0, 2))).status).toBe(200);
  const part = 'Content-Type: application/http\r\n\r\nGET /api/data/v9.2/WhoAmI HTTP/1.1\r\n\r\n';
  const body = `--b\r\n${Array.from({ length: 251 }, () => part).join('--b\r\n')}--b--\r\n`;
  const answer = await call('POST', '$batch', body, {
    'content-type': 'multipart/mixed; boundary=b',
  });
  expect([answer.status, errorIn(answer).message]).toEqual([
    400,
    expect.stringMatching(/maximum number of '250' query operations, including changeset/),
  ]);
});

test('a batch of creates goes on past a bad one, and a changeset does not', async () => {
  const part = (activity: Activity, id = ''): string =>
    `Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n${id}\r\n` +
    'POST /api/data/v9.2/adobe_emailsends HTTP/1.1\r\nContent-Type: application/json\r\n\r\n' +
    `${JSON.stringify(activity)}\r\n`;
  const [a, bad, b] = [sent(), sent({ nope: 1 }), sent()];
  const prefer = { prefer: 'odata.continue-on-error' };
  const type = { 'content-type': 'multipart/mixed; boundary=b' };
  const singles = [a, bad, b].map((one) => `--b\r\n${part(one)}`).join('');
  const answer = await call('POST', '$batch', `${singles}--b--\r\n`, { ...type, ...prefer });
  expect(answer.status).toBe(200);
  expect(answer.text.match(/HTTP\/1\.1 \d+/g)).toEqual([
    'HTTP/1.1 204',
    'HTTP/1.1 400',
    'HTTP/1.1 204',
  ]);
  const before = dataverse.rowCount('adobe_emailsend');
  const set = [sent(), bad].map((one, n) => `--c\r\n${part(one, `Content-ID: ${n + 1}\r\n`)}`);
  const whole = `--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n${set.join('')}--c--\r\n--b--\r\n`;
  expect((await call('POST', '$batch', whole, { ...type, ...prefer })).status).toBe(200);
  expect(dataverse.rowCount('adobe_emailsend')).toBe(before);
});

test('a contact’s activities are listed by filter, by its own navigation, and as a timeline', async () => {
  const other = dataverse.createContact();
  const at = (day: number): string => `2026-03-0${day}T10:00:00Z`;
  const regarding = (table: string): Activity => ({
    [`regardingobjectid_contact_${table}@odata.bind`]: `/contacts(${other})`,
  });
  await call('POST', 'adobe_emailopens', {
    adobe_openedon: at(2),
    ...regarding('adobe_emailopen'),
  });
  await call('POST', 'adobe_emailsends', { adobe_senton: at(1), ...regarding('adobe_emailsend') });
  await call('POST', 'adobe_emailopens', {
    adobe_openedon: at(4),
    ...regarding('adobe_emailopen'),
  });
  expect(dataverse.timeline(other).map(({ table, at: moment }) => [table, moment])).toEqual([
    ['adobe_emailsend', at(1)],
    ['adobe_emailopen', at(2)],
    ['adobe_emailopen', at(4)],
  ]);
  const filter = `$filter=_regardingobjectid_value eq ${other}`;
  expect(rowsIn(await call('GET', `adobe_emailopens?${filter}`))).toHaveLength(2);
  const nav = `contacts(${other})/contact_adobe_emailopens?$select=adobe_openedon`;
  expect(rowsIn(await call('GET', nav))).toHaveLength(2);
  const narrowed = `${nav}&$filter=${encodeURIComponent(`adobe_openedon ge ${at(3)}`)}`;
  expect(rowsIn(await call('GET', narrowed))).toMatchObject([{ adobe_openedon: at(4) }]);
});

test('the solution may use other names, which only metadata tell', async () => {
  await using renamed = await startDataverse({ switches: { activityNames: 'other' } });
  const ask = await dataverseCaller(renamed);
  const filter = '$filter=IsCustomEntity eq true and IsActivity eq true';
  const tables = rowsIn(
    await ask('GET', `EntityDefinitions?$select=LogicalName,EntitySetName,DisplayName&${filter}`),
  );
  expect(tables.map((one) => one['EntitySetName'])).toEqual([
    'adobe_emailsends',
    'adobe_emailopenset',
    'adobe_emailurlclickset',
    'adobe_emailbounceset',
  ]);
  const id = renamed.createContact();
  const click = {
    adobe_urlclicked: 'https://x.test',
    'regardingobjectid_contact_adobe_EmailURLClick@odata.bind': `/contacts(${id})`,
  };
  expect((await ask('POST', 'adobe_emailurlclickset', click)).status).toBe(204);
  expect(renamed.timeline(id)).toHaveLength(1);
});

test.each([
  'donotbulkemail',
  'donotemail',
  'donotphone',
  'donotpostalmail',
  'donotfax',
  'donotsendmm',
])('%s is written, and moves modifiedon by the environment’s clock', async (column) => {
  dataverse.setClockSkew(-300_000);
  expect((await call('PATCH', `contacts(${contact})`, { [column]: true })).status).toBe(204);
  dataverse.setClockSkew(0);
  const row = dataverse.contact(contact);
  expect(row?.[column]).toBe(true);
  const behindMs = Date.now() - Date.parse(String(row?.['modifiedon']));
  expect(behindMs).toBeGreaterThan(299_000);
  expect(behindMs).toBeLessThan(360_000);
});

test('dynamics-web-api creates several activities in one action', async () => {
  const token = await dataverseTokenFor(dataverse);
  const api = new DynamicsWebApi({
    serverUrl: dataverse.url,
    dataApi: { version: '9.2' },
    onTokenRefresh: () => Promise.resolve(token),
  });
  const made = await api.callAction<{ Ids: string[] }>({
    collection: 'adobe_emailsends',
    actionName: 'Microsoft.Dynamics.CRM.CreateMultiple',
    action: { Targets: [typed(sent()), typed(sent())] },
  });
  expect(made.Ids).toHaveLength(2);
});

async function dataverseTokenFor({
  authority,
  tenantId,
  clientId,
  clientSecret,
  url,
}: DataverseSimulator) {
  const reply = await fetch(`${authority}/${tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
      scope: `${url}/.default`,
    }),
  });
  return ((await reply.json()) as { access_token: string }).access_token;
}
