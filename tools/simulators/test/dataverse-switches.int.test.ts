import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { DataverseSwitches, startDataverse, type DataverseSimulator } from '../src/index.ts';
import { isAudience } from '../src/dataverse/entra.ts';
import { dataverseCaller, entraToken, errorIn, rowsIn, walk, type Call } from './callers.ts';

/** What the reference marks as unconfirmed, both ways. */
let dataverse: DataverseSimulator;
let call: Call;
const TRACK = 'odata.track-changes';
const LIST = 'contacts?$select=firstname';
const STANDARD = DataverseSwitches.parse({});

beforeAll(async () => {
  dataverse = await startDataverse({ contacts: 30 });
  call = await dataverseCaller(dataverse);
});
afterAll(() => dataverse.close());
afterEach(() => {
  dataverse.setSwitches(STANDARD);
  dataverse.clearFaults();
});

const baseline = async (): Promise<string> => (await walk(call, LIST, TRACK)).deltaLink;
const first = (): string => dataverse.contactIds({ top: 1 })[0] ?? '';

test.each([400, 404, 410] as const)('an expired delta token may be %d', async (status) => {
  dataverse.setSwitches({ expiredTokenStatus: status });
  const link = await baseline();
  dataverse.expireDeltaTokens();
  const answer = await call('GET', link, undefined, { prefer: TRACK });
  expect([answer.status, errorIn(answer)]).toEqual([
    status,
    {
      code: '0x80044352',
      message: expect.stringMatching(/^Version stamp associated with the client has expired/),
    },
  ]);
});

test('a delta token also ages', async () => {
  const link = await baseline();
  const old = link.replace(/%2f\d{4}%20/, '%2f2020%20');
  expect(errorIn(await call('GET', old)).code).toBe('0x80044352');
  dataverse.setTrackingExpiryDays(365);
  expect((await call('GET', link)).status).toBe(200);
});

test.each(['0x80044183', '0x80060888'] as const)('a malformed token may be %s', async (code) => {
  dataverse.setSwitches({ malformedTokenCode: code });
  expect(errorIn(await call('GET', `${LIST}&$deltatoken=nonsense`)).code).toBe(code);
});

test.each([true, false])(
  'a change of an unselected column alone: in the delta %s',
  async (comes) => {
    dataverse.setSwitches({ deltaRowForUnselectedColumn: comes });
    const link = await baseline();
    dataverse.changeContact(first(), { jobtitle: `Other ${comes}` });
    expect((await walk(call, link, TRACK)).rows).toHaveLength(comes ? 1 : 0);
  },
);

test.each(['present', 'lost'] as const)('the deltaLink with annotations: %s', async (what) => {
  dataverse.setSwitches({ deltaLinkWithAnnotations: what });
  const { deltaLink } = await walk(call, LIST, `${TRACK},odata.include-annotations="*"`);
  expect(typeof deltaLink).toBe(what === 'present' ? 'string' : 'undefined');
});

test.each(['firstPage', 'lastPage'] as const)('a first load’s token is its %s’s', async (from) => {
  dataverse.setSwitches({ deltaTokenFrom: from });
  const prefer = `${TRACK},odata.maxpagesize=20`;
  const page = await call('GET', LIST, undefined, { prefer });
  dataverse.changeContact(first(), { firstname: `Meanwhile ${from}` });
  const rest = await walk(call, String(page.json?.['@odata.nextLink']), prefer);
  const delta = await walk(call, rest.deltaLink, TRACK);
  expect(delta.rows).toHaveLength(from === 'firstPage' ? 1 : 0);
});

test.each([true, false])('several changes of one row collapse: %s', async (collapses) => {
  dataverse.setSwitches({ deltaCollapsesChanges: collapses });
  const link = await baseline();
  for (const firstname of ['A', 'B', 'C']) dataverse.changeContact(first(), { firstname });
  const { rows } = await walk(call, link, TRACK);
  expect(rows.map((row) => row['firstname'])).toEqual(collapses ? ['C'] : ['C', 'C', 'C']);
});

