import { expect, test } from '@jest/globals';
import { pairOf } from './optout-pair.ts';

const ends = { dynamics: 'parentcustomerid', campaign: 'accountExternalId' };

test('a pair of Opt-In/Out is told by its two ends', () => {
  expect(pairOf(ends)).toEqual({ from: 'parentcustomerid', to: 'accountExternalId' });
});

test.each([
  ['a link that leads elsewhere', { ...ends, to: 'account', by: 'column' }],
  ['a field', { ...ends, applyUpdates: true }],
  ['a value', 'off'],
  ['what is absent', undefined],
])('%s is no such pair', (_what, value) => {
  expect(pairOf(value)).toBeNull();
});
