import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { INGRESS, openAppWorld, type AppWorld } from './app-world.ts';

const HELD = `${INGRESS}/mappings/contact/held-deletes`;

let world: AppWorld;
beforeAll(async () => {
  world = await openAppWorld();
  await world.connect();
});
afterAll(async () => world[Symbol.asyncDispose]());

test('deletes that wait are shown, decided of once, and then there is nothing to decide', async () => {
  const shown = await world.call('GET', HELD);
  expect([shown.statusCode, shown.json()]).toMatchObject([200, { table: 'contact', count: 12 }]);
  const approved = await world.call('POST', `${HELD}/approve`, { payload: { note: 'a clean-up' } });
  expect([approved.statusCode, approved.json()]).toMatchObject([
    202,
    { count: 0, decision: 'approve' },
  ]);
  const again = await world.call('POST', `${HELD}/discard`);
  expect(again.statusCode).toBe(409);
  expect(again.json()).toMatchObject({ type: '/problems/command-refused' });
});

test('what does not fit is refused', async () => {
  const other = `${INGRESS}/mappings/account/held-deletes`;
  expect((await world.call('GET', other)).statusCode).toBe(404);
  for (const payload of [{ note: '' }, { note: 7 }, { reason: 'x' }]) {
    expect((await world.call('POST', `${HELD}/approve`, { payload })).statusCode).toBe(400);
  }
});

test('the budget says of each system what is spent today, and what is left', async () => {
  const instance = INGRESS.slice(0, INGRESS.indexOf('/workflows'));
  expect((await world.call('GET', `${instance}/budget`)).json()).toEqual({
    day: '2026-11-24',
    resumesAt: '2026-11-25T00:00:00.000Z',
    dynamics: { spentToday: 40, callsPerDay: 100, left: 60 },
    campaign: { spentToday: 7, callsPerDay: null, left: null },
  });
});
