import { expect, test } from '@jest/globals';
import { OPTOUT_NAMES } from '@landbridge/contracts';
import fc from 'fast-check';
import { decideOptin, optoutAttribute, optoutFieldsOf, type OptinDecision } from '../src/index.ts';

const NOON = Date.parse('2026-11-24T12:00:00Z');
const SECOND = 1_000;
const SKEW = 300 * SECOND;

/** Dynamics was modified at noon; Campaign so many seconds later, or at an unknown time. */
function decide(dynamics: boolean, campaign: boolean, laterS: number | null, skewMs = 0) {
  return decideOptin(
    'bidirectional',
    {
      dynamics: { value: dynamics, modifiedOn: NOON },
      campaign: { value: campaign, changedAt: laterS === null ? null : NOON + laterS * SECOND },
    },
    skewMs,
  );
}

const T = true;
const F = false;

test.each([
  // Dynamics, Campaign, seconds by which Campaign is newer, what holds, who wins, what is written
  [F, F, 1, F, 'both', 'nothing'],
  [T, T, 1, T, 'both', 'nothing'],
  [F, T, 1, T, 'campaign', 'dynamics'],
  [T, F, 1, F, 'campaign', 'dynamics'],
  [F, T, 0, T, 'campaign', 'dynamics'],
  [T, F, 0, T, 'dynamics', 'campaign'],
  [F, T, -1, T, 'campaign', 'dynamics'],
  [T, F, -1, T, 'dynamics', 'campaign'],
  [F, T, null, T, 'campaign', 'dynamics'],
  [T, F, null, T, 'dynamics', 'campaign'],
] as const)(
  'Dynamics %p, Campaign %p, newer by %p s: %p',
  (dynamics, campaign, laterS, value, winner, write) => {
    expect(decide(dynamics, campaign, laterS)).toMatchObject({ value, winner, write });
  },
);

test.each([
  [T, F, 299, T, 'withinSkew'],
  [T, F, 300, T, 'withinSkew'],
  [T, F, 301, F, 'campaignNewer'],
  [F, T, 10, T, 'withinSkew'],
  [F, T, 301, T, 'campaignNewer'],
  [T, F, -10, T, 'dynamicsNewerOrEqual'],
] as const)(
  'with five minutes tolerated: Dynamics %p, Campaign %p, newer by %p s: %p by %s',
  (dynamics, campaign, laterS, value, rule) => {
    expect(decide(dynamics, campaign, laterS, SKEW)).toMatchObject({ value, rule });
  },
);

test('from Campaign alone, Campaign’s value holds, whatever the times say', () => {
  for (const [dynamics, campaign] of [
    [T, F],
    [F, T],
  ] as const) {
    const sides = {
      dynamics: { value: dynamics, modifiedOn: NOON },
      campaign: { value: campaign, changedAt: null },
    };
    expect(decideOptin('campaign-to-dynamics', sides, SKEW)).toEqual({
      value: campaign,
      rule: 'campaignOnly',
      winner: 'campaign',
      write: 'dynamics',
    });
  }
});

const anySides = fc.record({
  dynamics: fc.record({
    value: fc.constantFrom(true, false, null),
    modifiedOn: fc.integer({ min: NOON - 600_000, max: NOON + 600_000 }),
  }),
  campaign: fc.record({
    value: fc.constantFrom(true, false, null),
    changedAt: fc.option(fc.integer({ min: NOON - 600_000, max: NOON + 600_000 })),
  }),
});
type Sides = typeof anySides extends fc.Arbitrary<infer S> ? S : never;

/** Both sides after the decision's write, whose own time may or may not move. */
function written(sides: Sides, { value, write }: OptinDecision, moves: boolean, now: number) {
  const { dynamics, campaign } = sides;
  return {
    dynamics: write === 'dynamics' ? { value, modifiedOn: now } : dynamics,
    campaign:
      write === 'campaign' ? { value, changedAt: moves ? now : campaign.changedAt } : campaign,
  };
}

test('what was decided once stays decided: its own echo writes nothing', () => {
  fc.assert(
    fc.property(anySides, fc.nat(SKEW), fc.boolean(), (sides, skewMs, moves) => {
      const first = decideOptin('bidirectional', sides, skewMs);
      const after = written(sides, first, moves, NOON + 700_000);
      expect(decideOptin('bidirectional', after, skewMs)).toMatchObject({
        value: first.value,
        write: 'nothing',
      });
    }),
  );
});

test('clocks apart by what is tolerated never undo an opt-out that is really newer', () => {
  fc.assert(
    fc.property(
      fc.nat(SKEW),
      fc.integer({ min: -SKEW, max: SKEW }),
      fc.nat(600_000),
      (skewMs, offsetMs, earlierMs) => {
        fc.pre(Math.abs(offsetMs) <= skewMs);
        // The opt-out in Dynamics was truly made after the opt-in in Campaign, or at once with it.
        const sides = {
          dynamics: { value: true, modifiedOn: NOON },
          campaign: { value: false, changedAt: NOON - earlierMs + offsetMs },
        };
        expect(decideOptin('bidirectional', sides, skewMs).value).toBe(true);
      },
    ),
  );
});

test('an opt-out is only ever undone by a Campaign value that is newer by more than the skew', () => {
  fc.assert(
    fc.property(anySides, fc.nat(SKEW), (sides, skewMs) => {
      const { value } = decideOptin('bidirectional', sides, skewMs);
      if (value || (sides.dynamics.value !== true && sides.campaign.value !== true)) return;
      expect(sides.campaign.value).not.toBe(true);
      expect((sides.campaign.changedAt ?? -Infinity) - sides.dynamics.modifiedOn).toBeGreaterThan(
        skewMs,
      );
    }),
  );
});

test('each opt-out is found under the API’s name and under the manual’s', () => {
  const fields = (name: (api: string) => string) =>
    new Set(OPTOUT_NAMES.flatMap((one) => optoutAttribute(one).values.slice(0, 1)).map(name));
  for (const name of OPTOUT_NAMES) {
    const api = fields((one) => one);
    const manual = fields((one) => one.replace('blackList', 'denyList'));
    expect(optoutFieldsOf(name, api).value).toBe(name.replace('denyList', 'blackList'));
    expect(optoutFieldsOf(name, manual).value).toBe(name);
  }
  const whole = new Set(['blackList', 'blackListLastModified', 'blackListAllLastModified']);
  expect(optoutFieldsOf('denyList', whole)).toEqual({
    value: 'blackList',
    changedAts: ['blackListLastModified', 'blackListAllLastModified'],
  });
  expect(optoutFieldsOf('ccpaOptOut', whole)).toEqual({ value: null, changedAts: [] });
});
