import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@landbridge/testing';
import {
  creates,
  deadLettersOf,
  family,
  inserted,
  savesLinkedTables,
} from '../src/linked-tables.ts';
import { questionsAbout } from '../src/record-questions.ts';
import type { StoryInstance } from '../src/story-instance.ts';
import { startWorld, type World } from '../src/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({ services: ['ingress'], ingressReplicas: 2 });
}, 300_000);
afterAll(async () => world[Symbol.asyncDispose](), 60_000);

const FILTERED = 1;
const MISSING = 2;
const DELETED = 3;
const REFUSED = 4;
const ALL = [FILTERED, MISSING, DELETED, REFUSED];
const LONG = 'Account 4, whose name is longer than Campaign has room for';

/** Why each record is a dead letter, by its key. */
async function codes(instance: StoryInstance): Promise<Map<string, string>> {
  const letters = await deadLettersOf(instance);
  return new Map(letters.map(({ key, reason }) => [key, reason.code]));
}

test('what is dead for want of its parent goes by itself when that comes after all', async () => {
  const instance = await world.instance();
  const { dynamics, campaign } = instance;
  campaign.setAttributeLength('cusAccount', 'AccountName', 40);
  await savesLinkedTables(world, instance, {
    account: { filter: { dynamics: 'name', is: 'ne', value: 'Account 1' } },
  });
  await instance.starts();
  await instance.until({ status: 'RUNNING' });
  const make = creates(dynamics);
  const accounts = () => campaign.recordCount('cusAccount');
  make.account(DELETED);
  await until('the account that will be deleted to arrive', accounts, (count) => count === 1, {
    timeoutMs: 60_000,
  });
  dynamics.deleteRow('account', family(DELETED).account);
  await until('the account to be gone', accounts, (count) => count === 0, {
    timeoutMs: 60_000,
  });
  make.account(FILTERED);
  dynamics.createRow('account', { accountid: family(REFUSED).account, name: LONG });
  for (const index of ALL) {
    make.contact(index);
    make.vehicle(index);
  }
  const dead = await until(
    'every contact and every vehicle to be a dead letter',
    () => codes(instance),
    (found) =>
      ALL.every((index) => found.has(family(index).contact) && found.has(family(index).vehicle)),
    { timeoutMs: 120_000 },
  );
  expect(ALL.map((index) => dead.get(family(index).contact))).toEqual([
    'parentFilteredOut',
    'parentMissing',
    'parentDeleted',
    'parentRejected',
  ]);
  expect(campaign.profileCount() + campaign.recordCount('cusVehicle')).toBe(0);
  const letters = await deadLettersOf(instance);

  dynamics.changeRow('account', family(FILTERED).account, { name: 'Contoso' });
  make.account(MISSING);
  make.account(DELETED);
  dynamics.changeRow('account', family(REFUSED).account, { name: 'Account 4' });
  await world.landbridge.ingress[0]?.kill();

  await until(
    'every family to be in Campaign',
    () => [accounts(), campaign.profileCount(), campaign.recordCount('cusVehicle')],
    (counts) => counts.every((count) => count === ALL.length),
    { timeoutMs: 180_000 },
  );
  const order = inserted(campaign);
  for (const { account, contact, vehicle } of ALL.map(family)) {
    expect(order.lastIndexOf(account)).toBeLessThan(order.indexOf(contact));
    expect(order.indexOf(contact)).toBeLessThan(order.indexOf(vehicle));
  }
  // What was refused for its own sake waits for a person; what followed from it does not.
  const left = await until(
    'the letters of the families to be closed',
    () => codes(instance),
    (found) => found.size <= 1,
    { timeoutMs: 60_000 },
  );
  expect([...left.keys()]).toEqual([family(REFUSED).account]);
  const { contact } = family(MISSING);
  const letter = letters.find(({ key }) => key === contact);
  const path = `/instances/${instance.name}/workflows/ingress/dead-letters/${letter?.id}/retry`;
  const { body } = await world.landbridge.api.request('POST', path);
  expect(body).toMatchObject({ retried: 0 });
  const explained = await questionsAbout(world, instance).explain(contact);
  expect(explained.verdict).toMatchObject({ kind: 'inStep' });
}, 600_000);
