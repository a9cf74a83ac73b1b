import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@landbridge/testing';
import { startWorld, type World } from '../src/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({ services: ['ingress'], ingressReplicas: 2 });
}, 300_000);
afterAll(async () => world[Symbol.asyncDispose](), 60_000);

test('kill -9 of ingress in the middle of a load loses no contact and doubles none', async () => {
  const instance = await world.instance({ dynamics: { contacts: 1_500 } });
  await instance.starts();
  for (const [index, afterWritten] of [200, 500, 900].entries()) {
    await until(
      `${afterWritten} profiles before the next kill`,
      () => instance.campaign.profileCount(),
      (count) => count >= afterWritten,
      { timeoutMs: 60_000, everyMs: 5 },
    );
    await world.landbridge.ingress[index % 2]?.kill();
  }
  await instance.untilSettled(1_500);
  await instance.until({ status: 'RUNNING' });
  expect(instance.campaign.duplicates()).toEqual([]);
  const there = new Set(instance.campaign.profiles().map((profile) => profile['externalId']));
  expect(instance.dynamics.contactIds().filter((id) => !there.has(id))).toEqual([]);
}, 300_000);

test.each(['nats', 'postgres', 'controlPlane'] as const)(
  'kill -9 of %s in the middle of a load loses no contact and doubles none',
  async (server) => {
    const instance = await world.instance({ dynamics: { contacts: 600 } });
    await instance.starts();
    await until(
      '150 profiles before the kill',
      () => instance.campaign.profileCount(),
      (count) => count >= 150,
      { timeoutMs: 60_000, everyMs: 5 },
    );
    await world.landbridge[server].kill();
    await instance.untilSettled(600);
    await instance.until({ status: 'RUNNING', backlog: 0 });
    expect(instance.campaign.duplicates()).toEqual([]);
  },
  300_000,
);

test('a lost reply makes no duplicate', async () => {
  const instance = await world.instance({ dynamics: { contacts: 200 } });
  instance.campaign.addFault({
    call: ['insert', 'update'],
    probability: 0.3,
    times: 60,
    fault: { kind: 'dropReply' },
  });
  await instance.starts();
  await instance.untilSettled(200);
  expect(instance.campaign.duplicates()).toEqual([]);
}, 120_000);

test('a lost reply makes no duplicate where Campaign knows no unique key either', async () => {
  const instance = await world.instance({ dynamics: { contacts: 100 } });
  instance.campaign.setKeys('profile', []);
  instance.campaign.setSwitches({ uriKey: 'pkeyError', externalIdIsKey: false });
  instance.campaign.addFault({
    call: ['insert', 'update'],
    probability: 0.3,
    times: 30,
    fault: { kind: 'dropReply' },
  });
  await instance.starts();
  await instance.untilSettled(100);
  expect(instance.campaign.duplicates()).toEqual([]);
}, 120_000);

test('storms of 429 and of server errors delay contacts and lose none', async () => {
  const instance = await world.instance({ dynamics: { contacts: 200 } });
  const storm = { call: ['insert', 'update'], probability: 0.3, times: 40 };
  instance.campaign.addFault({ ...storm, fault: { kind: 'throttle', retryAfterS: 1 } });
  instance.campaign.addFault({ ...storm, fault: { kind: 'status', status: 503 } });
  instance.campaign.addFault({ ...storm, fault: { kind: 'halfBody' } });
  instance.dynamics.addFault({
    times: 3,
    fault: { kind: 'throttle', retryAfterS: 1, retryAfterAs: 'date' },
  });
  await instance.starts();
  await instance.untilSettled(200);
  expect(instance.campaign.duplicates()).toEqual([]);
}, 180_000);
