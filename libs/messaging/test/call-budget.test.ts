import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type DayOfCalls, dayOf, nextDay, reserveIn } from '../src/index.ts';

const NOON = new Date('2026-11-24T12:00:00.000Z');

test('a day ends at midnight in UTC, wherever one is', () => {
  const late = new Date('2026-11-25T07:59:59.000+08:00');
  expect(dayOf(late)).toBe('2026-11-24');
  expect(nextDay(late).toISOString()).toBe('2026-11-25T00:00:00.000Z');
  expect(nextDay(new Date('2026-12-31T23:00:00.000Z')).toISOString()).toMatch(/^2027-01-01T00/);
});

test('a clock that is behind takes up no day that is over', () => {
  const known = { day: '2026-11-25', reserved: 8 };
  const asked = reserveIn(known, { day: '2026-11-24', wanted: 5, callsPerDay: 10 });
  expect(asked).toEqual({ next: { day: '2026-11-25', reserved: 10 }, granted: 2 });
});

test('whatever replicas reserve, in whatever order and by whatever clocks, no day holds more than its budget', () => {
  const ask = fc.record({
    hours: fc.integer({ min: -3, max: 60 }),
    wanted: fc.integer({ min: 1, max: 50 }),
  });
  fc.assert(
    fc.property(fc.array(ask), fc.integer({ min: 1, max: 200 }), (asks, callsPerDay) => {
      let known: DayOfCalls | null = null;
      const grantedOn = new Map<string, number>();
      for (const { hours, wanted } of asks) {
        const day = dayOf(new Date(NOON.getTime() + hours * 3_600_000));
        const { next, granted }: ReturnType<typeof reserveIn> = reserveIn(known, {
          day,
          wanted,
          callsPerDay,
        });
        expect(granted).toBeLessThanOrEqual(wanted);
        if (granted < wanted) expect(next.reserved).toBe(callsPerDay);
        known = next;
        grantedOn.set(next.day, (grantedOn.get(next.day) ?? 0) + granted);
      }
      for (const granted of grantedOn.values()) expect(granted).toBeLessThanOrEqual(callsPerDay);
    }),
  );
});
