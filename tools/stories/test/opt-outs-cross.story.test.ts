import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@landbridge/testing';
import type { OptinSettings } from '../src/optin-instance.ts';
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
/** Cheaper than `until` where both sides are asked anyway. */
const held = async (look: () => unknown, wanted: unknown) =>
  until('both sides to hold it', look, (seen) => JSON.stringify(seen) === JSON.stringify(wanted));

test('an opt-out crosses in either direction, is told once, and comes back as no change', async () => {
  const instance = await world.instance({ dynamics: { contacts: 12 } });
  const ids = instance.profilesForAll();
  const [inDynamics = '', inCampaign = ''] = ids;
  await instance.starts(POLLED);
  instance.dynamics.changeContact(inDynamics, { donotbulkemail: true });
  await held(() => instance.sides(inDynamics), { dynamics: true, campaign: true });
  instance.campaign.changeOptOut(inCampaign, 'blackListEmail', true);
  await held(() => instance.sides(inCampaign), { dynamics: true, campaign: true });
  await instance.inStep();
  const [fromDynamics] = await instance.decisions(inDynamics);
  expect(fromDynamics).toMatchObject({
    attribute: 'denyListEmail',
    rule: 'dynamicsNewerOrEqual',
    winner: 'dynamics',
    written: 'campaign',
    value: true,
  });
  const [fromCampaign] = await instance.decisions(inCampaign);
  expect(fromCampaign).toMatchObject({ winner: 'campaign', written: 'dynamics', value: true });
  instance.dynamics.resetCalls();
  instance.campaign.resetCalls();
  // Three polls of both sides: nothing of what was written is looked at again.
  await until(
    'three more polls',
    () => instance.campaign.calls({ call: 'list' }).length + instance.campaign.callCounts().total,
    (count) => count >= 6,
  );
  expect(instance.dynamics.calls({ method: 'PATCH' })).toEqual([]);
  expect(instance.campaign.calls({ method: 'PATCH' })).toEqual([]);
  await instance.stops();
}, 120_000);
