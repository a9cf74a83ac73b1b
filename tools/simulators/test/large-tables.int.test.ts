import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { z } from 'zod';
import {
  Column,
  startCampaign,
  startDataverse,
  steer,
  type DataverseControl,
} from '../src/index.ts';
import { campaignCaller, dataverseCaller, rowsIn, walk } from './callers.ts';

test('pages by id hold each row once in the order of ids, whatever comes and goes', async () => {
  await using dataverse = await startDataverse({ contacts: 500 });
  const call = await dataverseCaller(dataverse);
  const ids = async (): Promise<unknown[]> => {
    const path = 'contacts?$select=firstname&$orderby=contactid asc';
    const { rows, pages } = await walk(call, path, 'odata.maxpagesize=120');
    expect(pages).toBeGreaterThan(3);
    return rows.map((row) => row['contactid']);
  };
  const inOrder = (): string[] => dataverse.contactIds().sort();
  expect(await ids()).toEqual(inOrder());
  dataverse.seedContacts(50);
  dataverse.createContact({ contactid: '00000000-0000-4000-8000-000000000001' });
  for (const id of dataverse.contactIds({ top: 40 })) dataverse.deleteContact(id);
  expect(await ids()).toEqual(inOrder());
});

test('a page by id goes on behind a row that is gone by then', async () => {
  await using dataverse = await startDataverse({ contacts: 30 });
  const call = await dataverseCaller(dataverse);
  const prefer = { prefer: 'odata.maxpagesize=10' };
  const path = 'contacts?$select=firstname&$orderby=contactid asc';
  const first = await call('GET', path, undefined, prefer);
  const seen = rowsIn(first).map((row) => String(row['contactid']));
  dataverse.deleteContact(seen.at(-1) ?? '');
  const next = await call('GET', String(first.json?.['@odata.nextLink']), undefined, prefer);
  const left = dataverse.contactIds().sort();
  expect(rowsIn(next).map((row) => row['contactid'])).toEqual(left.slice(9, 19));
});

const Page = z.object({
  content: z.array(z.string()),
  next: z.object({ href: z.string() }).optional(),
});

test('Campaign’s pages hold each record once, also where records before them are gone', async () => {
  await using campaign = await startCampaign();
  const call = await campaignCaller(campaign);
  const names = Array.from({ length: 25 }, (_, index) => `Ünïted 東京 ${index}`);
  for (const [index, lastName] of names.entries()) {
    campaign.createProfile({ externalId: `k${index}`, lastName });
  }
  const walked = async (): Promise<string[]> => {
    const found: string[] = [];
    let path = 'profileAndServicesExt/profile/lastName?_lineCount=10';
    for (;;) {
      const { json } = await call('GET', path);
      const page = Page.parse(json);
      found.push(...page.content);
      if (page.next === undefined) return found;
      path = page.next.href;
    }
  };
  expect(await walked()).toEqual(names);
  for (const gone of [0, 3, 11, 24]) campaign.deleteProfile(`k${gone}`);
  expect(await walked()).toEqual(names.filter((_, index) => ![0, 3, 11, 24].includes(index)));
});

test('a log that is to keep few calls keeps the newest and counts all', async () => {
  await using campaign = await startCampaign({ callsKept: 10 });
  const call = await campaignCaller(campaign);
  for (let index = 0; index < 40; index += 1) {
    await call('POST', 'profileAndServicesExt/profile', { externalId: `k${index}` });
  }
  expect(campaign.callCounts().byCall['insert']).toBe(40);
  const keys = campaign.calls().map(({ key }) => key);
  expect(keys.length).toBeLessThanOrEqual(15);
  expect(keys.at(-1)).toBe('k39');
});

test('a table of a customer’s own is read, followed and still there after a restart', async () => {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'landbridge-simulators-'));
  const before = await startDataverse({ contacts: 3, dataDirectory });
  const remote = steer<DataverseControl>(before.controlUrl);
  const table = {
    ...{ name: 'new_order', entitySet: 'new_orders', label: 'Order' },
    columns: [Column.parse({ name: 'new_contact', type: 'lookup', targets: ['contact'] })],
  };
  await remote.addTable(table);
  await expect(remote.addTable(table)).rejects.toThrow('There is a table new_order already');
  const [contact = ''] = before.contactIds();
  const rows = [{ new_name: 'First', new_contact: contact }, { new_name: 'Second' }];
  const [first = ''] = await remote.createRows('new_order', rows);
  const call = await dataverseCaller(before);
  const path = 'new_orders?$select=new_name,_new_contact_value';
  const load = await walk(call, path, 'odata.track-changes');
  expect(load.rows).toMatchObject([
    { new_orderid: first, new_name: 'First', _new_contact_value: contact },
    { new_name: 'Second', _new_contact_value: null },
  ]);
  before.changeRow('new_order', first, { new_name: 'Changed' });
  const delta = await walk(call, load.deltaLink, 'odata.track-changes');
  expect(delta.rows.map((row) => row['new_name'])).toEqual(['Changed']);
  const kept = before.rows('new_order');
  await before.close();

  await using after = await startDataverse({ contacts: 3, dataDirectory });
  expect(after.rows('new_order')).toEqual(kept);
});
