import { expect, test } from '@jest/globals';
import type { IngressConfiguration } from '../api/types.ts';
import { faultsWithin, isChanged, placeFaults, rowsOf, withRows } from './mapping-draft.ts';

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
  expect(isChanged(fields, rows)).toBe(false);
  expect(isChanged(fields, rows.slice(1))).toBe(true);
  expect(isChanged(fields, [...rows, { ...rows[0]!, id: 'new-1' }])).toBe(true);
  expect(isChanged(fields, [{ ...first!, applyUpdates: false }, second!])).toBe(true);
  expect(isChanged(fields, [second!, first!])).toBe(true);
});

test('a row without its ends, a field mapped twice and a field that is the key are faults', () => {
  const rows = [
    { id: 'a', dynamics: null, campaign: null, applyUpdates: true },
    { id: 'b', dynamics: 'firstname', campaign: 'email', applyUpdates: true },
    { id: 'c', dynamics: 'lastname', campaign: 'email', applyUpdates: true },
    { id: 'd', dynamics: 'jobtitle', campaign: 'externalId', applyUpdates: true },
  ];
  expect(faultsWithin(rows, 'externalId')).toEqual([
    { rowId: 'a', side: 'dynamics', say: 'mapping.required.source' },
    { rowId: 'a', side: 'campaign', say: 'mapping.required.target' },
    { rowId: 'c', side: 'campaign', say: 'mapping.twice' },
    { rowId: 'd', side: 'campaign', say: 'mapping.twice' },
  ]);
});

test('what the server says goes beside the row its pointer leads to, or to the whole page', () => {
  const rows = rowsOf(fields);
  const faults = [
    { pointer: '/mappings/1/fields/0/dynamics', message: 'one' },
    { pointer: '/mappings/1/fields/1', message: 'two' },
    { pointer: '/mappings/0/fields/0/campaign', message: 'another table’s' },
    { pointer: '/mappings/1/filter/value', message: 'the filter’s' },
    { pointer: '/mappings/1/fields/7/campaign', message: 'of no row' },
  ];
  expect(placeFaults(faults, 1, rows)).toEqual({
    beside: [
      { rowId: 'saved-0', side: 'dynamics', text: 'one' },
      { rowId: 'saved-1', side: 'campaign', text: 'two' },
    ],
    elsewhere: ['another table’s', 'the filter’s', 'of no row'],
  });
});
