import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { INGRESS, openAppWorld, type AppWorld } from './app-world.ts';

const VERIFY = `${INGRESS}/mappings/contact/verify`;

let world: AppWorld;
beforeAll(async () => {
  world = await openAppWorld();
  await world.connect();
  world.systems.dynamics.totalCount = async () => ({ value: 250_000, calls: 1 });
  world.systems.campaign.count = async () => ({ value: 260_000, calls: 2 });
});
afterAll(async () => world[Symbol.asyncDispose]());

test('a verification says what it will cost, is asked for, watched, called off and mended', async () => {
  const forecast = await world.call('GET', `${VERIFY}/forecast`);
  expect(forecast.json()).toMatchObject({
    recordCount: 250_000,
    recordsAre: 'estimated',
    campaignCount: 260_000,
    passCount: 2,
    calls: { dynamics: 101, campaign: 520 },
  });
  expect((await world.call('GET', VERIFY)).statusCode).toBe(404);
  expect((await world.call('DELETE', VERIFY)).statusCode).toBe(409);

  const asked = await world.call('POST', VERIFY, { payload: { rate: 500 } });
  expect([asked.statusCode, asked.json()]).toMatchObject([
    202,
    { table: 'contact', phase: 'waiting', rate: 500, repair: false, forecast: { passCount: 2 } },
  ]);
  expect((await world.call('POST', VERIFY)).statusCode).toBe(409);
  expect((await world.call('GET', VERIFY)).json()).toMatchObject({ phase: 'waiting' });
  expect((await world.call('POST', `${VERIFY}/repair`)).statusCode).toBe(409);

  expect((await world.call('DELETE', VERIFY)).json()).toMatchObject({ phase: 'cancelled' });
  expect((await world.call('DELETE', VERIFY)).statusCode).toBe(200);
  expect((await world.call('POST', VERIFY)).statusCode).toBe(202);
});

test('a table that is not mapped and a rate that is none are refused', async () => {
  const other = `${INGRESS}/mappings/account/verify`;
  expect((await world.call('POST', other)).statusCode).toBe(404);
  expect((await world.call('GET', `${other}/forecast`)).statusCode).toBe(404);
  for (const payload of [{ rate: 0 }, { rate: 'fast' }, { more: true }]) {
    expect((await world.call('POST', VERIFY, { payload })).statusCode).toBe(400);
  }
});
