import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { DataverseSimulator } from '@landbridge/simulators';
import { until } from '@landbridge/testing';
import { startWorld, type World } from '../src/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({ services: ['ingress'] });
}, 300_000);
afterAll(async () => world[Symbol.asyncDispose](), 60_000);

type Switches = Parameters<DataverseSimulator['setSwitches']>[0];

test.each<[string, Switches]>([
  ['400', { expiredTokenStatus: 400 }],
  ['410 without a code', { expiredTokenStatus: 410, expiredTokenCode: '' }],
])(
  'an expired delta link (%s) heals itself and finds what was deleted meanwhile',
  async (_answer, switches) => {
    const instance = await world.instance({ dynamics: { contacts: 250, switches } });
    const { dynamics, campaign } = instance;
    await instance.starts();
    await instance.untilSettled(250);
    await instance.stops();
    await instance.until({ status: 'STOPPED' });
    const gone = dynamics.contactIds({ top: 7 });
    for (const id of gone) dynamics.deleteContact(id);
    const born = dynamics.createContact({ lastname: 'Newcomer' });
    dynamics.expireDeltaTokens();
    await instance.starts();
    await instance.untilSettled(244);
    expect(gone.map((id) => campaign.profile(id))).toEqual(gone.map(() => null));
    expect(campaign.profile(born)).not.toBeNull();
  },
  180_000,
);

test('a profile that Landbridge did not write is never deleted', async () => {
  const instance = await world.instance({
    dynamics: { contacts: 30 },
    campaign: { profiles: 10 },
  });
  await instance.starts();
  await instance.untilSettled(40);
  instance.dynamics.deleteContact(instance.dynamics.contactIds({ top: 1 })[0] as string);
  instance.dynamics.expireDeltaTokens();
  await instance.untilSettled(39);
}, 120_000);

test('when Dynamics answers with no rows at all, nothing is deleted', async () => {
  const instance = await world.instance({ dynamics: { contacts: 40 } });
  const { dynamics, campaign } = instance;
  await instance.starts();
  await instance.untilSettled(40);
  const empty = JSON.stringify({
    '@odata.context': 'x',
    value: [],
    '@odata.deltaLink': dynamics.url,
  });
  dynamics.addFault({
    path: 'contacts',
    fault: { kind: 'status', status: 200, body: empty, contentType: 'application/json' },
  });
  await until(
    'several readings to have come back empty',
    () => dynamics.faults()[0]?.met ?? 0,
    (met) => met >= 5,
  );
  expect(campaign.profileCount()).toBe(40);
  dynamics.clearFaults();
  const born = dynamics.createContact({ lastname: 'After the mishap' });
  await until(
    'the next contact to arrive all the same',
    () => campaign.profile(born),
    (profile) => profile !== null,
    { timeoutMs: 60_000 },
  );
  expect(campaign.profileCount()).toBe(41);
}, 180_000);
