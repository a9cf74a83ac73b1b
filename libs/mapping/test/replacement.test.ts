import { describe, expect, test } from '@jest/globals';
import type { FieldReplacement } from '@landbridge/contracts';
import fc from 'fast-check';
import { mapRecord, validateMapping } from '../src/index.ts';
import { column, contact, field, mapping, metadata, profile } from './metadata-builders.ts';

const id = '60c4e274-0000-4000-8000-000000000001';
const table = {
  ...contact,
  columns: [...contact.columns, column('decimal', { name: 'a_decimal' }), column('dateTime')],
};
const resource = {
  ...profile,
  fields: [...profile.fields, field('string', { name: 'out' }), field('long', { name: 'number' })],
};

/** What Campaign gets for `value` of `dynamics`, or why not. */
function replaced(
  dynamics: string,
  value: unknown,
  replacements: Omit<FieldReplacement, 'dynamics'>[],
  { campaign = 'out', technicalValues = false } = {},
): unknown {
  const own = mapping({
    fields: [{ dynamics, campaign, applyUpdates: true }],
    replacements: replacements.map((one) => ({ dynamics, ...one })),
    technicalValues,
  });
  const mapped = mapRecord({ contactid: id, [dynamics]: value }, own, { table, resource });
  return mapped.ok ? mapped.followed[campaign] : mapped.rejected.code;
}

describe('a multi-select column', () => {
  const climbing = { from: 3, to: 'mountains' };

  test('a replacement of one option replaces it inside the set', () => {
    expect(replaced('new_hobbies', '3', [climbing])).toBe('mountains');
    expect(replaced('new_hobbies', '2,3,8', [climbing])).toBe('Hiking; mountains; Golf');
    expect(replaced('new_hobbies', '2,8', [climbing])).toBe('Hiking; Golf');
    expect(replaced('new_hobbies', '2,3', [climbing], { technicalValues: true })).toBe(
      '2,mountains',
    );
  });

  test('a replacement of several options is for exactly this set, and goes first', () => {
    const both = { from: '3, 2', to: 'outdoors' };
    expect(replaced('new_hobbies', '2,3', [climbing, both])).toBe('outdoors');
    expect(replaced('new_hobbies', '2,3,8', [climbing, both])).toBe('Hiking; mountains; Golf');
  });

  test('options that become equal are written once, and null leaves an option out', () => {
    const hiking = { from: 2, to: 'mountains' };
    expect(replaced('new_hobbies', '2,3', [climbing, hiking])).toBe('mountains');
    expect(replaced('new_hobbies', '2,8', [{ from: 2, to: null }])).toBe('Golf');
    expect(replaced('new_hobbies', '2', [{ from: 2, to: null }])).toBe('');
  });

  test('an option that does not exist any more rejects the record unless it is replaced', () => {
    expect(replaced('new_hobbies', '2,9', [climbing])).toBe('optionUnknown');
    expect(replaced('new_hobbies', '3,9', [climbing])).toBe('optionUnknown');
    expect(replaced('new_hobbies', '2,9', [{ from: 9, to: 'other' }])).toBe('Hiking; other');
  });

  test('no choice at all is emptiness, which null replaces', () => {
    expect(replaced('new_hobbies', null, [{ from: null, to: 'none' }])).toBe('none');
    expect(replaced('new_hobbies', '', [{ from: null, to: 'none' }])).toBe('none');
  });
});

test.each([
  ['gendercode', 2, 2, 'f', 'f'],
  ['gendercode', 2, '2', 'f', 'f'],
  ['gendercode', 1, 2, 'f', 'Male'],
  ['donotemail', true, true, 'no mail', 'no mail'],
  ['donotemail', false, true, 'no mail', 'false'],
  ['a_decimal', 1.5, '1.50', 'one and a half', 'one and a half'],
  ['a_decimal', '99999999999.1234567891', '99999999999.1234567892', 'no', '99999999999.1234567891'],
  ['a_datetime', '2024-01-31T10:00:00Z', '2024-01-31T12:00:00.000+02:00', 'then', 'then'],
  ['parentcustomerid', id, `{${id.toUpperCase()}}`, 'us', 'us'],
  ['firstname', ' ADA ', 'ada', 'Augusta', 'Augusta'],
  ['firstname', '', null, 'nobody', 'nobody'],
  ['firstname', null, null, 'nobody', 'nobody'],
  ['firstname', 'Ada', 'Ada', null, ''],
] as const)('%s: %p with %p → %p gives %p', (dynamics, value, from, to, expected) => {
  expect(replaced(dynamics, value, [{ from, to }])).toBe(expected);
});

