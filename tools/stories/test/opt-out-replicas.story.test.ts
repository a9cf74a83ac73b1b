import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@landbridge/testing';
import { type OptinWorld, startOptinWorld } from '../src/optin-world.ts';

let world: OptinWorld;
beforeAll(async () => {
  world = await startOptinWorld({}, 2);
}, 120_000);
afterAll(async () => world[Symbol.asyncDispose](), 60_000);

test('two replicas share the opt-outs, one of them dies, and each is written once', async () => {
  const instance = await world.instance({ dynamics: { contacts: 80 } });
  const ids = instance.profilesForAll();
  await instance.starts({
    direction: 'bidirectional',
    source: 'poll',
    mappings: [{ dynamics: 'donotbulkemail', campaign: 'denyListEmail' }],
    poll: { everySeconds: 1 },
  });
  const half = ids.length / 2;
  for (const id of ids.slice(0, half)) instance.campaign.changeOptOut(id, 'blackListEmail', true);
  await instance.inStep(120_000);
  const counts = await Promise.all([0, 1].map((nth) => world.recordCount('written', nth)));
  expect(Math.min(...counts)).toBeGreaterThan(0);
  for (const id of ids.slice(half)) instance.campaign.changeOptOut(id, 'blackListEmail', true);
  const outCount = () =>
    ids.filter((id) => instance.dynamics.contact(id)?.['donotbulkemail'] === true).length;
  await until('the first of the rest', outCount, (count) => count > half, {
    timeoutMs: 60_000,
    everyMs: 5,
  });
  await world.kill(1);
  await instance.inStep(120_000);
  expect(outCount()).toBe(ids.length);
  const written = instance.dynamics
    .calls({ method: 'PATCH' })
    .filter(({ status }) => status === 200)
    .map(({ key }) => key);
  expect(written.toSorted()).toEqual(ids.toSorted());
}, 300_000);
