import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@landbridge/testing';
import { startWorld, type World } from '../src/world.ts';

/** On the oldest nats-server that Landbridge supports, and with three replicas. */
let world: World;
beforeAll(async () => {
  world = await startWorld({ services: ['ingress'], ingressReplicas: 3, natsServer: 'floor' });
}, 300_000);
afterAll(async () => world[Symbol.asyncDispose](), 60_000);

test('changes to one contact land in order, however many replicas run and die', async () => {
  const instance = await world.instance({ dynamics: { contacts: 40 } });
  const { dynamics, campaign } = instance;
  await instance.starts();
  await instance.untilSettled(40);
  campaign.addFault({ probability: 0.2, times: 60, fault: { kind: 'status', status: 503 } });
  const ids = dynamics.contactIds({ top: 10 });
  for (let round = 1; round <= 8; round += 1) {
    for (const id of ids) dynamics.changeContact(id, { lastname: `Round ${round}` });
    if (round === 4) await world.landbridge.ingress[1]?.kill();
    const calls = dynamics.callCounts().total;
    await until(
      'the change to have been read',
      () => dynamics.callCounts().total,
      (count) => count > calls + 1,
    );
  }
  await until(
    'the last round to be what Campaign holds',
    () => ids.map((id) => campaign.profile(id)?.['lastName']),
    (names) => names.every((name) => name === 'Round 8'),
    { timeoutMs: 60_000 },
  );
  await instance.until({ backlog: 0 });
  expect(ids.map((id) => campaign.profile(id)?.['lastName'])).toEqual(ids.map(() => 'Round 8'));
}, 180_000);

test('records are addressed by a filter where Campaign knows no key in the URI', async () => {
  const instance = await world.instance({
    dynamics: { contacts: 30 },
    campaign: { switches: { uriKey: 'pkeyError' } },
  });
  const { dynamics, campaign } = instance;
  await instance.starts();
  await instance.untilSettled(30);
  const [changed, deleted] = dynamics.contactIds({ top: 2 }) as [string, string];
  dynamics.changeContact(changed, { lastname: 'Filtered' });
  dynamics.deleteContact(deleted);
  await until(
    'the change and the deletion to arrive',
    () => [campaign.profile(changed)?.['lastName'], campaign.profile(deleted)],
    ([name, gone]) => name === 'Filtered' && gone === null,
  );
  expect(campaign.duplicates()).toEqual([]);
}, 120_000);
