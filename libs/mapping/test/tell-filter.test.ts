import { expect, test } from '@jest/globals';
import type { Filter } from '@landbridge/contracts';
import { mapByField } from '../src/map-by-field.ts';
import { labelOfValue, tellFilter } from '../src/tell-filter.ts';
import { column, contact, mapping, metadata } from './metadata-builders.ts';

const state = column('state', {
  name: 'statecode',
  options: [
    { value: 0, label: 'Active' },
    { value: 1, label: 'Inactive' },
  ],
});
const table = { ...contact, columns: [...contact.columns, state] };

const told = (filter: Filter, columns: Record<string, unknown>, hideValues = false) => {
  const { verdict, deciding } = tellFilter(filter, columns, table, { hideValues });
  return { verdict, told: deciding.map(({ pointer, sentence }) => `${pointer} ${sentence}`) };
};

test('a choice is told by its label, on both sides', () => {
  const filter: Filter = { all: [{ dynamics: 'statecode', is: 'eq', value: 0 }] };
  expect(told(filter, { statecode: 1 })).toEqual({
    verdict: 'fails',
    told: ['/all/0 statecode (Inactive) does not equal 0 (Active)'],
  });
  expect(told(filter, { statecode: 1 }, true).told).toEqual([
    '/all/0 statecode does not equal 0 (Active)',
  ]);
});

test('an Or that fails is told by all that failed, an And by the first', () => {
  const filter: Filter = {
    any: [
      { dynamics: 'firstname', is: 'beginsWith', value: 'A' },
      { dynamics: 'numberofchildren', is: 'gt', value: 2 },
    ],
  };
  expect(told(filter, { firstname: 'Bob', numberofchildren: null })).toEqual({
    verdict: 'fails',
    told: [
      '/any/0 firstname ("Bob") does not begin with "A"',
      '/any/1 numberofchildren (empty) is not greater than 2',
    ],
  });
});

test('a negation, an emptiness and a long list are told as people say them', () => {
  const one = (filter: Filter, columns: Record<string, unknown>) => told(filter, columns).told[0];
  expect(one({ dynamics: 'firstname', is: 'empty' }, { firstname: 'Bob' })).toBe(
    ' firstname ("Bob") is not empty',
  );
  expect(one({ dynamics: 'gendercode', is: 'notIn', value: [1, 2] }, { gendercode: 1 })).toBe(
    ' gendercode (Male) is one of 1 (Male), 2 (Female)',
  );
  const many = { dynamics: 'numberofchildren', is: 'in', value: [1, 2, 3, 4, 5, 6, 7] } as const;
  expect(one({ ...many, value: [...many.value] }, { numberofchildren: 9 })).toBe(
    ' numberofchildren (9) is none of 1, 2, 3, 4, 5 and 2 more',
  );
});

test('an operand is told by the choice that it means: a number by value, a text by label', () => {
  const terms = column('picklist', {
    name: 'new_terms',
    options: [
      { value: 7, label: '30' },
      { value: 30, label: 'Thirty' },
    ],
  });
  const own = { ...contact, columns: [...contact.columns, terms] };
  const one = (dynamics: string, value: number | string | boolean, actual: unknown) =>
    tellFilter({ dynamics, is: 'eq', value }, { [dynamics]: actual }, own).deciding[0]?.sentence;
  expect(one('new_terms', 30, 7)).toBe('new_terms (30) does not equal 30 (Thirty)');
  expect(one('new_terms', '30', 7)).toBe('new_terms (30) equals 7 (30)');
  expect(one('donotemail', true, true)).toBe('donotemail (Do Not Allow) equals 1 (Do Not Allow)');
  expect(one('firstname', '30', 'Bob')).toBe('firstname ("Bob") does not equal "30"');
});

test('a value that is not of its type is told by its column, and never shown', () => {
  const few: Filter = { dynamics: 'numberofchildren', is: 'lt', value: 3 };
  expect(told(few, { numberofchildren: 'two' })).toEqual({
    verdict: 'unreadable',
    told: [' numberofchildren holds a value that is not of its type'],
  });
});

test('a label stands for a choice, for several and for a yes or no; nothing else has one', () => {
  const labelOf = (name: string, value: unknown) =>
    labelOfValue(
      value,
      contact.columns.find((one) => one.name === name)!,
    );
  expect(labelOf('new_hobbies', '2,8')).toBe('Hiking; Golf');
  expect(labelOf('donotemail', true)).toBe('Do Not Allow');
  expect(labelOf('firstname', 'Bob')).toBeNull();
  expect(labelOf('gendercode', null)).toBeNull();
});

test('a field that is rejected hides no other, nor does a key that is empty', () => {
  const columns = { contactid: null, firstname: 'A'.repeat(31), gendercode: 2 };
  const fields = mapByField(columns, mapping(), metadata);
  expect(fields.map(({ campaign, result }) => [campaign, result])).toMatchObject([
    ['firstName', { ok: false, reason: { code: 'tooLong' } }],
    ['gender', { ok: true, value: 'female' }],
    ['jobTitle', null],
  ]);
});
