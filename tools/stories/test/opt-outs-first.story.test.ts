import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@landbridge/testing';
import type { OptinSettings } from '../src/optin-instance.ts';
import { type OptinWorld, startOptinWorld } from '../src/optin-world.ts';

let world: OptinWorld;
beforeAll(async () => {
  // One partition: whatever goes before an opt-out would be in its way.
  world = await startOptinWorld({ LANDBRIDGE_PARTITIONS: '1' });
}, 300_000);
afterAll(async () => world[Symbol.asyncDispose](), 60_000);

const FROM_CAMPAIGN: OptinSettings = {
  direction: 'campaign-to-dynamics',
  source: 'poll',
  mappings: [{ dynamics: 'donotbulkemail', campaign: 'denyListEmail' }],
  poll: { everySeconds: 1 },
};
const AGE = /landbridge_optout_oldest_unwritten_seconds\{[^}]*\} ([\d.]+)/;

test('an opt-out is written first when Dynamics takes writes again', async () => {
  const instance = await world.instance({ dynamics: { contacts: 12 } });
  const ids = instance.profilesForAll();
  const [out = '', ...optIns] = ids;
  for (const id of optIns) {
    instance.dynamics.changeContact(id, { donotbulkemail: true });
    instance.campaign.changeOptOut(id, 'blackListEmail', true);
  }
  await instance.starts(FROM_CAMPAIGN);
  await until(
    'the first poll',
    () => instance.campaign.callCounts().total,
    (count) => count > 15,
  );
  await instance.settled();
  const fault = instance.dynamics.addFault({
    method: 'PATCH',
    fault: { kind: 'throttle', retryAfterS: 1 },
  });
  for (const id of optIns) instance.campaign.changeOptOut(id, 'blackListEmail', false);
  instance.campaign.changeOptOut(out, 'blackListEmail', true);
  const age = async () => Number(AGE.exec(await world.metrics())?.[1] ?? 0);
  await until('the opt-out’s age to be told', age, (seconds) => seconds > 5, {
    timeoutMs: 60_000,
  });
  instance.dynamics.resetCalls();
  instance.dynamics.removeFault(fault);
  await instance.inStep();
  const written = instance.dynamics
    .calls({ method: 'PATCH' })
    .filter(({ status }) => status === 200)
    .map(({ key }) => key);
  expect(written[0]).toBe(out);
  expect(written).toHaveLength(ids.length);
  await until('nothing to be waited for', age, (seconds) => seconds === 0);
  await instance.stops();
}, 180_000);
