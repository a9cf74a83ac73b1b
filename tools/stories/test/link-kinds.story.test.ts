import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@landbridge/testing';
import {
  creates,
  family,
  linksOfCardinalityOne,
  makesLink,
  savesLinkedTables,
} from '../src/linked-tables.ts';
import { safeguardsOf } from '../src/safeguards.ts';
import { startWorld, type World } from '../src/world.ts';

/** On a machine that does much else. */
const PATIENCE = { timeoutMs: 90_000 };

let world: World;
beforeAll(async () => {
  world = await startWorld({ services: ['ingress'], ingressReplicas: 2 });
}, 300_000);
afterAll(async () => world[Symbol.asyncDispose](), 60_000);

test.each([
  ['column', 'one'],
  ['column', 'zeroOrOne'],
  ['key', 'one'],
  ['key', 'zeroOrOne'],
] as const)(
  'a link by %s of cardinality %s waits, moves, and goes in its order',
  async (by, cardinality) => {
    const instance = await world.instance();
    const { dynamics, campaign } = instance;
    const link = makesLink(campaign, by, cardinality);
    await savesLinkedTables(world, instance, { contact: { links: [link] } });
    await instance.starts();
    await instance.until({ status: 'RUNNING' });
    const make = creates(dynamics);
    const [first, second] = [family(1), family(2)];
    const linkedTo = () => {
      const held = campaign.profile(first.contact)?.[link.campaign];
      return typeof held === 'object' && held !== null ? held['PKey'] : held;
    };
    make.contact(1);
    await until(
      'the contact to wait',
      async () => (await instance.view()).tables.find(({ table }) => table === 'contact')?.waiting,
      (waiting) => waiting === 1,
    );
    expect(campaign.profileCount()).toBe(0);
    make.account(1);
    await until(
      'the contact to refer to its account',
      linkedTo,
      (to) => to === first.account,
      PATIENCE,
    );

    make.account(2);
    dynamics.changeRow('contact', first.contact, { parentcustomerid: `account:${second.account}` });
    await until(
      'the contact to refer to the other one',
      linkedTo,
      (to) => to === second.account,
      PATIENCE,
    );

    const mark = campaign.calls().at(-1)?.n ?? 0;
    dynamics.deleteRow('account', second.account);
    dynamics.deleteRow('contact', first.contact);
    dynamics.deleteRow('account', first.account);
    await until(
      'all of them to be gone',
      () => campaign.profileCount() + campaign.recordCount('cusAccount'),
      (count) => count === 0,
      { timeoutMs: 90_000 },
    );
    const gone = campaign
      .calls({ after: mark, method: 'DELETE', status: 200 })
      .map(({ key }) => key);
    expect(gone.indexOf(first.contact)).toBeLessThan(gone.indexOf(second.account));
  },
  200_000,
);

test.each([
  ['key', true],
  ['column', false],
] as const)(
  'of a parent that is made again, a child by %s is written again: %s',
  async (by, isAgain) => {
    const instance = await world.instance();
    const { dynamics, campaign } = instance;
    const link = makesLink(campaign, by, 'zeroOrOne');
    await savesLinkedTables(world, instance, { contact: { links: [link] } });
    const make = creates(dynamics);
    for (const index of [1, 2]) {
      make.account(index);
      make.contact(index);
    }
    await instance.starts();
    await instance.untilSettled(2);
    const [{ account, contact }, other] = [family(1), family(2)];
    const mark = campaign.calls().at(-1)?.n ?? 0;
    campaign.deleteAllRecords('cusAccount');
    dynamics.changeRow('account', account, { name: 'Made again' });
    dynamics.changeRow('contact', other.contact, { lastname: 'Only to see that all is read' });
    const written = () =>
      campaign.calls({ after: mark, status: 200, method: 'PATCH' }).map(({ key }) => key);
    await until(
      'the account to be there again, and everything to be at rest',
      async () => ({ accounts: campaign.recordCount('cusAccount'), keys: written() }),
      ({ accounts, keys }) =>
        accounts === 1 && keys.includes(other.contact) && (!isAgain || keys.includes(contact)),
      PATIENCE,
    );
    await instance.until({ backlog: 0 });
    expect(written().includes(contact)).toBe(isAgain);
  },
  120_000,
);

