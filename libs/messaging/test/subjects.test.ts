import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { partitionOfKey } from '../src/index.ts';
import { queueSubject, tableOfQueueSubject, token, tokenText } from '../src/subjects.ts';
import { ingress } from './builders.ts';

const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.uuid());

test('any text becomes one token that every subject takes, and comes back as it was', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const escaped = token(text);
      expect(escaped).toMatch(/^[A-Za-z0-9_=-]+$/);
      expect(tokenText(escaped)).toBe(text);
    }),
  );
});

test('two texts never become the same token', () => {
  fc.assert(
    fc.property(anyText, anyText, (one, other) => {
      expect(token(one) === token(other)).toBe(one === other);
    }),
  );
});

test('a table whose name holds dots and wildcards stays one part of the subject', () => {
  const subject = queueSubject({ ...ingress, table: 'a.b.>*c' }, 3);
  expect(subject.split('.')).toHaveLength(5);
  expect(tableOfQueueSubject(subject)).toBe('a.b.>*c');
});

test('partitions are even enough: none of 32 gets less than half of its share of 32,000 keys', () => {
  const counts = Array.from({ length: 32 }, () => 0);
  for (let key = 0; key < 32_000; key += 1) {
    const partition = partitionOfKey('contact', `key-${key}`, 32);
    counts[partition] = (counts[partition] ?? 0) + 1;
  }
  expect(Math.min(...counts)).toBeGreaterThan(500);
});

test('a record always goes through the same partition', () => {
  expect(partitionOfKey('contact', 'k', 32)).toBe(partitionOfKey('contact', 'k', 32));
});
