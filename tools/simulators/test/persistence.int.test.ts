import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { startCampaign, startDataverse } from '../src/index.ts';
import { campaignCaller, dataverseCaller, walk } from './callers.ts';

const newDirectory = (): string => mkdtempSync(join(tmpdir(), 'landbridge-simulators-'));

/** `fetch` may still hold a connection to the server that was closed at this address. */
async function forgetSockets(url: string): Promise<void> {
  await fetch(url).catch(() => undefined);
}

test('Dataverse comes back with its rows, versions, deletions and columns', async () => {
  const dataDirectory = newDirectory();
  const before = await startDataverse({ contacts: 50, dataDirectory });
  const call = await dataverseCaller(before);
  const { deltaLink } = await walk(call, 'contacts?$select=firstname', 'odata.track-changes');
  const [changed = '', deleted = ''] = before.contactIds({ top: 2 });
  const made = before.createContact({ firstname: 'Made' });
  before.changeContact(changed, { firstname: 'Changed' });
  before.deleteContact(deleted);
  before.removeColumn('contact', 'fax');
  const rows = before.contacts();
  const port = Number(new URL(before.url).port);
  await before.close();
  // A crash in the middle of a line loses that line alone.
  appendFileSync(join(dataDirectory, 'dataverse.jsonl'), '["row","conta');

  await using after = await startDataverse({ contacts: 50, dataDirectory, port });
  expect(after.contacts()).toEqual(rows);
  await forgetSockets(after.url);
  const ask = await dataverseCaller(after);
  const delta = await walk(ask, deltaLink, 'odata.track-changes');
  expect(delta.rows.map((row) => row['contactid'] ?? row['id'])).toEqual([made, changed, deleted]);
  expect((await ask('GET', 'contacts?$select=fax')).status).toBe(400);
});

test('Campaign comes back with its profiles, keys and attributes, and gives no PKey twice', async () => {
  const dataDirectory = newDirectory();
  const before = await startCampaign({ dataDirectory });
  const call = await campaignCaller(before);
  const path = 'profileAndServicesExt/profile';
  for (const externalId of ['a', 'b', 'c']) await call('POST', path, { externalId });
  await call('PATCH', `${path}/a`, { firstName: 'Ada' });
  const last = (await call('GET', `${path}/c`)).json?.['PKey'];
  await call('DELETE', `${path}/c`);
  before.addAttribute('profile', { name: 'cusNew', type: 'string', lengthMax: 9 });
  const port = Number(new URL(before.url).port);
  const profiles = before.profiles();
  await before.close();

  await using after = await startCampaign({ dataDirectory, port });
  expect(after.profiles()).toEqual(profiles);
  await forgetSockets(after.url);
  const again = await (await campaignCaller(after))('POST', path, { externalId: 'd', cusNew: 'x' });
  expect(again.status).toBe(201);
  expect(again.json?.['PKey']).not.toBe(last);
});

test('a Campaign whose data come from an earlier version gets what is new, and keeps its own', async () => {
  const dataDirectory = newDirectory();
  const file = join(dataDirectory, 'campaign.jsonl');
  const filter =
    'profileAndServicesExt/profile/byOptOutLastModified?lastModified_parameter=' +
    encodeURIComponent('1970-01-01 00:00:00.000Z');
  const before = await startCampaign({ dataDirectory });
  before.setFilters('profile', []);
  before.addAttribute('profile', { name: 'cusNew', type: 'string', lengthMax: 9 });
  before.createProfile({ externalId: 'a', cusNew: 'kept' });
  await before.close();
  const sameVersion = await startCampaign({ dataDirectory });
  expect((await (await campaignCaller(sameVersion))('GET', filter)).status).not.toBe(200);
  await sameVersion.close();
  const [, ...rest] = readFileSync(file, 'utf8').split('\n');
  writeFileSync(file, ['["resources"]', ...rest].join('\n'));

  await using after = await startCampaign({ dataDirectory });
  expect(after.profile('a')).toMatchObject({ cusNew: 'kept' });
  expect((await (await campaignCaller(after))('GET', filter)).status).toBe(200);
});

test('a million contacts are there, and more can come', async () => {
  await using dataverse = await startDataverse({ contacts: 1_000_000 });
  const [last = ''] = dataverse.contactIds({ skip: 999_999, top: 1 });
  expect(dataverse.contact(last)).toMatchObject({ contactid: last });
  dataverse.seedContacts(1_000);
  expect(dataverse.contactCount()).toBe(1_001_000);
});

test('the same seed makes the same people, with every option, nulls, emoji and many scripts', async () => {
  await using one = await startDataverse({ contacts: 1_000 });
  await using two = await startDataverse({ contacts: 1_000 });
  const rows = one.contacts();
  const plain = ({ modifiedon: _m, createdon: _c, ...row }: (typeof rows)[number]) => row;
  expect(rows.map(plain)).toEqual(two.contacts().map(plain));
  const names = rows.map((row) => String(row['firstname'])).join('');
  for (const script of [
    'Latin',
    'Arabic',
    'Cyrillic',
    'Han',
    'Hangul',
    'Hebrew',
    'Thai',
    'Greek',
  ]) {
    expect(names).toMatch(new RegExp(`\\p{Script=${script}}`, 'u'));
  }
  expect(names).toMatch(/\p{Extended_Pictographic}/u);
  const values = (column: string) => new Set(rows.map((row) => row[column]));
  expect(values('gendercode')).toEqual(new Set([1, 2, null]));
  expect(values('address1_shippingmethodcode').size).toBe(8);
  expect(values('birthdate')).toContain('1753-01-01');
  expect(rows.some((row) => String(row['description']).length === 2_000)).toBe(true);
});
