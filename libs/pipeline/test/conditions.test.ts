import { beforeEach, expect, test } from '@jest/globals';
import { type ConditionChange, Conditions } from '../src/index.ts';
import { Lag } from '../src/lag.ts';

let nowMs = 0;
let told: ConditionChange[] = [];
let conditions: Conditions;
beforeEach(() => {
  nowMs = 0;
  told = [];
  conditions = new Conditions({
    onChange: (change) => told.push(change),
    raiseAfterMs: 1_000,
    clearAfterMs: 5_000,
    now: () => nowMs,
  });
});
const at = (ms: number): void => {
  nowMs = ms;
  conditions.look();
};
const raised = { condition: 'Throttled', message: '429' };
const cleared = { condition: 'Throttled', message: null };

test('trouble that passes at once is not told', () => {
  conditions.trouble('Throttled', 'destination', '429');
  at(500);
  conditions.success('destination');
  at(30_000);
  expect(told).toEqual([]);
});

test('trouble that lasts is raised once, and cleared after a success and a quiet while', () => {
  conditions.trouble('Throttled', 'destination', '429');
  at(1_000);
  conditions.trouble('Throttled', 'destination', '429');
  at(2_000);
  conditions.success('destination');
  at(5_900);
  expect(told).toEqual([raised]);
  at(6_000);
  expect(told).toEqual([raised, cleared]);
});

test('silence alone clears nothing: a pause of minutes is still a throttled destination', () => {
  conditions.trouble('Throttled', 'destination', '429');
  at(1_000);
  at(600_000);
  expect(told).toEqual([raised]);
});

test('a success of the reader does not end the writer’s trouble', () => {
  conditions.trouble('Throttled', 'destination', '429');
  conditions.trouble('Throttled', 'source contact', '429');
  at(1_000);
  conditions.success('source contact');
  at(60_000);
  expect(told).toEqual([raised]);
  conditions.success('destination');
  at(66_000);
  expect(told).toEqual([raised, cleared]);
});

test('trouble in between starts the quiet while anew', () => {
  conditions.trouble('Throttled', 'destination', '429');
  at(1_000);
  conditions.success('destination');
  nowMs = 4_000;
  conditions.trouble('Throttled', 'destination', '429');
  conditions.success('destination');
  nowMs = 4_001;
  conditions.success('destination');
  at(8_000);
  expect(told).toEqual([raised]);
  at(9_000);
  expect(told).toEqual([raised, cleared]);
});

test('lag is told over the last minute alone', () => {
  const lag = new Lag(() => nowMs);
  expect(lag.percentiles()).toBeNull();
  for (let ms = 1; ms <= 100; ms += 1) lag.add(ms);
  expect(lag.percentiles()).toEqual({ p50: 50, p95: 95 });
  nowMs = 60_001;
  expect(lag.percentiles()).toBeNull();
});
