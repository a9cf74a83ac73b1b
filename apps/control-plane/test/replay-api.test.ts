import { expect, test } from '@jest/globals';
import { CampaignUnreachable } from '@landbridge/campaign';
import { DEMO, INGRESS, openAppWorld, type AppWorld } from './app-world.ts';
import { CONTACT } from './fake-clients.ts';

const URL = `${INGRESS}/mappings/contact/replay`;
const ID = '60c4e274-0000-4000-8000-00000000000a';

async function openWorld(contacts: number): Promise<AppWorld> {
  const world = await openAppWorld();
  await world.connect();
  world.systems.dynamics.totalCount = async () => ({ value: contacts, calls: 1 });
  world.systems.dynamics.countTo5000 = async () => ({ value: contacts, calls: 1 });
  return world;
}

test('a replay is answered with what it will cost, and can be taken back once', async () => {
  await using world = await openWorld(600);
  const answer = await world.call('POST', URL);
  expect(answer.statusCode).toBe(202);
  expect(answer.json()).toEqual({
    table: 'contact',
    waits: true,
    requestedAt: expect.any(String),
    by: expect.any(String),
    records: 600,
    recordsAre: 'counted',
    calls: { dynamics: 5, campaign: 600 },
    budget: {
      dynamics: {
        calls: 5,
        callsBeside: 0,
        callsPerDay: null,
        callsLeftToday: null,
        finishesOn: '2026-11-24',
      },
      campaign: {
        calls: 600,
        callsBeside: 0,
        callsPerDay: null,
        callsLeftToday: null,
        finishesOn: '2026-11-24',
      },
      finishesOn: '2026-11-24',
      message: 'No budget bounds it.',
    },
  });
  expect((await world.call('DELETE', URL)).statusCode).toBe(204);
  expect((await world.call('DELETE', URL)).statusCode).toBe(404);
});

test('a replay is set against the saved budget less what today has spent, with those that wait beside it', async () => {
  await using world = await openWorld(600);
  const settings = `${DEMO}/settings`;
  const payload = { limits: { campaign: { callsPerDay: 500 } } };
  await world.call('PUT', settings, { payload, headers: { 'if-match': '"0"' } });
  const { workflows } = world.fake.controlPlane;
  const get = workflows.get.bind(workflows);
  const waits = { requestedAt: '2026-11-24T16:00:00.000Z', by: 'Ann', withdrawable: true };
  workflows.get = async (key) => ({
    ...(await get(key)),
    replays: [
      { table: 'account', ...waits },
      { table: 'contact', ...waits },
    ],
  });
  const account = { ...CONTACT, table: 'account' };
  world.systems.dynamics.table = async (table) => ({
    value: table === 'account' ? account : CONTACT,
    calls: 1,
  });
  // 7 are spent, as the fake has it: 493 today, 500 on each of the days after it.
  const forecast = await world.call('GET', `${URL}/forecast`);
  expect(forecast.json()).toMatchObject({
    records: 600,
    budget: {
      campaign: { calls: 600, callsBeside: 600, callsPerDay: 500, callsLeftToday: 493 },
      finishesOn: '2026-11-26',
    },
  });
  expect((await world.call('POST', URL)).json()).toMatchObject({
    budget: { campaign: { callsBeside: 600 }, finishesOn: '2026-11-26' },
  });
  // What is chosen now is written by the run that is on, with its own bound.
  const chosen = await world.call('POST', URL, { payload: { ids: [ID] } });
  expect(chosen.json()).toMatchObject({
    recordsAre: 'counted',
    budget: {
      dynamics: { calls: 1, callsLeftToday: 60 },
      campaign: { callsLeftToday: null, callsBeside: 0 },
      finishesOn: '2026-11-24',
    },
  });
  const other = `${INGRESS}/mappings/lead/replay/forecast`;
  expect((await world.call('GET', other)).statusCode).toBe(404);
});

