import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { FieldMapping } from '../api/types.ts';
import { fieldChanges, mergeOnto } from './merge-edits.ts';

const map = (dynamics: string, campaign: string, applyUpdates = true): FieldMapping => ({
  dynamics,
  campaign,
  applyUpdates,
});

const base = [map('firstname', 'firstName'), map('lastname', 'lastName'), map('mail', 'email')];

test('what each of two people changed is in the outcome', () => {
  const theirs = [map('firstname', 'firstName'), map('mail', 'email', false), map('fax', 'fax')];
  const mine = [map('nickname', 'firstName'), ...base.slice(1), map('jobtitle', 'cusJobTitle')];
  expect(mergeOnto(base, theirs, mine)).toEqual([
    map('nickname', 'firstName'),
    map('mail', 'email', false),
    map('fax', 'fax'),
    map('jobtitle', 'cusJobTitle'),
  ]);
});

test('where both changed one mapping, mine is kept for the person who is asked', () => {
  const theirs = [map('a', 'firstName'), ...base.slice(1)];
  const mine = [map('b', 'firstName'), ...base.slice(1)];
  expect(mergeOnto(base, theirs, mine)[0]).toEqual(map('b', 'firstName'));
});

test('a row that is not complete yet is not lost', () => {
  const row = { dynamics: 'jobtitle', campaign: null, applyUpdates: true };
  expect(mergeOnto(base, base, [...base, row])).toEqual([...base, row]);
});

test('the differences name what was added, changed and removed', () => {
  const after = [map('first', 'firstName'), map('lastname', 'lastName'), map('fax', 'fax')];
  expect(fieldChanges(base, after)).toEqual([
    { kind: 'changed', field: map('first', 'firstName') },
    { kind: 'added', field: map('fax', 'fax') },
    { kind: 'removed', field: map('mail', 'email') },
  ]);
});

const someFields = fc.uniqueArray(
  fc.record({
    dynamics: fc.constantFrom('a', 'b', 'c'),
    campaign: fc.constantFrom('p', 'q', 'r', 's', 't'),
    applyUpdates: fc.boolean(),
  }),
  { selector: ({ campaign }) => campaign },
);
const asSet = (fields: readonly object[]): string[] => fields.map((f) => JSON.stringify(f)).sort();

test('whoever changed nothing gets exactly what the other saved', () => {
  fc.assert(
    fc.property(someFields, someFields, (was, changed) => {
      expect(asSet(mergeOnto(was, changed, was))).toEqual(asSet(changed));
      expect(asSet(mergeOnto(was, was, changed))).toEqual(asSet(changed));
    }),
  );
});

test('no field is ever written by two mappings', () => {
  fc.assert(
    fc.property(someFields, someFields, someFields, (was, theirs, mine) => {
      const targets = mergeOnto(was, theirs, mine).map(({ campaign }) => campaign);
      expect(new Set(targets).size).toBe(targets.length);
    }),
  );
});
