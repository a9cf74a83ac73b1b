import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@landbridge/testing';
import { safeguardsOf } from '../src/safeguards.ts';
import { startWorld, type World } from '../src/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({ services: ['ingress'], ingressReplicas: 2 });
}, 300_000);
afterAll(async () => world[Symbol.asyncDispose](), 60_000);

test('a day that is spent in the middle of a load stops the calls and nothing else', async () => {
  const instance = await world.instance({ dynamics: { contacts: 500 } });
  const { campaign } = instance;
  const safeguards = safeguardsOf(world, instance);
  await safeguards.sets({ limits: { campaign: { callsPerDay: 300 } } });
  await instance.starts();
  const { conditions } = await until(
    'the budget to be spent, and the rest to wait in a run that goes on',
    async () => ({ ...(await instance.view()), written: campaign.profileCount() }),
    ({ conditions: told, status, backlog, written }) =>
      told.some(({ type }) => type === 'BudgetSpent') &&
      status === 'RUNNING' &&
      backlog > 0 &&
      written > 250,
    { timeoutMs: 90_000, everyMs: 100 },
  );
  expect(conditions.find(({ type }) => type === 'BudgetSpent')?.message).toMatch(
    /the day's 300 calls to Campaign are spent; it goes on by itself at \d{4}-\d\d-\d\dT00:00:00/,
  );
  expect(campaign.profileCount()).toBeLessThanOrEqual(300);
  expect((await safeguards.budget()).campaign).toEqual({
    spentToday: 300,
    callsPerDay: 300,
    left: 0,
  });
  await world.landbridge.ingress[0]?.kill();
  await instance.until({ status: 'RUNNING' });
  expect(campaign.profileCount()).toBeLessThanOrEqual(300);

  await instance.stops();
  await instance.until({ status: 'STOPPED' });
  await safeguards.sets({ limits: { campaign: { callsPerDay: 5_000 } } });
  await instance.starts();
  await instance.untilSettled(500);
  expect(campaign.duplicates()).toEqual([]);
  const { spentToday } = (await safeguards.budget()).campaign;
  expect(spentToday).toBeGreaterThanOrEqual(500);
}, 300_000);
