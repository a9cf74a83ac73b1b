import { expect, test } from '@jest/globals';
import { IngressConfiguration } from '@landbridge/contracts';
import fc from 'fast-check';
import { contactMapping, FIRST } from '../../test/workflow-builders.ts';
import { changesBetween } from './configuration-changes.ts';

const [contact] = FIRST.mappings;
if (contact === undefined) throw new Error('the initial configuration maps nothing');

const told = (before: IngressConfiguration, after: IngressConfiguration) =>
  changesBetween(before, after).map(
    ({ pointer, kind, summary }) => `${kind} ${pointer} ${summary}`,
  );

test('another order is told of as such', () => {
  const fields = contact.fields.toReversed();
  expect(told(FIRST, contactMapping({ fields }))).toEqual([
    'changed /mappings Only the order changed',
  ]);
});

test('nothing changes between equal configurations', () => {
  expect(changesBetween(FIRST, structuredClone(FIRST))).toEqual([]);
});

test('fields are told of when they are added, removed or followed otherwise', () => {
  const [first, ...rest] = contact.fields;
  if (first === undefined) throw new Error('the contact has no fields');
  const fields = [
    { ...first, applyUpdates: false },
    ...rest.slice(1),
    { dynamics: 'jobtitle', campaign: 'cusJobTitle', applyUpdates: true },
  ];
  expect(told(FIRST, contactMapping({ fields }))).toEqual([
    'changed /mappings/0/fields/0/applyUpdates contact: firstname → firstName: apply updates: on → off',
    'added /mappings/0/fields/10 contact: jobtitle → cusJobTitle added',
    'removed /mappings/0/fields/1 contact: middlename → middleName removed',
  ]);
});

test('a filter is told of in words', () => {
  const filter = {
    all: [
      { dynamics: 'statecode', is: 'eq' as const, value: 0 },
      { any: [{ dynamics: 'emailaddress1', is: 'notEmpty' as const }] },
    ],
  };
  expect(told(FIRST, contactMapping({ filter }))).toEqual([
    'added /mappings/0/filter contact: takes statecode eq 0 and (emailaddress1 notEmpty) instead of every record',
  ]);
  expect(told(contactMapping({ filter }), FIRST)[0]).toMatch(
    /^removed .*takes every record instead/,
  );
});

test('taking over existing records is told of, and what is absent is off', () => {
  const taking = contactMapping({ adoptExisting: true });
  expect(told(FIRST, taking)).toEqual([
    'changed /mappings/0/adoptExisting contact: take over existing records: off → on',
  ]);
  expect(told(taking, FIRST)).toEqual([
    'changed /mappings/0/adoptExisting contact: take over existing records: on → off',
  ]);
  expect(told(FIRST, contactMapping({ adoptExisting: false }))).toEqual([]);
});

test('replacements, links and options are told of', () => {
  const after = contactMapping({
    technicalValues: true,
    links: [
      { dynamics: 'parentcustomerid', campaign: 'accountExternalId', to: 'account', by: 'column' },
    ],
    replacements: [
      { dynamics: 'gendercode', from: 1, to: 'm' },
      { dynamics: 'gendercode', from: 3, to: null },
    ],
  });
  expect(told(FIRST, after)).toEqual([
    'changed /mappings/0/technicalValues contact: technical values: off → on',
    'added /mappings/0/links/0 contact: link parentcustomerid → accountExternalId to account by column added',
    'changed /mappings/0/replacements/0/to contact: gendercode 1 is replaced by “m” instead of “male”',
    'added /mappings/0/replacements/1 contact: gendercode 3 is replaced by empty',
    'removed /mappings/0/replacements/1 contact: gendercode 2 is no longer replaced',
  ]);
});

test('a table is told of as one change when it comes and goes', () => {
  const account = { ...contact, dynamicsTable: 'account', campaignResource: 'cusAccount' };
  const both = IngressConfiguration.parse({ mappings: [account, contact] });
  expect(told(FIRST, both)).toEqual([
    'added /mappings/0 account → cusAccount added, with 11 fields',
  ]);
  expect(told(both, FIRST)).toEqual(['removed /mappings/0 account → cusAccount removed']);
});

test('every difference in content is told, and every pointer leads somewhere', () => {
  const field = fc.record({
    dynamics: fc.constantFrom('firstname', 'lastname', 'jobtitle'),
    campaign: fc.constantFrom('firstName', 'lastName'),
    applyUpdates: fc.boolean(),
  });
  const configuration = fc
    .record({
      fields: fc.uniqueArray(field, {
        maxLength: 5,
        selector: ({ dynamics, campaign }) => dynamics + campaign,
      }),
      applyDeletes: fc.boolean(),
      technicalValues: fc.boolean(),
    })
    .map(contactMapping);
  fc.assert(
    fc.property(configuration, configuration, (before, after) => {
      for (const { pointer, kind } of changesBetween(before, after)) {
        const within = kind === 'removed' ? before : after;
        const found = pointer
          .split('/')
          .slice(1)
          .reduce<unknown>((value, step) => Reflect.get(Object(value), step), within);
        expect(found).toBeDefined();
      }
      const same = JSON.stringify(before) === JSON.stringify(after);
      expect(changesBetween(before, after).length === 0).toBe(same);
    }),
  );
});
