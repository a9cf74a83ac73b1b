import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { backoffMs, retryDelayMs } from '../src/index.ts';

const draw = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const attempts = fc.integer({ min: 1, max: 10_000 });

test('a wait is anything up to a bound that doubles, and never beyond the cap', () => {
  fc.assert(
    fc.property(attempts, draw, (attempt, drawn) => {
      const waitMs = backoffMs(attempt, { baseMs: 100, capMs: 5_000, random: () => drawn });
      const boundMs = Math.min(5_000, 100 * 2 ** Math.min(attempt - 1, 30));
      expect(waitMs).toBeGreaterThanOrEqual(20);
      expect(waitMs).toBeLessThanOrEqual(boundMs);
    }),
  );
});

test('nothing is tried again before Retry-After has passed', () => {
  fc.assert(
    fc.property(attempts, fc.integer({ min: 1, max: 600_000 }), draw, (attempt, askedMs, drawn) => {
      const waitMs = retryDelayMs(attempt, askedMs, { random: () => drawn });
      expect(waitMs).toBeGreaterThanOrEqual(askedMs);
      expect(waitMs).toBeLessThanOrEqual(askedMs + 30_001);
    }),
  );
});

test('without Retry-After, the backoff decides', () => {
  const options = { random: () => 0.5 };
  expect(retryDelayMs(3, null, options)).toBe(backoffMs(3, options));
  expect(retryDelayMs(3, 0, options)).toBe(backoffMs(3, options));
});
