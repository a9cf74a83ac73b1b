import { expect, test } from '@jest/globals';
import type { IngressConfiguration } from '../api/types.ts';
import { faultsWithin, placeWithin, rowsOf, saySame, withRows } from './mapping-draft.ts';

const fields = [
  { dynamics: 'firstname', campaign: 'firstName', applyUpdates: true },
  { dynamics: 'emailaddress1', campaign: 'email', applyUpdates: false },
];
const configuration: IngressConfiguration = {
  mappings: [
    {
      dynamicsTable: 'account',
      campaignResource: 'cusAccount',
      key: { dynamics: 'accountid', campaign: 'externalId' },
      fields: [],
      links: [],
      replacements: [],
      filter: null,
      deleteFilteredOut: false,
      applyDeletes: true,
      technicalValues: false,
    },
    {
      dynamicsTable: 'contact',
      campaignResource: 'profile',
      key: { dynamics: 'contactid', campaign: 'externalId' },
      fields,
      links: [],
      replacements: [{ dynamics: 'gendercode', from: 1, to: 'male' }],
      filter: { dynamics: 'statecode', is: 'eq', value: 0 },
      deleteFilteredOut: true,
      applyDeletes: false,
      technicalValues: true,
    },
  ],
};

test('saving rows that nobody touched saves what was there, replacements and filter included', () => {
  expect(withRows(configuration, 'contact', rowsOf(fields))).toEqual(configuration);
});

test('rows are changed when one differs, is added, removed or moved', () => {
  const rows = rowsOf(fields);
  const [first, second] = rows;
  expect(saySame(fields, rows)).toBe(true);
  expect(saySame(fields, rows.slice(1))).toBe(false);
  expect(saySame(fields, [...rows, { ...rows[0]!, id: 'new-1' }])).toBe(false);
  expect(saySame(fields, [{ ...first!, applyUpdates: false }, second!])).toBe(false);
  expect(saySame(fields, [second!, first!])).toBe(false);
});

test('a row without its ends, a field mapped twice and a field that is the key are faults', () => {
  const rows = [
    { id: 'a', dynamics: null, campaign: null, applyUpdates: true },
    { id: 'b', dynamics: 'firstname', campaign: 'email', applyUpdates: true },
    { id: 'c', dynamics: 'lastname', campaign: 'email', applyUpdates: true },
    { id: 'd', dynamics: 'jobtitle', campaign: 'externalId', applyUpdates: true },
  ];
  expect(faultsWithin(rows, 'externalId')).toEqual([
    { pointer: '/a/dynamics', say: 'mapping.required.source' },
    { pointer: '/a/campaign', say: 'mapping.required.target' },
    { pointer: '/c/campaign', say: 'mapping.twice' },
    { pointer: '/d/campaign', say: 'mapping.twice' },
  ]);
});

test('what the server says goes beside the row its pointer leads to, or to the whole page', () => {
  const placeOf = (pointer: string) => placeWithin(pointer, 1, rowsOf(fields));
  expect(placeOf('/mappings/1/fields/0/dynamics')).toBe('/saved-0/dynamics');
  expect(placeOf('/mappings/1/fields/1')).toBe('/saved-1/campaign');
  const ofAnotherTable = '/mappings/0/fields/0/campaign';
  const ofNoRow = '/mappings/1/fields/7/campaign';
  for (const elsewhere of [ofAnotherTable, '/mappings/1/filter/value', ofNoRow]) {
    expect(placeOf(elsewhere)).toBe(null);
  }
});
