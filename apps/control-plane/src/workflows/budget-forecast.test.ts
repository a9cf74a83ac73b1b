import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { againstBudgets, type Calls, type Day } from './budget-forecast.ts';

const TODAY = '2026-11-30';
const UNBOUND: Day = { callsPerDay: null, left: null };
const NOTHING: Calls = { dynamics: 0, campaign: 0 };
const forecast = (calls: Calls, campaign: Day, beside: Calls = NOTHING) =>
  againstBudgets(calls, beside, { today: TODAY, dynamics: UNBOUND, campaign });

test.each([
  ['fits into what is left', 300, { callsPerDay: 1_000, left: 300 }, '2026-11-30'],
  ['is one call too large', 301, { callsPerDay: 1_000, left: 300 }, '2026-12-01'],
  ['takes the whole of the next day', 1_300, { callsPerDay: 1_000, left: 300 }, '2026-12-01'],
  ['needs one day more', 1_301, { callsPerDay: 1_000, left: 300 }, '2026-12-02'],
  ['begins on a day that is spent', 1, { callsPerDay: 1_000, left: 0 }, '2026-12-01'],
  ['is not bounded', 9_000_000, UNBOUND, '2026-11-30'],
])('work that %s', (_what, campaign, day, finishesOn) => {
  expect(forecast({ dynamics: 5, campaign }, day)).toMatchObject({
    dynamics: { calls: 5, callsLeftToday: null, finishesOn: TODAY },
    campaign: { calls: campaign, callsLeftToday: day.left, finishesOn },
    finishesOn,
  });
});

test('replays of other tables draw on the same budget', () => {
  const beside = { dynamics: 10, campaign: 900 };
  const told = forecast(
    { dynamics: 5, campaign: 300 },
    { callsPerDay: 1_000, left: 1_000 },
    beside,
  );
  expect(told).toMatchObject({
    campaign: { calls: 300, callsBeside: 900 },
    finishesOn: '2026-12-01',
    message:
      'Today Campaign has 1,000 calls left for 1,200: if it begins today, the last is granted on 2026-12-01, and changes wait with it.',
  });
});

test('the sentence says whether it fits, and that nothing bounds it', () => {
  const fits = forecast({ dynamics: 5, campaign: 300 }, { callsPerDay: 1_000, left: 400 });
  expect(fits.message).toBe(
    'Today Campaign has 400 calls left for 300: it fits into what is left of today.',
  );
  expect(forecast({ dynamics: 5, campaign: 300 }, UNBOUND).message).toBe('No budget bounds it.');
});

test('the day that is said is the first by whose end the budgets have granted every call', () => {
  const count = fc.integer({ min: 0, max: 10_000 });
  const days = fc.integer({ min: 1, max: 500 });
  fc.assert(
    fc.property(count, days, count, (wanted, callsPerDay, spent) => {
      const left = Math.max(0, callsPerDay - spent);
      const { finishesOn } = forecast({ dynamics: 0, campaign: wanted }, { callsPerDay, left });
      const later = (Date.parse(finishesOn) - Date.parse(TODAY)) / 86_400_000;
      const grantedBy = (day: number) => left + callsPerDay * day;
      expect(grantedBy(later)).toBeGreaterThanOrEqual(wanted);
      if (later > 0) expect(grantedBy(later - 1)).toBeLessThan(wanted);
    }),
  );
});