test('a lookup that leads to one of two tables is a link to the one that it leads to', async () => {
  const instance = await world.instance();
  const { dynamics, campaign } = instance;
  const targets = ['account', 'contact'];
  dynamics.addColumn('new_vehicle', { name: 'new_customerid', type: 'customer', targets });
  const link = (to: string, attribute: string) =>
    ({ dynamics: 'new_customerid', campaign: attribute, to, by: 'column' }) as const;
  const links = [link('contact', 'ProfileExternalId'), link('account', 'AccountExternalId')];
  await savesLinkedTables(world, instance, { new_vehicle: { links } });
  await instance.starts();
  await instance.until({ status: 'RUNNING' });
  const { account, contact, vehicle } = family(1);
  const shown = () => {
    const held = campaign.record('cusVehicle', 'externalId', vehicle);
    return held === null ? null : [held['ProfileExternalId'], held['AccountExternalId']];
  };
  const values = { new_name: 'Vehicle 1', new_customerid: `contact:${contact}` };
  dynamics.createRow('new_vehicle', { new_vehicleid: vehicle, ...values });
  const make = creates(dynamics);
  make.account(1);
  await until(
    'the account to arrive',
    () => campaign.recordCount('cusAccount'),
    (count) => count === 1,
    PATIENCE,
  );
  expect(shown()).toBeNull();
  make.contact(1);
  await until('the vehicle of the contact', shown, (seen) => seen?.[0] === contact, PATIENCE);
  expect(shown()).toEqual([contact, '']);

  dynamics.changeRow('new_vehicle', vehicle, { new_customerid: `account:${account}` });
  await until('the vehicle of the account', shown, (seen) => seen?.[1] === account, PATIENCE);
  expect(shown()).toEqual(['', account]);
}, 400_000);

const ABOVE = { vehicle: ['contact', 'account'], contact: ['account'], account: [] } as const;

const RESOURCES = { vehicle: 'cusVehicle', contact: 'profile', account: 'cusAccount' } as const;

test('deletes that wait for a person go in the reverse order as well', async () => {
  const COUNT = 12;
  const instance = await world.instance();
  const { dynamics, campaign } = instance;
  linksOfCardinalityOne(campaign);
  await savesLinkedTables(world, instance);
  const guards = {
    account: safeguardsOf(world, instance, 'account'),
    contact: safeguardsOf(world, instance, 'contact'),
    vehicle: safeguardsOf(world, instance, 'new_vehicle'),
  };
  await guards.account.sets({ massDeletes: { unasked: 1, share: 0 } });
  const make = creates(dynamics);
  const families = Array.from({ length: COUNT }, (_, index) => family(index));
  for (const index of families.keys()) {
    make.account(index);
    make.contact(index);
    make.vehicle(index);
  }
  const there = {
    account: () => campaign.recordCount('cusAccount'),
    contact: () => campaign.profileCount(),
    vehicle: () => campaign.recordCount('cusVehicle'),
  };
  await instance.starts();
  await until('every vehicle to arrive', there.vehicle, (count) => count === COUNT, PATIENCE);
  const mark = campaign.calls().at(-1)?.n ?? 0;
  for (const { account } of families) dynamics.deleteRow('account', account);
  for (const { contact } of families) dynamics.deleteRow('contact', contact);
  for (const { vehicle } of families) dynamics.deleteRow('new_vehicle', vehicle);

  for (const kind of ['vehicle', 'contact', 'account'] as const) {
    const { held } = await until(
      `the deletes of every ${kind} to be done or to wait`,
      async () => ({ held: (await guards[kind].held()).count, left: there[kind]() }),
      ({ held: waiting, left }) => waiting > 0 && waiting === left,
      { timeoutMs: 150_000, everyMs: 200 },
    );
    expect(held).toBeGreaterThanOrEqual(COUNT - 3);
    // Nobody is asked of a record yet to which others refer; the few that went unasked left theirs free.
    for (const above of ABOVE[kind]) {
      const asked = (await guards[above].held()).sample.map(({ key }) => key);
      const referredTo = families.filter((one) =>
        campaign.record(RESOURCES[kind], 'externalId', one[kind]),
      );
      expect(asked.filter((key) => referredTo.some((one) => one[above] === key))).toEqual([]);
    }
    await guards[kind].decides('approve', `every ${kind} may go`);
    await until(`every ${kind} to be gone`, there[kind], (count) => count === 0, {
      timeoutMs: 150_000,
    });
  }
  const gone = campaign.calls({ after: mark, method: 'DELETE', status: 200 }).map(({ key }) => key);
  expect(gone).toHaveLength(3 * COUNT);
  for (const { account, contact, vehicle } of families) {
    expect(gone.indexOf(vehicle)).toBeLessThan(gone.indexOf(contact));
    expect(gone.indexOf(contact)).toBeLessThan(gone.indexOf(account));
  }
}, 500_000);
