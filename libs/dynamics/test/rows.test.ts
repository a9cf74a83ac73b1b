import { expect, test } from '@jest/globals';
import type { Selection } from '../src/client.ts';
import { changePageSchema } from '../src/rows.ts';

const ID = '60c4e274-0000-4000-8000-000000000001';
const OTHER_ID = '2e451703-0000-4000-8000-000000000002';
const selection: Selection = {
  table: { table: 'contact', entitySet: 'contacts', primaryId: 'contactid', columns: [] },
  columns: ['firstname', 'parentcustomerid', 'jobtitle'],
};
const read = (value: unknown[], links: Record<string, string> = {}) =>
  changePageSchema(selection).safeParse({ value, ...links });

test('a row is keyed by logical names, and says no more than was asked', () => {
  const page = read([
    {
      '@odata.etag': 'W/"94817"',
      contactid: ID.toUpperCase(),
      firstname: 'Ada',
      'firstname@OData.Community.Display.V1.FormattedValue': 'ADA',
      _parentcustomerid_value: OTHER_ID,
      _transactioncurrencyid_value: OTHER_ID,
      modifiedon: '2024-01-31T10:02:03Z',
      jobtitle: null,
    },
  ]);
  expect(page.data?.rows).toEqual([
    {
      id: ID,
      version: '94817',
      modifiedOn: '2024-01-31T10:02:03Z',
      columns: {
        contactid: ID.toUpperCase(),
        firstname: 'Ada',
        parentcustomerid: OTHER_ID,
        jobtitle: null,
      },
    },
  ]);
});

test('where a lookup leads is told for lookups that may lead to several tables', () => {
  const leadsTo = '_parentcustomerid_value@Microsoft.Dynamics.CRM.lookuplogicalname';
  const page = read([
    { contactid: ID, _parentcustomerid_value: OTHER_ID, [leadsTo]: 'account' },
    { contactid: OTHER_ID, _parentcustomerid_value: null },
  ]);
  expect(page.data?.rows.map(({ lookupTables }) => lookupTables)).toEqual([
    { parentcustomerid: 'account' },
    undefined,
  ]);
});

test('a column that did not come is absent, not null', () => {
  expect(Object.keys(read([{ contactid: ID }]).data!.rows[0]!.columns)).toEqual(['contactid']);
});

test('deletions are known by reason or by context, and a context alone is none', () => {
  const deleted = 'https://x/api/data/v9.2/$metadata#contacts/$deletedEntity';
  const page = read([
    { '@odata.context': deleted, id: ID, reason: 'deleted' },
    { id: OTHER_ID, reason: 'changed' },
    { '@odata.context': deleted, id: `https://x/api/data/v9.2/contacts(${OTHER_ID})` },
    { '@odata.context': 'https://x/$metadata#contacts/$entity', contactid: ID },
  ]);
  expect(page.data?.deletedIds).toEqual([ID, OTHER_ID, OTHER_ID]);
  expect(page.data?.rows.map(({ id }) => id)).toEqual([ID]);
});

test('links are kept whole', () => {
  const links = { '@odata.nextLink': 'n%20n', '@odata.deltaLink': 'd%2f' };
  expect(read([], links).data).toMatchObject({ nextLink: 'n%20n', deltaLink: 'd%2f' });
  expect(read([]).data).toMatchObject({ nextLink: null, deltaLink: null });
});

test.each([
  [[{ firstname: 'no id' }]],
  [[{ contactid: 'no guid' }]],
  [[{ '@odata.context': 'x/$deletedEntity' }]],
  [['no row']],
])('a page with %j is unreadable as a whole', (value) => {
  expect(read(value).success).toBe(false);
});

test('what a plain value cannot hold is kept as JSON', () => {
  const row = read([{ contactid: ID, jobtitle: { a: [1] } }]).data?.rows[0];
  expect(row?.columns.jobtitle).toBe('{"a":[1]}');
});

test('a row that has columns named like a deletion is still a row', () => {
  const page = read([{ contactid: ID, id: 'x', reason: 'because' }]);
  expect(page.data).toMatchObject({ deletedIds: [], rows: [{ id: ID }] });
});
