import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startDataverse, type DataverseSimulator } from '../src/index.ts';
import { dataverseCaller, errorIn, type Answer, type Call } from './callers.ts';

let dataverse: DataverseSimulator;
let call: Call;
const ID = '6f1c2d3e-4b5a-4c6d-8e7f-9a0b1c2d3e4f';

beforeAll(async () => {
  dataverse = await startDataverse({ contacts: 20, accounts: 3 });
  call = await dataverseCaller(dataverse);
});
afterAll(() => dataverse.close());

const refusal = (answer: Answer): [number, string] => [answer.status, errorIn(answer).code];

test('a create answers 204 with its address, or 201 with the row where that is preferred', async () => {
  const made = await call('POST', 'contacts', { contactid: ID, firstname: 'Ada', lastname: 'L' });
  expect([made.status, made.text]).toEqual([204, '']);
  expect(made.headers.get('odata-entityid')).toBe(`${dataverse.url}/api/data/v9.2/contacts(${ID})`);
  const prefer = { prefer: 'return=representation' };
  const shown = await call(
    'POST',
    'contacts?$select=fullname',
    { firstname: 'B', lastname: 'C' },
    prefer,
  );
  expect(shown.status).toBe(201);
  expect(shown.json).toMatchObject({ fullname: 'B C' });
  expect(shown.headers.get('odata-entityid')).toBeNull();
  expect(refusal(await call('POST', 'contacts', { contactid: ID }))).toEqual([412, '0x80040237']);
});

test.each<[string, unknown, string]>([
  ['too long a text', { firstname: 'x'.repeat(51) }, '0x80044331'],
  ['an option that is not there', { gendercode: 9 }, '0x8004431A'],
  ['a number too high', { numberofchildren: 2_000_000_000 }, '0x80044330'],
  ['a number too low', { numberofchildren: -1 }, '0x8004432f'],
  ['an undeclared property', { nope: 1 }, '0x80048d19'],
  ['text for a flag', { donotemail: 'yes' }, '0x80048d19'],
  ['a date with a time', { birthdate: '1980-05-17T00:00:00Z' }, '0x80048d19'],
  ['a day before 1753', { birthdate: '1752-12-31' }, '0x80040239'],
  ['a lookup by its value', { _ownerid_value: ID }, '0x80048d19'],
  [
    'a bind in the wrong case',
    { 'Parentcustomerid_account@odata.bind': '/accounts(1)' },
    '0x80048d19',
  ],
  ['a status of another state', { statecode: 1, statuscode: 1 }, '0x80048408'],
])('an update with %s is refused', async (_what, body, code) => {
  expect(refusal(await call('PATCH', `contacts(${ID})`, body))).toEqual([400, code]);
});

test('binding to a missing row is 404, null clears', async () => {
  const [account] = dataverse.rows('account', { top: 1 });
  const bind = 'parentcustomerid_account@odata.bind';
  const missing = { [bind]: '/accounts(00000000-0000-0000-0000-000000000009)' };
  expect(refusal(await call('PATCH', `contacts(${ID})`, missing))).toEqual([404, '0x80040217']);
  const id = String(account?.['accountid']);
  expect((await call('PATCH', `contacts(${ID})`, { [bind]: `/accounts(${id})` })).status).toBe(204);
  expect(dataverse.contact(ID)?.['_parentcustomerid_value']).toBe(id);
  await call('PATCH', `contacts(${ID})`, { [bind]: null });
  expect(dataverse.contact(ID)?.['_parentcustomerid_value']).toBeNull();
});

test('preconditions decide between update and create', async () => {
  const absent = 'contacts(6f1c2d3e-4b5a-4c6d-8e7f-000000000001)';
  const any = { 'if-match': '*' };
  expect(refusal(await call('PATCH', absent, {}, any))).toEqual([404, '0x80040217']);
  expect((await call('PATCH', absent, { lastname: 'New' })).status).toBe(204);
  const none = { 'if-none-match': '*' };
  expect(refusal(await call('PATCH', absent, {}, none))).toEqual([412, '0x80040237']);
  const old = { 'if-match': 'W/"1"' };
  expect(refusal(await call('PATCH', absent, {}, old))).toEqual([412, '0x80060882']);
  const { json } = await call('GET', `${absent}?$select=lastname`);
  const etag = String(json?.['@odata.etag']);
  expect((await call('GET', absent, undefined, { 'if-none-match': etag })).status).toBe(304);
  expect((await call('DELETE', absent, undefined, { 'if-match': etag })).status).toBe(204);
  expect((await call('DELETE', absent)).status).toBe(404);
});

test('an alternate key upserts, and refuses a second bearer', async () => {
  const path = "contacts(new_externalref='A17')";
  expect((await call('PATCH', path, { lastname: 'Key' })).status).toBe(204);
  expect((await call('PATCH', path, { lastname: 'Key 2' })).status).toBe(204);
  const second = await call('POST', 'contacts', { new_externalref: 'a17' });
  expect(refusal(second)).toEqual([412, '0x80060892']);
});

