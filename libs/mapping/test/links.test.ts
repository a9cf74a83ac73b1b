import { expect, test } from '@jest/globals';
import { IngressConfiguration, type LinkMapping, type TableMapping } from '@landbridge/contracts';
import fc from 'fast-check';
import {
  checkStructure,
  differingFields,
  linkValues,
  mapLinks,
  schemaFault,
  validateIngress,
} from '../src/index.ts';
import { column, contact, field, mapping, profile } from './metadata-builders.ts';

const link = (over: Partial<LinkMapping> = {}): LinkMapping => ({
  dynamics: 'parentcustomerid',
  campaign: 'accountExternalId',
  to: 'account',
  by: 'column',
  ...over,
});
const accountMapping = (over: Partial<TableMapping> = {}) =>
  mapping({
    dynamicsTable: 'account',
    campaignResource: 'cusAccount',
    key: { dynamics: 'accountid', campaign: 'externalId' },
    fields: [],
    ...over,
  });
const account = {
  ...contact,
  table: 'account',
  primaryId: 'accountid',
  columns: [
    column('uniqueidentifier', { name: 'accountid' }),
    column('string', { name: 'number' }),
  ],
};
const linkedProfile = {
  ...profile,
  fields: [
    ...profile.fields,
    field('string', { name: 'accountExternalId', lengthMax: 100 }),
    field('string', { name: 'short', lengthMax: 20 }),
    field('link', { name: 'account', target: 'cusAccount' }),
    field('link', { name: 'country', target: 'country' }),
  ],
};
const systems = {
  tables: { contact, account },
  resources: { profile: linkedProfile, cusAccount: { ...profile, resource: 'cusAccount' } },
};
const errors = (over: Partial<LinkMapping>, parent: Partial<TableMapping> = {}) =>
  validateIngress(
    { mappings: [mapping({ fields: [], links: [link(over)] }), accountMapping(parent)] },
    systems,
  )
    .filter(({ severity }) => severity === 'error')
    .map(({ pointer, message }) => `${pointer}: ${message}`);

test('a lookup that leads to a mapped table, into a text or a link, is accepted', () => {
  expect(errors({})).toEqual([]);
  expect(errors({ by: 'key', campaign: 'account' })).toEqual([]);
});

test.each([
  [{ to: 'lead' }, /links\/0\/to: the table "lead" has no mapping/],
  [{ dynamics: 'nosuch' }, /links\/0\/dynamics: the column "nosuch" does not exist/],
  [{ dynamics: 'gendercode' }, /links\/0\/dynamics: a column of type picklist is no link/],
  [{ campaign: 'nosuch' }, /links\/0\/campaign: the attribute "nosuch" does not exist/],
  [{ campaign: 'short' }, /takes 20 characters, and an id has 36/],
  [{ campaign: 'cusChildren' }, /of type byte, and a link by column takes text/],
  [{ by: 'key' }, /of type string, and a link by key takes a link/],
  [{ by: 'key', campaign: 'country' }, /leads to "country", not to "cusAccount"/],
  [{ campaign: 'externalId' }, /already gets its value from another column/],
] as const)('%j is refused', (over, why) => {
  expect(errors(over).join('\n')).toMatch(why);
});

test('a parent that Campaign knows by another column than its id cannot be linked to', () => {
  const key = { dynamics: 'number', campaign: 'externalId' };
  expect(errors({}, { key }).join('\n')).toMatch(/refers to "account" by "accountid"/);
});

const ONE = '11111111-0000-4000-8000-000000000001';
const OTHER = '22222222-0000-4000-8000-000000000002';

/** Tables a, b, c … with links as given, each to a table by its letter. */
const linked = (links: Record<string, string[]>) =>
  IngressConfiguration.parse({
    mappings: Object.entries(links).map(([table, to]) => ({
      dynamicsTable: table,
      campaignResource: `cus${table}`,
      key: { dynamics: 'id', campaign: 'externalId' },
      fields: [],
      links: to.map((parent, at) => link({ to: parent, campaign: `link${at}` })),
    })),
  });
const messages = (...args: Parameters<typeof checkStructure>) =>
  checkStructure(...args).map(({ message }) => message);

test('circles are refused with their tables in order, also of one table', () => {
  expect(messages(linked({ a: ['b'], b: ['c'], c: ['a'] }))[0]).toMatch(
    /^a → b → c → a is a cycle/,
  );
  expect(messages(linked({ a: ['a'] }))[0]).toMatch(/^a → a is a cycle/);
});

test('more links in a row, or on one table, than the guardrails allow are refused by number', () => {
  const row = { a: ['b'], b: ['c'], c: ['d'], d: [] };
  expect(messages(linked(row))).toEqual([
    'a → b → c → d are 3 links in a row; 2 are allowed (linkDepthMax)',
  ]);
  expect(messages(linked(row), { linkDepthMax: 3, linkedColumnsMax: 5 })).toEqual([]);
  const many = { a: Array.from({ length: 6 }, () => 'b'), b: [] };
  expect(checkStructure(linked(many))).toMatchObject([
    { pointer: '/mappings/0/links/5', message: expect.stringContaining('5 are allowed') },
  ]);
});

