import { expect, test } from '@jest/globals';
import { payAttention } from './attention.ts';

const EVERY_MS = 1_000_000;

test('who could not act for a while has listened only since then', () => {
  const begun = 1_000;
  const attention = payAttention(EVERY_MS, () => begun);
  const late = begun + 3 * EVERY_MS;
  expect(attention.sinceMs(late)).toBe(begun);
  const stoodStill = late + 3 * EVERY_MS + 1;
  expect(attention.sinceMs(stoodStill)).toBe(stoodStill);
  expect(attention.sinceMs(stoodStill + EVERY_MS)).toBe(stoodStill);
  attention.close();
});
