import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@landbridge/testing';
import { type StoryInstance } from '../src/story-instance.ts';
import { startWorld, type World } from '../src/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({ services: ['ingress'] });
}, 300_000);
afterAll(async () => world[Symbol.asyncDispose](), 60_000);

/** The calls that wrote, by verb; the log of the simulator is the judge, not our own figures. */
function engineCalls({ campaign }: StoryInstance): {
  insert: number;
  update: number;
  delete: number;
} {
  const { byCall } = campaign.callCounts();
  return {
    insert: byCall['insert'] ?? 0,
    update: byCall['update'] ?? 0,
    delete: byCall['delete'] ?? 0,
  };
}

test('5,000 contacts cross, then only what changes, at one engine call each', async () => {
  const instance = await world.instance({ dynamics: { contacts: 5_000 } });
  const { dynamics, campaign } = instance;
  await instance.starts();
  await instance.until({ status: 'RUNNING' });
  await instance.untilSettled(5_000);
  expect(campaign.profileCount()).toBe(5_000);
  expect(campaign.duplicates()).toEqual([]);
  expect(engineCalls(instance)).toEqual({ insert: 5_000, update: 0, delete: 0 });

  campaign.resetCalls();
  const [changed, deleted, untouched] = dynamics.contactIds({ top: 3 }) as [string, string, string];
  dynamics.changeContact(changed, { emailaddress1: 'new.address@example.com' });
  dynamics.changeContact(untouched, { description: 'no mapping reads this' });
  dynamics.deleteContact(deleted);
  const created = dynamics.createContact({ firstname: 'Ada', lastname: 'Lovelace' });
  await until(
    'the change, the deletion and the new contact to arrive',
    () => ({
      changed: campaign.profile(changed)?.['email'],
      deleted: campaign.profile(deleted),
      created: campaign.profile(created)?.['firstName'],
    }),
    (seen) =>
      seen.changed === 'new.address@example.com' && seen.deleted === null && seen.created === 'Ada',
  );
  await instance.until({ backlog: 0 });
  expect(engineCalls(instance)).toEqual({ insert: 1, update: 1, delete: 1 });

  const { figures } = await until(
    'the figures to agree with the log of calls',
    () => instance.view(),
    (view) => view.figures.written === 5_003,
  );
  expect(figures.calls.campaign).toBeGreaterThanOrEqual(5_003);
  expect(figures.dead).toBe(0);
}, 300_000);

// How soon is for the bench to say (`change-to-visible`): here the machine does much else.
test('a contact changed in Dynamics shows in Campaign by itself', async () => {
  const instance = await world.instance({ dynamics: { contacts: 20 } });
  await instance.starts();
  await instance.untilSettled(20);
  const [id] = instance.dynamics.contactIds({ top: 1 }) as [string];
  instance.dynamics.changeContact(id, { address1_city: 'Keelung' });
  await until(
    'the new city to arrive',
    () => instance.campaign.profile(id)?.['location'],
    (location) => JSON.stringify(location).includes('Keelung'),
  );
}, 120_000);

test('a full read of what was written before costs no engine call', async () => {
  const instance = await world.instance({ dynamics: { contacts: 300 } });
  await instance.starts();
  await instance.untilSettled(300);
  instance.campaign.resetCalls();
  instance.dynamics.resetCalls();
  instance.dynamics.expireDeltaTokens();
  await until(
    'the expired token to lead to a full read',
    () => instance.get('/workflows/ingress/history'),
    (history) => JSON.stringify(history).includes('CursorReset'),
  );
  await until(
    'every contact to be read and skipped as unchanged',
    () => instance.view(),
    (view) => (view.figures.skipped['unchanged'] ?? 0) >= 300 && view.backlog === 0,
  );
  expect(engineCalls(instance)).toEqual({ insert: 0, update: 0, delete: 0 });
}, 120_000);
