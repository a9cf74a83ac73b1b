import { describe, expect, test } from '@jest/globals';
import {
  NO_VERIFICATION_FIGURES,
  type VerificationPhase,
  type VerificationProgress,
} from '@landbridge/contracts';
import { forecastOf } from './forecast.ts';
import {
  decideVerification,
  foldVerifications,
  type VerificationCommand,
  type Verifications,
} from './verification.decider.ts';
import type { VerificationEvent } from './verification.events.ts';

/** So many records on either side. */
const both = (records: number) =>
  ({ dynamics: { records, recordsAre: 'counted' }, campaign: records }) as const;

const ONE = '0190f6a5-0000-4000-8000-000000000001';
const TWO = '0190f6a5-0000-4000-8000-000000000002';
const table = 'contact';

const requested = (verificationId = ONE): VerificationEvent => ({
  type: 'VerificationRequested',
  verificationId,
  table,
  rate: null,
  repair: false,
  forecast: forecastOf(both(10), 100_000),
});
const progress = (phase: VerificationPhase, verificationId = ONE): VerificationProgress => ({
  verificationId,
  table,
  phase,
  message: null,
  figures: { ...NO_VERIFICATION_FIGURES, comparedCount: 7 },
});
const progressed = (phase: VerificationPhase): VerificationEvent => ({
  type: 'VerificationProgressed',
  ...progress(phase),
});
const over = (phase: VerificationPhase): VerificationEvent => ({
  type: 'VerificationEnded',
  ...progress(phase),
});
const request = (verificationId = TWO, of = table): VerificationCommand => ({
  type: 'Request',
  verificationId,
  table: of,
  rate: null,
  repair: false,
  forecast: forecastOf(both(10), 100_000),
});

const after = (...events: VerificationEvent[]): Verifications =>
  events.reduce<Verifications>(
    (state, event) =>
      foldVerifications(state, {
        event,
        position: 1n,
        at: new Date('2026-11-24T16:00:00Z'),
        by: 'ann',
        traceparent: null,
      }),
    {},
  );
const decided = (command: VerificationCommand, ...events: VerificationEvent[]) =>
  decideVerification(command, after(...events));
const take = (phase: VerificationPhase, verificationId = ONE): VerificationCommand => ({
  type: 'TakeProgress',
  progress: progress(phase, verificationId),
});

describe('one verification of a table at a time', () => {
  test('the next begins when the one before has ended, however it did', () => {
    for (const phase of ['done', 'failed', 'cancelled'] as const) {
      expect(decided(request(), requested(), over(phase))).toMatchObject([
        { type: 'VerificationRequested', verificationId: TWO },
      ]);
    }
    expect(() => decided(request(), requested())).toThrow(/is on already/);
    expect(() => decided(request(), requested(), progressed('comparing'))).toThrow();
  });

  test('another table is another matter', () => {
    expect(decided(request(TWO, 'account'), requested())).toHaveLength(1);
  });
});

test('progress counts for the newest verification alone, and not after its end', () => {
  expect(decided(take('comparing'), requested())).toMatchObject([
    { type: 'VerificationProgressed', figures: { comparedCount: 7 } },
  ]);
  expect(decided(take('done'), requested())).toMatchObject([{ type: 'VerificationEnded' }]);
  expect(decided(take('comparing', TWO), requested())).toEqual([]);
  expect(decided(take('comparing'), requested(), over('done'))).toEqual([]);
  expect(decided(take('comparing'))).toEqual([]);
});

test('calling off twice is calling off once, and a late word does not revive it', () => {
  const cancel: VerificationCommand = { type: 'Cancel', table };
  const cancelled: VerificationEvent = {
    type: 'VerificationCancelled',
    verificationId: ONE,
    table,
  };
  expect(decided(cancel, requested())).toEqual([cancelled]);
  expect(decided(cancel, requested(), cancelled)).toEqual([]);
  expect(decided(take('comparing'), requested(), cancelled)).toEqual([]);
  expect(() => decided(cancel)).toThrow(/never verified/);
});

test('only what a finished verification found can be queued again', () => {
  const repair: VerificationCommand = { type: 'Repair', table };
  expect(() => decided(repair)).toThrow();
  expect(() => decided(repair, requested(), progressed('comparing'))).toThrow();
  const asked = decided(repair, requested(), over('done'));
  expect(asked).toEqual([{ type: 'RepairRequested', verificationId: ONE, table }]);
  const state = after(requested(), over('done'), ...asked);
  expect(state[table]).toMatchObject({ phase: 'repairing', endedAt: null });
  expect(decideVerification(take('done'), state)).toMatchObject([{ type: 'VerificationEnded' }]);
});

test('the view tells who asked, what it was to cost, and how far it is', () => {
  expect(after(requested())[table]).toMatchObject({
    requestedBy: 'ann',
    phase: 'waiting',
    progressedAt: null,
    forecast: { recordCount: 10, passCount: 1, calls: { dynamics: 2, campaign: 1 } },
  });
  expect(after(requested(), over('done'))[table]).toMatchObject({
    phase: 'done',
    endedAt: '2026-11-24T16:00:00.000Z',
    figures: { comparedCount: 7 },
  });
});

test('a million records are ten passes of 200 and 1,000 calls', () => {
  expect(forecastOf(both(1_000_000), 100_000)).toMatchObject({
    passCount: 10,
    calls: { dynamics: 2_001, campaign: 10_000 },
  });
});

test('records of others in Campaign are paid for, and so is a Campaign that does not say how many', () => {
  const dynamics = { records: 20_000, recordsAre: 'estimated' } as const;
  const crowded = forecastOf({ dynamics, campaign: 2_000_000 }, 100_000);
  expect(crowded).toMatchObject({ campaignCount: 2_000_000, calls: { campaign: 2_000 } });
  expect(crowded.message).toContain('20000 records (estimated: statistics of up to a day ago)');
  const silent = forecastOf({ dynamics, campaign: null }, 5_000);
  expect(silent).toMatchObject({ passCount: 4, calls: { dynamics: 17, campaign: 80 } });
  expect(silent.message).toContain('Campaign does not say how many it holds');
});