test('what is put in is converted afterwards, as if it had come from a column of its own type', () => {
  expect(replaced('gendercode', 2, [{ from: 2, to: '17' }], { campaign: 'number' })).toBe(17);
  expect(replaced('gendercode', 2, [{ from: 2, to: 'x' }], { campaign: 'number' })).toBe(
    'notANumber',
  );
  expect(replaced('gendercode', 2, [{ from: 2, to: 'MALE' }], { campaign: 'gender' })).toBe('male');
  expect(replaced('gendercode', 2, [{ from: 2, to: null }], { campaign: 'gender' })).toBe(
    'unknown',
  );
});

test.each([
  ['gendercode', 3, false],
  ['gendercode', 'Female', false],
  ['gendercode', 2, true],
  ['new_hobbies', '2,3', true],
  ['new_hobbies', '2,4', false],
  ['donotemail', false, true],
  ['donotemail', 0, false],
  ['numberofchildren', 'two', false],
  ['numberofchildren', '2', true],
  ['birthdate', '1980-05-17', true],
  ['birthdate', '17.5.1980', false],
  ['birthdate', null, true],
] as const)('an existing value of %s that is %p may be replaced: %p', (dynamics, from, allowed) => {
  const own = mapping({
    fields: [{ dynamics, campaign: 'out', applyUpdates: true }],
    replacements: [{ dynamics, from, to: 'x' }],
  });
  const found = validateMapping(own, {
    tables: { contact: table },
    resources: { profile: resource },
  });
  const pointers = found.filter(({ severity }) => severity === 'error').map((one) => one.pointer);
  expect(pointers).toEqual(allowed ? [] : ['/replacements/0/from']);
});

const refusals = (...replacements: FieldReplacement[]) => {
  const columns = new Set(replacements.map(({ dynamics }) => dynamics));
  const own = mapping({
    fields: [...columns].map((dynamics) => ({ dynamics, campaign: 'out', applyUpdates: true })),
    replacements,
  });
  return validateMapping(own, { tables: { contact: table }, resources: { profile: resource } })
    .filter(({ severity }) => severity === 'error')
    .map(({ pointer, message }) => `${pointer} ${message}`);
};

test('a yes or no is replaced by true and false, and the refusal says so', () => {
  expect(refusals({ dynamics: 'donotemail', from: 1, to: 'x' })).toEqual([
    '/replacements/0/from give true or false: 1 can never be a value of "donotemail" (boolean)',
  ]);
});

test.each([
  ['new_hobbies', '2,3', '3, 2'],
  ['firstname', 'Ada', ' ada'],
  ['gendercode', 2, '2'],
  ['a_decimal', 1.5, '1.50'],
  ['a_datetime', '2024-01-31T10:00:00Z', '2024-01-31T12:00:00+02:00'],
  ['firstname', 'Ada', 'Ada'],
] as const)(
  'one value of %s has one replacement, in whatever form: %p and %p',
  (dynamics, ...two) => {
    const both = two.map((from) => ({ dynamics, from, to: 'x' }));
    expect(refusals(...both)).toEqual([expect.stringContaining('/replacements/1/from')]);
  },
);

test('a record is referred to by its id, so that nothing else can be replaced', () => {
  expect(refusals({ dynamics: 'parentcustomerid', from: 'notanid', to: 'x' })).toEqual([
    '/replacements/0/from "notanid" can never be a value of "parentcustomerid" (lookup)',
  ]);
  expect(refusals({ dynamics: 'parentcustomerid', from: `{${id}}`, to: 'x' })).toEqual([]);
});

test('replacing there and back is the identity: options to names, names to options', () => {
  const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 3, maxLength: 3 });
  fc.assert(
    fc.property(names, fc.subarray([2, 3, 8], { minLength: 1 }), (words, chosen) => {
      const there = [2, 3, 8].map((from, index) => ({ from, to: words[index] ?? '' }));
      const text = String(replaced('new_hobbies', chosen.join(','), there));
      const back = new Map(there.map(({ from, to }) => [to, from]));
      expect(text.split('; ').map((word) => back.get(word))).toEqual(chosen);
      const single = String(replaced('firstname', words[0], [{ from: words[0] ?? '', to: 'X' }]));
      expect(replaced('firstname', single, [{ from: 'X', to: words[0] ?? '' }])).toBe(words[0]);
    }),
  );
});

test('a mapping that changes is compiled anew, and an older one keeps its own replacements', () => {
  const before = mapping({ replacements: [{ dynamics: 'gendercode', from: 1, to: 'female' }] });
  const after = { ...before, replacements: [] };
  const columns = { contactid: id, gendercode: 1 };
  expect(mapRecord(columns, before, metadata)).toMatchObject({ followed: { gender: 'female' } });
  expect(mapRecord(columns, after, metadata)).toMatchObject({ followed: { gender: 'male' } });
  expect(mapRecord(columns, before, metadata)).toMatchObject({ followed: { gender: 'female' } });
});
