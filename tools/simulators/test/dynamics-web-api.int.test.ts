import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DynamicsWebApi } from 'dynamics-web-api';
import { z } from 'zod';
import { startDataverse, type DataverseSimulator } from '../src/index.ts';
import { entraToken } from './callers.ts';

/** A client that was not written here, against the stand-in for Dataverse. */
let dataverse: DataverseSimulator;
let api: DynamicsWebApi;

beforeAll(async () => {
  dataverse = await startDataverse({ contacts: 250, accounts: 5, vehicles: 3 });
  api = new DynamicsWebApi({
    serverUrl: dataverse.url,
    dataApi: { version: '9.2' },
    onTokenRefresh: async () => String((await entraToken(dataverse)).json?.['access_token']),
  });
});
afterAll(() => dataverse.close());

type Row = Record<string, unknown> & { contactid: string };

test('it reads a row, a filtered list, a count and every page', async () => {
  const [id = ''] = dataverse.contactIds({ top: 1 });
  const one = await api.retrieve<Row>({
    collection: 'contacts',
    key: id,
    select: ['firstname', 'fullname'],
  });
  expect(one['firstname']).toBe(dataverse.contact(id)?.['firstname']);
  const active = await api.retrieveMultiple<Row>({
    collection: 'contacts',
    select: ['fullname'],
    filter: 'statecode eq 0',
    orderBy: ['fullname asc'],
    count: true,
    top: 3,
  });
  expect(active.value).toHaveLength(3);
  const all = await api.retrieveAll<Row>({ collection: 'contacts', select: ['fullname'] });
  expect(all.value).toHaveLength(250);
  const page = await api.retrieveMultiple<Row>({
    collection: 'contacts',
    select: ['fullname'],
    maxPageSize: 100,
  });
  const link = page['@odata.nextLink'] ?? page.oDataNextLink;
  const next = await api.retrieveMultiple<Row>(
    { collection: 'contacts', select: ['fullname'], maxPageSize: 100 },
    link,
  );
  expect(next.value).toHaveLength(100);
  expect(next.value[0]?.contactid).not.toBe(page.value[0]?.contactid);
});

test('it tracks changes', async () => {
  const request = { collection: 'contacts', select: ['firstname'], trackChanges: true };
  const first = await api.retrieveMultiple<Row>(request);
  expect(first.value).toHaveLength(250);
  const [changed = '', deleted = ''] = dataverse.contactIds({ skip: 5, top: 2 });
  dataverse.changeContact(changed, { firstname: 'Tracked' });
  dataverse.deleteContact(deleted);
  const delta = await api.retrieveMultiple<Row>(request, first['@odata.deltaLink']);
  expect(delta.value).toMatchObject([
    { contactid: changed, firstname: 'Tracked' },
    { id: deleted, reason: 'deleted' },
  ]);
});

test('it creates, updates, upserts by id and by alternate key, and deletes', async () => {
  const created: unknown = await api.create({
    collection: 'contacts',
    data: { firstname: 'Grace', lastname: 'Hopper' },
  });
  const id = z.guid().parse(created);
  await api.update({ collection: 'contacts', key: id, data: { jobtitle: 'Admiral' } });
  expect(dataverse.contact(id)).toMatchObject({ fullname: 'Grace Hopper', jobtitle: 'Admiral' });
  const own = '0b0b0b0b-1c1c-4d4d-8e8e-2f2f2f2f2f2f';
  await api.upsert({ collection: 'contacts', key: own, data: { lastname: 'Upserted' } });
  expect(dataverse.contact(own)).toMatchObject({ lastname: 'Upserted' });
  const key = "new_vin='WDB12345678901234'";
  await api.upsert({ collection: 'new_vehicles', key, data: { new_name: 'Car' } });
  await api.upsert({ collection: 'new_vehicles', key, data: { new_name: 'Same car' } });
  expect(
    dataverse.rows('new_vehicle').filter((row) => row['new_name'] === 'Same car'),
  ).toHaveLength(1);
  await api.deleteRecord({ collection: 'contacts', key: id });
  expect(dataverse.contact(id)).toBeNull();
  await expect(api.deleteRecord({ collection: 'contacts', key: id })).rejects.toMatchObject({
    status: 404,
    code: '0x80040217',
  });
});

test('it runs a batch of writes as one changeset, and of reads beside it', async () => {
  const before = dataverse.contactCount();
  api.startBatch();
  void api.create({ collection: 'contacts', data: { lastname: 'Batch 1' } });
  void api.create({ collection: 'contacts', data: { lastname: 'Batch 2' } });
  const answers = await api.executeBatch();
  expect(answers).toHaveLength(2);
  expect(dataverse.contactCount()).toBe(before + 2);
  api.startBatch();
  void api.create({ collection: 'contacts', data: { lastname: 'Batch 3' } });
  void api.create({ collection: 'contacts', data: { nope: true } });
  await expect(api.executeBatch()).rejects.toBeDefined();
  expect(dataverse.contactCount()).toBe(before + 2);
});

test('a throttled call reaches it with status and Retry-After', async () => {
  dataverse.addFault({ call: 'whoAmI', times: 1, fault: { kind: 'throttle', retryAfterS: 3 } });
  await expect(api.callFunction({ name: 'WhoAmI' })).rejects.toMatchObject({
    status: 429,
    headers: { 'retry-after': '3' },
  });
  const who = await api.callFunction<Record<string, string>>({ name: 'WhoAmI' });
  expect(who['UserId']).toMatch(/^[0-9a-f-]{36}$/);
});