test.each([true, false])('a delta needs its Prefer: %s', async (needs) => {
  const link = await baseline();
  dataverse.setSwitches({ deltaNeedsPrefer: needs });
  expect((await call('GET', link)).status).toBe(needs ? 400 : 200);
});

test.each([true, false])('delta tokens die with a change of the columns: %s', async (dies) => {
  dataverse.setSwitches({ metadataChangeExpiresTokens: dies });
  const link = await baseline();
  dataverse.addColumn('contact', { name: `new_extra${dies ? 1 : 2}`, type: 'string' });
  expect((await call('GET', link)).status).toBe(dies ? 400 : 200);
});

test.each([400, 501] as const)('refused options with tracking may be %d', async (status) => {
  dataverse.setSwitches({ trackingRefusalStatus: status });
  const answer = await call('GET', `${LIST}&$top=1`, undefined, { prefer: TRACK });
  expect(answer.status).toBe(status);
});

test.each(['empty', 'html', 'json'] as const)('bodies of 401 and 503 may be %s', async (body) => {
  dataverse.setSwitches({ unauthorizedBody: body, unavailableBody: body });
  dataverse.addFault({ fault: { kind: 'status', status: 503 } });
  const kind = (text: string): string =>
    text === '' ? 'empty' : text.startsWith('{') ? 'json' : 'html';
  expect(kind((await call('GET', 'WhoAmI')).text)).toBe(body);
  dataverse.clearFaults();
  const answer = await call('GET', 'WhoAmI', undefined, { authorization: 'Bearer x.y.z' });
  expect([answer.status, kind(answer.text)]).toEqual([401, body]);
});

test.each(['whole', 'part'] as const)('a limit met in a batch refuses the %s', async (what) => {
  dataverse.setSwitches({ throttleInBatch: what });
  const left = (await call('GET', 'WhoAmI')).headers.get(
    'x-ms-ratelimit-burst-remaining-xrm-requests',
  );
  const used = 6_000 - Number(left);
  dataverse.setLimits({ requestsMax: what === 'part' ? used + 1 : 1, retryAfterS: 1 });
  const part =
    '--b\r\nContent-Type: application/http\r\n\r\nGET /api/data/v9.2/WhoAmI HTTP/1.1\r\n\r\n';
  const answer = await call('POST', '$batch', `${part}${part}--b--\r\n`, {
    'content-type': 'multipart/mixed; boundary=b',
    prefer: 'odata.continue-on-error',
  });
  dataverse.setLimits({ requestsMax: 6_000, retryAfterS: null });
  if (what === 'whole') expect(answer.status).toBe(429);
  else expect(answer.text).toContain('HTTP/1.1 429');
});

test.each(['refused', 'ignored', 'applied'] as const)('statecode on create: %s', async (what) => {
  dataverse.setSwitches({ statecodeOnCreate: what });
  const answer = await call('POST', 'adobe_emailsends', {
    subject: what,
    statecode: 1,
    statuscode: 2,
  });
  expect(answer.status).toBe(what === 'refused' ? 400 : 204);
  const made = dataverse.rows('adobe_emailsend').find((row) => row['subject'] === what);
  expect(made?.['statecode']).toBe({ refused: undefined, ignored: 0, applied: 1 }[what]);
});

test.each([true, false])('CreateMultiple serves activities: %s', async (serves) => {
  dataverse.setSwitches({ createMultipleOnActivities: serves });
  const type = 'Microsoft.Dynamics.CRM.adobe_emailopen';
  const targets = { Targets: [{ '@odata.type': type, subject: 'x' }] };
  const action = 'adobe_emailopens/Microsoft.Dynamics.CRM.CreateMultiple';
  expect((await call('POST', action, targets)).status).toBe(serves ? 200 : 400);
});

