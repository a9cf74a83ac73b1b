import { expect, test } from '@jest/globals';
import { parseRetryAfter } from '../src/retry-after.ts';

const NOW_MS = Date.UTC(2026, 2, 1, 12, 0, 0);

test.each([
  [null, null],
  ['', null],
  ['soon', null],
  ['-5', null],
  ['0', 0],
  ['7', 7_000],
  [' 7 ', 7_000],
  ['1.5', 1_500],
  ['Sun, 01 Mar 2026 12:00:30 GMT', 30_000],
  ['Sunday, 01-Mar-26 12:00:30 GMT', 30_000],
  ['Sun, 01 Mar 2026 11:00:00 GMT', 0],
  ['99999999999', 86_400_000],
  ['Sun, 01 Mar 2099 12:00:30 GMT', 86_400_000],
])('Retry-After "%s" asks for %s ms', (header, delayMs) => {
  expect(parseRetryAfter(header, NOW_MS)).toBe(delayMs);
});
