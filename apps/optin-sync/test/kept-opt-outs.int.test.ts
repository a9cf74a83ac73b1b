import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Bus, connectBus } from '@landbridge/messaging';
import { createLog } from '@landbridge/telemetry';
import { startNats } from '@landbridge/testing';
import fc from 'fast-check';
import { type Pair, type Trouble, TwoSides } from './two-sides.ts';

let nats: Awaited<ReturnType<typeof startNats>>;
let bus: Bus;
beforeAll(async () => {
  nats = await startNats();
  bus = await connectBus({ url: nats.url, name: 'test', log: createLog('test', 'silent') });
}, 60_000);
afterAll(async () => {
  await bus.close();
  await nats.stop();
}, 60_000);

type Act = { side: 'dynamics' | 'campaign'; pair: Pair; optOut: boolean; minutes: number };
type Step = Act | { trouble: Trouble | null };

const act = fc.record({
  side: fc.constantFrom('dynamics' as const, 'campaign' as const),
  pair: fc.constantFrom('email' as const, 'phone' as const),
  optOut: fc.boolean(),
  minutes: fc.constantFrom(1, 10, 20),
});
const trouble = fc.record({
  kind: fc.constantFrom('kill' as const, 'lostReply' as const),
  afterSteps: fc.integer({ min: 1, max: 8 }),
});
const look = fc.record({ trouble: fc.option(trouble) });
const steps: fc.Arbitrary<Step[]> = fc.array(fc.oneof(act, look), { minLength: 3, maxLength: 14 });

/** Somebody opts in again by e-mail in Campaign; our write of it lands, and nobody hears of it. */
const heardOfNothing = (kind: Trouble['kind']): Step[] => [
  { side: 'dynamics', pair: 'email', optOut: true, minutes: 1 },
  { trouble: null },
  { side: 'campaign', pair: 'phone', optOut: false, minutes: 10 },
  { side: 'campaign', pair: 'email', optOut: false, minutes: 10 },
  { trouble: { kind, afterSteps: 5 } },
  { side: 'dynamics', pair: 'phone', optOut: true, minutes: 1 },
];

test('whoever opted out last stays out, whatever befalls the process and whoever acts meanwhile', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (story) => {
      const sides = new TwoSides(bus);
      const last = new Map<Pair, boolean>();
      for (const step of story) {
        if ('trouble' in step) await sides.isLookedAt(step.trouble);
        else {
          sides.acts(step.side, step.pair, step.optOut, step.minutes);
          last.set(step.pair, step.optOut);
        }
      }
      for (let turn = 0; turn < 3; turn += 1) await sides.isLookedAt();
      for (const [pair, optOut] of last) {
        const { dynamics, campaign } = sides.holds(pair);
        expect(dynamics).toBe(campaign);
        if (optOut) expect({ pair, dynamics }).toEqual({ pair, dynamics: true });
      }
    }),
    { numRuns: 500, examples: [[heardOfNothing('kill')], [heardOfNothing('lostReply')]] },
  );
}, 120_000);

test.each(['dynamics', 'campaign'] as const)(
  'an opt-out made in %s, whose column is mapped to another opt-out, arrives there too',
  async (side) => {
    const sides = new TwoSides(bus);
    sides.acts(side, 'email', true, 1);
    await sides.isLookedAt();
    const cursor = await sides.isToldByDynamics(null);
    expect(sides.holds('email')).toEqual({ dynamics: true, campaign: true });
    sides.isMappedTo('email', 'denyListMobile', 'blackListMobile');
    await sides.isToldByDynamics(cursor);
    expect(sides.profile()).toMatchObject({ blackListMobile: true });
  },
);