test('CreateMultiple may reverse its ids and may name the bad row', async () => {
  const type = 'Microsoft.Dynamics.CRM.contact';
  const action = `contacts/Microsoft.Dynamics.CRM.CreateMultiple`;
  const ids = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002'];
  dataverse.setSwitches({ createMultipleIdOrder: 'reversed', createMultipleErrorNamesRow: true });
  const good = ids.map((contactid) => ({ '@odata.type': type, contactid }));
  expect((await call('POST', action, { Targets: good })).json?.['Ids']).toEqual([...ids].reverse());
  const bad = [{ '@odata.type': type }, { '@odata.type': type, gendercode: 5 }];
  expect(errorIn(await call('POST', action, { Targets: bad })).message).toMatch(/^Row 1: /);
});

test.each(['originOnly', 'apiOrPlain'] as const)('token audience: %s', (tokenAudience) => {
  const switches = DataverseSwitches.parse({ tokenAudience });
  const takes = (audience: string, origin: string) => isAudience({ switches }, audience, origin);
  const [plain, api] = ['https://contoso.crm.test', 'https://contoso.api.crm.test'];
  expect(takes(plain, plain)).toBe(true);
  expect(takes(api, plain)).toBe(tokenAudience === 'apiOrPlain');
  expect(takes(`${plain}/`, plain)).toBe(false);
});

test('a token for somebody else is refused', async () => {
  const scope = 'https://other.crm.test/.default';
  const token = String((await entraToken(dataverse, { scope })).json?.['access_token']);
  const answer = await call('GET', 'WhoAmI', undefined, { authorization: `Bearer ${token}` });
  expect(answer.status).toBe(401);
});

test.each(['0x80060888', '0x0'] as const)('a syntax error’s code may be %s', async (code) => {
  dataverse.setSwitches({ syntaxErrorCode: code });
  expect(errorIn(await call('GET', 'contacts?$filter=firstname eq')).code).toBe(code);
});

test.each(['both', 'globalOnly'] as const)(
  'global option sets fill %s',
  async (globalOptionSets) => {
    dataverse.setSwitches({ globalOptionSets });
    const cast = 'Microsoft.Dynamics.CRM.PicklistAttributeMetadata';
    const path = `EntityDefinitions(LogicalName='contact')/Attributes/${cast}?$expand=OptionSet,GlobalOptionSet`;
    const column = rowsIn(await call('GET', path)).find(
      (one) => one['LogicalName'] === 'new_segment',
    );
    expect(column?.['OptionSet'] === null).toBe(globalOptionSets === 'globalOnly');
    expect(column?.['GlobalOptionSet']).not.toBeNull();
  },
);

test.each([400, 401] as const)('a wrong secret may be %d', async (status) => {
  dataverse.setSwitches({ invalidClientStatus: status });
  expect((await entraToken(dataverse, { client_secret: 'no' })).status).toBe(status);
});

test.each([90002, 900023] as const)('an unknown tenant may be %d', async (code) => {
  dataverse.setSwitches({ unknownTenantCode: code });
  const reply = await fetch(`${dataverse.authority}/nobody/oauth2/v2.0/token`, { method: 'POST' });
  expect(await reply.text()).toContain(`"error_codes":[${code}]`);
});

test.each([400, 501] as const)('a prefix filter on metadata may be %d', async (status) => {
  dataverse.setSwitches({ metadataPrefixFilterStatus: status });
  const path = "EntityDefinitions?$filter=startswith(LogicalName,'adobe_')";
  expect((await call('GET', path)).status).toBe(status);
});

test.each([true, false])('unordered pages repeat rows: %s', async (pagesRepeatRows) => {
  dataverse.setSwitches({ pagesRepeatRows });
  const { rows, pages } = await walk(call, LIST, 'odata.maxpagesize=10');
  expect(rows.length - dataverse.contactCount()).toBe(pagesRepeatRows ? pages - 1 : 0);
});

test('contact may come without tracking, and with a GDPR column', async () => {
  const switches = { contactTrackedByDefault: false, gdprOptOutColumn: true };
  await using other = await startDataverse({ switches });
  const ask = await dataverseCaller(other);
  const answer = await ask('GET', 'contacts', undefined, { prefer: TRACK });
  expect(errorIn(answer).code).toBe('0x80072491');
  expect((await ask('GET', 'contacts?$select=msdyn_gdproptout')).status).toBe(200);
});
