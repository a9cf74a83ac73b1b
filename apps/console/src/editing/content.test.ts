import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isSame, mergeOnto, valueAt, valueChanges } from './content.ts';

const base = { on: { send: false, open: false }, source: 'journal', names: { id: 'Log' } };

test('what each of two people changed is in the outcome', () => {
  const theirs = { ...base, on: { send: true, open: false } };
  const mine = { ...base, on: { send: false, open: true }, names: {} };
  expect(JSON.parse(JSON.stringify(mergeOnto<object>(base, theirs, mine)))).toEqual({
    on: { send: true, open: true },
    source: 'journal',
    names: {},
  });
});

test('where both changed one value, mine is kept for the person who is asked', () => {
  expect(mergeOnto(base, { ...base, source: 'a' }, { ...base, source: 'b' }).source).toBe('b');
});

test('a change names the value where it stands', () => {
  const after = { ...base, on: { send: true, open: false } };
  const [change] = valueChanges(base, after);
  expect(change).toEqual({ pointer: '/on/send', before: false, after: true });
  expect(valueAt(after, '/on/send')).toBe(true);
  expect(valueAt(after, '/on/send/deeper')).toBe(undefined);
});

const some = fc.record({
  a: fc.constantFrom(1, 2, 3),
  inner: fc.record({ b: fc.boolean(), c: fc.constantFrom(null, 'x', 'y') }),
  named: fc.dictionary(fc.constantFrom('p', 'q', 'r'), fc.constantFrom('1', '2')),
});

test('whoever changed nothing gets exactly what the other saved', () => {
  fc.assert(
    fc.property(some, some, (was, changed) => {
      expect(isSame(mergeOnto(was, changed, was), changed)).toBe(true);
      expect(isSame(mergeOnto(was, was, changed), changed)).toBe(true);
    }),
  );
});

test('the changes to a merged outcome are changes that one of the two made', () => {
  fc.assert(
    fc.property(some, some, some, (was, theirs, mine) => {
      const made = [...valueChanges(was, theirs), ...valueChanges(was, mine)];
      for (const change of valueChanges(was, mergeOnto(was, theirs, mine))) {
        expect(made.some((one) => isSame(one, change))).toBe(true);
      }
    }),
  );
});