test('where only a filter finds the records, each costs a look-up more', async () => {
  await using world = await openWorld(600);
  const filter = { filter: 'byExternalId', parameter: 'externalId_parameter' };
  world.systems.campaign.probeAddressing = async () => ({ value: filter, calls: 2 });
  const calls = { dynamics: 5, campaign: 1_200 };
  expect((await world.call('GET', `${URL}/forecast`)).json()).toMatchObject({ calls });
  expect((await world.call('POST', URL)).json()).toMatchObject({
    calls,
    budget: { campaign: { calls: 1_200 } },
  });
  const payload = { ids: [ID] };
  expect((await world.call('POST', URL, { payload })).json()).toMatchObject({
    calls: { campaign: 2 },
  });
});

test('a record that came a moment ago is counted', async () => {
  await using world = await openWorld(600);
  const forecast = async () =>
    (await world.call('GET', `${URL}/forecast`)).json<{ records: number }>().records;
  expect(await forecast()).toBe(600);
  const { dynamics } = world.systems;
  dynamics.totalCount = async () => ({ value: 601, calls: 1 });
  dynamics.countTo5000 = async () => ({ value: 601, calls: 1 });
  expect(await forecast()).toBe(601);
  expect((await world.call('POST', URL)).json()).toMatchObject({ records: 601 });
});

test('while Campaign cannot be asked, a replay is told at its most', async () => {
  await using world = await openWorld(600);
  world.systems.campaign.probeAddressing = async () => {
    throw new CampaignUnreachable({ method: 'GET', path: 'profile' }, 'timeout');
  };
  const answer = await world.call('POST', URL);
  expect(answer.statusCode).toBe(202);
  expect(answer.json()).toMatchObject({ calls: { campaign: 1_200 } });
});

test('past a guardrail a replay is refused with its name and number', async () => {
  await using world = await openWorld(1_000);
  const answer = await world.call('POST', URL);
  expect(answer.statusCode).toBe(409);
  expect(answer.json()).toMatchObject({
    type: '/problems/guardrail-exceeded',
    detail:
      'The table contact holds 1000 records; from 1000 on (replayRecordsMax) nothing is replayed.',
  });
});

test.each([
  [{ ids: [ID.toUpperCase(), ID] }, { ids: [ID, ID] }, { records: 1 }],
  [
    { filter: { dynamics: 'lastname', is: 'beginsWith', value: 'A' } },
    undefined,
    { records: 600, calls: { dynamics: 1, campaign: 600 } },
  ],
  [{ changedSince: '2026-11-24T10:00:00+08:00' }, undefined, { records: 600 }],
])('records chosen by %j are written again now', async (payload, selection, expected) => {
  await using world = await openWorld(600);
  const answer = await world.call('POST', URL, { payload });
  expect(answer.statusCode).toBe(202);
  expect(answer.json()).toMatchObject({ table: 'contact', waits: false, ...expected });
  expect(world.fake.asked).toEqual([{ table: 'contact', selection: selection ?? payload }]);
});

test.each([
  [{}, 400],
  [{ ids: [] }, 400],
  [{ ids: ['no id'] }, 400],
  [{ ids: [ID], changedSince: '2026-11-24T10:00:00Z' }, 400],
  [{ changedSince: 'yesterday' }, 400],
  [{ filter: { dynamics: 'shoesize', is: 'eq', value: 1 } }, 422],
])('a choice of %j is refused with %d and nothing is asked', async (payload, status) => {
  await using world = await openWorld(600);
  const answer = await world.call('POST', URL, { payload });
  expect(answer.statusCode).toBe(status);
  expect(world.fake.asked).toEqual([]);
});

test('an empty choice is told what it could be', async () => {
  await using world = await openWorld(600);
  const answer = await world.call('POST', URL, { payload: {} });
  expect(answer.json()).toMatchObject({
    errors: [{ pointer: '', message: 'needs ids, or filter, or changedSince' }],
  });
});

test('without a connection to count with, there is no replay', async () => {
  await using world = await openAppWorld();
  await world.call('PUT', DEMO, { payload: { name: 'Demo', production: false } });
  const answer = await world.call('POST', URL);
  expect(answer.json()).toMatchObject({ status: 409, type: '/problems/connection-missing' });
});