test('whatever the links, a circle is found exactly where the tables cannot be put in order', () => {
  const names = ['a', 'b', 'c', 'd'];
  const graph = fc.record(
    Object.fromEntries(names.map((name) => [name, fc.subarray(names, { maxLength: 3 })])),
  );
  fc.assert(
    fc.property(graph, (links) => {
      const left = new Map(Object.entries(links));
      for (let removed = true; removed;) {
        const free = [...left].filter(([, to]) => to.every((name) => !left.has(name)));
        for (const [name] of free) left.delete(name);
        removed = free.length > 0;
      }
      const open = { linkDepthMax: 10, linkedColumnsMax: 10 };
      const found = messages(linked(links), open).some((text) => text.includes('is a cycle'));
      expect(found).toBe(left.size > 0);
    }),
  );
});

const PARENT = '60C4E274-0000-4000-8000-000000000001';
const metadata = { table: contact, resource: linkedProfile };
const polymorphic = {
  ...metadata,
  table: {
    ...contact,
    columns: [column('lookup', { name: 'parentcustomerid', targets: ['account', 'contact'] })],
  },
};
const options = { clearing: 'empty' } as const;
const linksOf = (columns: Record<string, unknown>, by: LinkMapping, of = metadata, to?: string) =>
  mapLinks(
    { columns, ...(to === undefined ? {} : { lookupTables: { parentcustomerid: to } }) },
    mapping({ fields: [], links: [by] }),
    of,
    options,
  );

test('a link by column writes the id, a link by key nests it, and an empty lookup clears either', () => {
  const key = PARENT.toLowerCase();
  const parents = [{ table: 'account', key }];
  const byKey = link({ by: 'key', campaign: 'account' });
  expect(linksOf({ parentcustomerid: PARENT }, link())).toEqual({
    kind: 'linked',
    attributes: { accountExternalId: key },
    parents,
  });
  expect(linksOf({ parentcustomerid: PARENT }, byKey)).toEqual({
    kind: 'linked',
    attributes: { 'account.PKey': key },
    parents,
  });
  expect(linksOf({ parentcustomerid: null }, link())).toMatchObject({
    attributes: { accountExternalId: '' },
    parents: [],
  });
  expect(linksOf({ parentcustomerid: null }, byKey)).toMatchObject({
    attributes: { account: null },
  });
});

test('a lookup that leads to another table than the link is no link; an unread one is read anew', () => {
  const columns = { parentcustomerid: PARENT };
  expect(linksOf(columns, link(), polymorphic, 'contact')).toMatchObject({ parents: [] });
  expect(linksOf(columns, link(), polymorphic, 'account')).toMatchObject({
    parents: [{ table: 'account' }],
  });
  expect(linksOf(columns, link(), polymorphic)).toEqual({ kind: 'unread' });
  expect(linksOf({}, link())).toEqual({ kind: 'unread' });
  expect(linksOf({ parentcustomerid: 'nobody' }, link())).toMatchObject({ kind: 'refused' });
});

test('a linked column or attribute that is gone is a fault with its name', () => {
  const linkedMapping = mapping({ fields: [], links: [link()] });
  expect(schemaFault(linkedMapping, null, metadata)).toBeNull();
  expect(schemaFault(linkedMapping, null, { ...metadata, resource: profile })).toMatchObject({
    code: 'columnMissing',
    field: 'profile.accountExternalId',
  });
});

test.each([
  ['column', 'accountExternalId', ONE, ONE, false],
  ['column', 'accountExternalId', ONE, OTHER, true],
  ['column', 'accountExternalId', null, '', false],
  ['column', 'accountExternalId', ONE, '', true],
  ['key', 'account', ONE, { PKey: ONE, href: 'x' }, false],
  ['key', 'account', ONE, { PKey: OTHER, href: 'x' }, true],
  ['key', 'account', ONE, { PKey: '@abc', href: 'x' }, false],
  ['key', 'account', ONE, null, true],
  ['key', 'account', null, { PKey: '@abc', href: 'x' }, true],
  ['key', 'account', null, null, false],
] as const)(
  'a link by %s into %s from %j differs from %j as shown: %s',
  (by, campaign, to, held, differs) => {
    const linking = mapping({ fields: [], links: [link({ by, campaign })] });
    const source = {
      columns: { parentcustomerid: to },
      lookupTables: { parentcustomerid: 'account' },
    };
    const found = linkValues(
      source,
      linking,
      { table: contact, resource: linkedProfile },
      { clearing: 'empty' },
    );
    const values = found.kind === 'linked' ? found.values : {};
    expect(Object.keys(values)).toEqual([campaign]);
    expect(differingFields(values, () => held, linkedProfile)).toEqual(differs ? [campaign] : []);
  },
);
