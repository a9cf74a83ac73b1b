import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@landbridge/testing';
import {
  creates,
  deadLettersOf,
  family,
  linksOfCardinalityOne,
  savesLinkedTables,
} from '../src/linked-tables.ts';
import { deedsOn } from '../src/deeds.ts';
import { questionsAbout } from '../src/record-questions.ts';
import { startWorld, type World } from '../src/world.ts';

/** On a machine that does much else. */
const PATIENCE = { timeoutMs: 120_000 };

let world: World;
beforeAll(async () => {
  world = await startWorld({ services: ['ingress'], ingressReplicas: 2 });
}, 300_000);
afterAll(async () => world[Symbol.asyncDispose](), 60_000);

/** One vehicle of one contact of one account, in an instance where Campaign hides without parents. */
async function startFamily() {
  const instance = await world.instance();
  const { dynamics, campaign } = instance;
  linksOfCardinalityOne(campaign);
  await savesLinkedTables(world, instance);
  await instance.starts();
  await instance.until({ status: 'RUNNING' });
  const make = creates(dynamics);
  make.account(1);
  make.contact(1);
  make.vehicle(1);
  const { contact, vehicle } = family(1);
  const stored = () => campaign.record('cusVehicle', 'externalId', vehicle);
  await until('the vehicle to arrive', stored, (found) => found !== null, PATIENCE);
  await instance.until({ backlog: 0 });
  const tells = (method: 'PATCH' | 'DELETE', status: number) =>
    until(
      `a ${method} of the vehicle to be answered ${status}`,
      () => campaign.calls({ method, status }).map(({ key }) => key),
      (keys) => keys.includes(vehicle),
      PATIENCE,
    );
  return { instance, dynamics, campaign, contact, vehicle, stored, tells };
}

test('a vehicle that is deleted while Campaign hides it goes when its profile is there again', async () => {
  const { instance, dynamics, campaign, contact, vehicle, stored, tells } = await startFamily();
  campaign.deleteProfile(contact);
  dynamics.deleteRow('new_vehicle', vehicle);
  await tells('DELETE', 404);
  expect(stored()).not.toBeNull();
  await until(
    'the vehicle to wait for its profile',
    async () =>
      (await instance.view()).tables.find(({ table }) => table === 'new_vehicle')?.waiting,
    (waiting) => waiting === 1,
    PATIENCE,
  );
  await deedsOn(world, instance).replays({ ids: [contact] });
  await until(
    'the profile to be there again',
    () => campaign.profile(contact),
    (profile) => profile !== null,
    PATIENCE,
  );
  await tells('DELETE', 200);
  expect(stored()).toBeNull();
  await until(
    'nothing to wait any more',
    async () =>
      (await instance.view()).tables.find(({ table }) => table === 'new_vehicle')?.waiting,
    (waiting) => waiting === 0,
    PATIENCE,
  );
}, 400_000);

test('a contact whose account is emptied is hidden, and a person hears how to show it again', async () => {
  const { instance, dynamics, campaign, contact } = await startFamily();
  const { explain } = questionsAbout(world, instance);
  dynamics.changeRow('contact', contact, { parentcustomerid: null });
  await until(
    'the link to be emptied',
    () => campaign.profile(contact)?.['accountExternalId'],
    (to) => to === '',
    PATIENCE,
  );
  dynamics.changeRow('contact', contact, { lastname: 'Hidden' });
  const [letter] = await until(
    'the contact to be a dead letter',
    () => deadLettersOf(instance),
    (letters) => letters.length > 0,
    PATIENCE,
  );
  expect(letter).toMatchObject({ key: contact, reason: { code: 'hiddenByCampaign' } });
  expect(letter?.reason.message).toContain('accountExternalId');
  expect((await explain(contact)).summary).toContain('hides records for which it is empty');

  const join = {
    resource: 'cusAccount',
    attribute: 'externalId',
    cardinality: 'zeroOrOne',
  } as const;
  campaign.setJoin('profile', 'accountExternalId', join);
  await deedsOn(world, instance).retriesAll({ code: 'hiddenByCampaign' });
  await until(
    'the contact to be written',
    () => campaign.profile(contact)?.['lastName'],
    (name) => name === 'Hidden',
    PATIENCE,
  );
  expect((await explain(contact)).verdict.kind).toBe('inStep');
}, 400_000);