test('CreateMultiple makes all rows or none', async () => {
  const action = 'contacts/Microsoft.Dynamics.CRM.CreateMultiple';
  const type = 'Microsoft.Dynamics.CRM.contact';
  const before = dataverse.contactCount();
  const good = { '@odata.type': type, lastname: 'A' };
  const bad = { '@odata.type': type, lastname: 'x'.repeat(99) };
  expect((await call('POST', action, { Targets: [good, bad] })).status).toBe(400);
  expect(dataverse.contactCount()).toBe(before);
  const made = await call('POST', action, { Targets: [good, good] });
  expect(made.json?.['Ids']).toHaveLength(2);
  const gone = await call('POST', action.replace('Create', 'Delete'), { Targets: [good] });
  expect(gone.status).toBe(501);
});

test('UpsertMultiple refuses a key repeated among the columns of a new row', async () => {
  const action = 'contacts/Microsoft.Dynamics.CRM.UpsertMultiple';
  const target = {
    '@odata.type': 'Microsoft.Dynamics.CRM.contact',
    '@odata.id': "contacts(new_externalref='B1')",
  };
  const repeated = { Targets: [{ ...target, new_externalref: 'B1' }] };
  expect(refusal(await call('POST', action, repeated))).toEqual([400, '0x80040216']);
  expect((await call('POST', action, { Targets: [target] })).status).toBe(204);
});

const batchOf = (parts: string[]): string => `${parts.map((p) => `--b\r\n${p}`).join('')}--b--\r\n`;
const http = 'Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n';
const get = (path: string): string => `${http}\r\nGET /api/data/v9.2/${path} HTTP/1.1\r\n\r\n`;
const inSet = (id: number | null, body: unknown): string =>
  `--c\r\n${http}${id === null ? '' : `Content-ID: ${id}\r\n`}\r\nPOST /api/data/v9.2/contacts HTTP/1.1\r\n` +
  `Content-Type: application/json\r\n\r\n${JSON.stringify(body)}\r\n`;
const set = (...parts: string[]): string =>
  `Content-Type: multipart/mixed; boundary=c\r\n\r\n${parts.join('')}--c--\r\n`;
const batch = (parts: string[], headers: Record<string, string> = {}): Promise<Answer> =>
  call('POST', '$batch', batchOf(parts), {
    'content-type': 'multipart/mixed; boundary=b',
    ...headers,
  });

test('a batch stops at its first failure unless it prefers to go on', async () => {
  const parts = [get('WhoAmI'), get('nope'), get('WhoAmI')];
  const stopped = await batch(parts);
  expect([stopped.status, stopped.text.match(/HTTP\/1\.1 \d+/g)]).toEqual([
    404,
    ['HTTP/1.1 200', 'HTTP/1.1 404'],
  ]);
  const all = await batch(parts, { prefer: 'odata.continue-on-error' });
  expect([all.status, all.text.match(/HTTP\/1\.1 \d+/g)]).toEqual([
    200,
    ['HTTP/1.1 200', 'HTTP/1.1 404', 'HTTP/1.1 200'],
  ]);
});

test('a changeset is atomic, and each of its parts needs a Content-ID', async () => {
  const before = dataverse.contactCount();
  const failed = await batch([set(inSet(1, { lastname: 'A' }), inSet(2, { nope: 1 }))]);
  expect([failed.status, dataverse.contactCount()]).toEqual([400, before]);
  const done = await batch([set(inSet(1, { lastname: 'A' }), inSet(2, { lastname: 'B' }))]);
  expect([done.status, dataverse.contactCount()]).toEqual([200, before + 2]);
  expect(errorIn(await batch([set(inSet(null, {}))])).message).toContain(
    'Content-ID header not present',
  );
  expect((await batch([set(`--c\r\n${get('WhoAmI')}`)])).status).toBe(400);
});

test('service protection answers 429 with its code and Retry-After', async () => {
  dataverse.setLimits({ requestsMax: 1, retryAfterS: 7 });
  const answer = await call('GET', 'WhoAmI');
  expect(refusal(answer)).toEqual([429, '0x80072322']);
  expect(answer.headers.get('retry-after')).toBe('7');
  dataverse.setLimits({ requestsMax: 6_000, executionMsMax: 1 });
  expect(errorIn(await call('GET', 'contacts')).code).toBe('0x80072321');
  dataverse.setLimits({ executionMsMax: 1_200_000, concurrentMax: 1 });
  dataverse.setLatency(30);
  const replies = await Promise.all([1, 2, 3].map(() => call('GET', 'WhoAmI')));
  expect(replies.map((reply) => errorIn(reply).code)).toContain('0x80072326');
  dataverse.setLatency(0);
  dataverse.setLimits({ concurrentMax: 52 });
});
