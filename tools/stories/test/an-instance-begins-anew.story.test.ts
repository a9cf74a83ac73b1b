import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startCampaign } from '@landbridge/simulators';
import { until } from '@landbridge/testing';
import { deedsOn } from '../src/deeds.ts';
import { questionsAbout } from '../src/record-questions.ts';
import { startWorld, type World } from '../src/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({ services: ['ingress'] });
}, 120_000);
afterAll(async () => world[Symbol.asyncDispose](), 60_000);

test('an instance that is removed and made again at once shows nothing of the removed one, and loads all', async () => {
  const instance = await world.instance({ dynamics: { contacts: 40 } });
  const { dynamics, campaign, name } = instance;
  const { letters, replays } = deedsOn(world, instance);
  const { verify, untilPhase, verification } = questionsAbout(world, instance);
  const { api } = world.landbridge;
  const poison = dynamics.createContact({ firstname: 'x'.repeat(45) });
  await instance.starts();
  await instance.untilSettled(40);
  await until('the dead letter', letters, (found) => found.length === 1);
  await verify();
  await untilPhase('done');
  await replays();
  // What changes now cannot be written, and is left queued.
  campaign.addFault({ call: ['insert', 'update'], fault: { kind: 'status', status: 503 } });
  for (let count = 1; count <= 5; count += 1)
    dynamics.createContact({ firstname: `Late ${count}` });
  await until(
    'a backlog',
    () => instance.view(),
    ({ backlog }) => backlog > 0,
    { timeoutMs: 60_000 },
  );
  await instance.stops();
  expect((await instance.until({ status: 'STOPPED' })).backlog).toBeGreaterThan(0);

  await api.request('DELETE', `/instances/${name}`);
  await api.request('PUT', `/instances/${name}`, { body: { name, production: false } });
  expect(await instance.view()).toMatchObject({
    status: 'STOPPED',
    backlog: 0,
    replays: [],
    tables: [],
    runId: null,
    since: null,
    figures: { read: 0, written: 0, dead: 0, calls: { dynamics: 0, campaign: 0 } },
  });
  expect(await letters()).toEqual([]);
  await expect(verification()).rejects.toMatchObject({ problem: { status: 404 } });
  for (const question of ['runs', 'throughput']) {
    expect(await instance.get(`/workflows/ingress/${question}`)).toMatchObject({ items: [] });
  }

  // Within the two minutes in which JetStream takes the same record for one that it has.
  dynamics.deleteContact(poison);
  await using elsewhere = await startCampaign({ seed: 99 });
  const connections = `/instances/${name}/connections`;
  await api.request('PUT', `${connections}/dynamics`, { body: dynamics.connection });
  await api.request('PUT', `${connections}/campaign`, { body: elsewhere.connection });
  await instance.starts();
  await until(
    'every contact to arrive in the other Campaign',
    async () => ({ there: elsewhere.profileCount(), backlog: (await instance.view()).backlog }),
    ({ there, backlog }) => there === 45 && backlog === 0,
    { timeoutMs: 90_000 },
  );
  expect(elsewhere.duplicates()).toEqual([]);
}, 240_000);
