import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '@landbridge/testing';
import fc from 'fast-check';
import type { OptinInstance, OptinSettings } from '../src/optin-instance.ts';
import { type OptinWorld, startOptinWorld } from '../src/optin-world.ts';

let world: OptinWorld;
beforeAll(async () => {
  world = await startOptinWorld();
}, 300_000);
afterAll(async () => world[Symbol.asyncDispose](), 60_000);

const POLLED: OptinSettings = {
  direction: 'bidirectional',
  source: 'poll',
  mappings: [{ dynamics: 'donotbulkemail', campaign: 'denyListEmail' }],
  poll: { everySeconds: 1 },
};

type Act = { who: number; side: 'dynamics' | 'campaign'; optOut: boolean; pauseMs: number };
const PEOPLE = 8;
const acts = fc.array(
  fc.record({
    who: fc.nat(PEOPLE - 1),
    side: fc.constantFrom('dynamics' as const, 'campaign' as const),
    optOut: fc.boolean(),
    pauseMs: fc.constantFrom(0, 0, 5, 60, 300),
  }),
  { minLength: 30, maxLength: 80 },
);

function perform(instance: OptinInstance, ids: readonly string[], act: Act): void {
  const id = ids[act.who] ?? '';
  if (act.side === 'dynamics') instance.dynamics.changeContact(id, { donotbulkemail: act.optOut });
  else instance.campaign.changeOptOut(id, 'blackListEmail', act.optOut);
}

test('an echo storm settles, loses no opt-out, and costs no more than its changes', async () => {
  await fc.assert(
    fc.asyncProperty(acts, async (storm) => {
      const instance = await world.instance({ dynamics: { contacts: PEOPLE } });
      const ids = instance.profilesForAll();
      await instance.starts(POLLED);
      for (const act of storm) {
        perform(instance, ids, act);
        await sleep(act.pauseMs);
      }
      await instance.inStep();
      // Everything happened within the tolerated skew: whoever opted out last on a side is out.
      for (const side of ['dynamics', 'campaign'] as const) {
        const last = new Map(
          storm.filter((act) => act.side === side).map(({ who, optOut }) => [who, optOut]),
        );
        for (const [who, optOut] of last) {
          if (optOut) {
            expect(instance.sides(ids[who] ?? '')).toEqual({ dynamics: true, campaign: true });
          }
        }
      }
      const spent = instance.campaign.calls({ method: 'PATCH' }).length;
      const written = instance.dynamics.calls({ method: 'PATCH' }).length;
      expect(spent + written).toBeLessThanOrEqual(2 * storm.length);
      await nothingMoves(instance);
      await instance.stops();
      await instance.closeSimulators();
    }),
    { numRuns: 4, endOnFailure: true },
  );
}, 300_000);

test('a value that flips on both sides within a second settles in one state', async () => {
  const instance = await world.instance({ dynamics: { contacts: 5 } });
  const ids = instance.profilesForAll();
  await instance.starts({ ...POLLED, toleratedSkewSeconds: 0 });
  await instance.settled();
  for (let turn = 0; turn < 10; turn += 1) {
    for (const id of ids) {
      instance.dynamics.changeContact(id, { donotbulkemail: turn % 2 === 0 });
      instance.campaign.changeOptOut(id, 'blackListEmail', turn % 2 === 1);
    }
    await sleep(50);
  }
  await instance.inStep();
  await nothingMoves(instance);
  // Campaign’s last word was an opt-out, and nothing newer says otherwise.
  for (const id of ids) expect(instance.sides(id)).toEqual({ dynamics: true, campaign: true });
  await instance.stops();
}, 120_000);

test('kill -9 in the middle loses no opt-out and tells each decision', async () => {
  const instance = await world.instance({ dynamics: { contacts: 60 } });
  const ids = instance.profilesForAll();
  await instance.starts(POLLED);
  await instance.settled();
  for (const [index, id] of ids.entries()) {
    if (index % 2 === 0) instance.dynamics.changeContact(id, { donotbulkemail: true });
    else instance.campaign.changeOptOut(id, 'blackListEmail', true);
  }
  for (const afterWritten of [8, 25]) {
    await until(
      `${afterWritten} people in step before the kill`,
      () => ids.filter((id) => isOut(instance, id)).length,
      (count) => count >= afterWritten,
      { timeoutMs: 60_000, everyMs: 5 },
    );
    await world.kill();
    await world.start();
  }
  await until(
    'all opt-outs on both sides',
    () => ids.filter((id) => !isOut(instance, id)),
    (missing) => missing.length === 0,
    { timeoutMs: 90_000 },
  );
  await instance.settled();
  for (const id of ids) {
    const written = (await instance.decisions(id)).filter((one) => one.written !== 'nothing');
    expect(written).toHaveLength(1);
  }
  await instance.stops();
}, 240_000);

const isOut = (instance: OptinInstance, id: string): boolean => {
  const { dynamics, campaign } = instance.sides(id);
  return dynamics === true && campaign === true;
};

/** Two more polls of each side bring no write. */
async function nothingMoves(instance: OptinInstance): Promise<void> {
  const before = instance.campaign.callCounts().total;
  instance.dynamics.resetCalls();
  await until(
    'more polls',
    () => instance.campaign.callCounts().total - before,
    (count) => count >= 2,
  );
  await instance.settled();
  expect(instance.dynamics.calls({ method: 'PATCH' })).toEqual([]);
}
