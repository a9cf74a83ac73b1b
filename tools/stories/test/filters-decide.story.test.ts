import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@landbridge/testing';
import type { StoryInstance } from '../src/story-instance.ts';
import { startWorld, type World } from '../src/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({ services: ['ingress'], env: { LANDBRIDGE_METADATA_MS: '1000' } });
}, 300_000);
afterAll(async () => world[Symbol.asyncDispose](), 60_000);

const BERLIN = { dynamics: 'address1_city', is: 'eq', value: 'berlin' } as const;

/** Half of the contacts live in Berlin, and half do not; fewer than need a person to delete them. */
async function twoCities(): Promise<{ instance: StoryInstance; here: string[]; there: string[] }> {
  const instance = await world.instance({ dynamics: { contacts: 0 } });
  const bornIn = (city: string) =>
    Array.from({ length: 8 }, () => instance.dynamics.createContact({ address1_city: city }));
  return { instance, here: bornIn('Bérlin'), there: bornIn('Auckland') };
}

async function restarts(instance: StoryInstance): Promise<void> {
  await instance.stops();
  await instance.until({ status: 'STOPPED' });
  await instance.starts();
  await instance.until({ status: 'RUNNING', pendingEdit: false });
}

test('a filter edited so that half of the records leave and come back reaches records that never change', async () => {
  const { instance, here, there } = await twoCities();
  const { campaign } = instance;
  await instance.starts();
  await instance.untilSettled(16);

  await instance.edits((mapping) => ({ ...mapping, filter: BERLIN }));
  await restarts(instance);
  await until(
    'the half that does not pass to have been judged',
    () => instance.view(),
    ({ figures, backlog }) => backlog === 0 && (figures.skipped['filteredOut'] ?? 0) >= 8,
  );
  expect(campaign.profileCount()).toBe(16);

  campaign.resetCalls();
  await instance.edits((mapping) => ({ ...mapping, deleteFilteredOut: true }));
  await restarts(instance);
  await instance.untilSettled(8);
  expect(here.map((id) => campaign.profile(id) === null)).toEqual(here.map(() => false));
  expect(there.map((id) => campaign.profile(id))).toEqual(there.map(() => null));
  const { byCall } = campaign.callCounts();
  expect([byCall['insert'] ?? 0, byCall['update'] ?? 0]).toEqual([0, 0]);

  await instance.edits((mapping) => ({ ...mapping, filter: null }));
  await restarts(instance);
  await instance.untilSettled(16);
  expect(campaign.duplicates()).toEqual([]);
}, 180_000);

test('a column of the filter alone that disappears fails the run with its name, and mending it heals', async () => {
  const { instance, here } = await twoCities();
  await instance.edits((mapping) => ({
    ...mapping,
    fields: mapping.fields.filter(({ dynamics }) => dynamics !== 'address1_city'),
    filter: BERLIN,
  }));
  await instance.starts();
  await instance.untilSettled(here.length, 30_000);
  instance.dynamics.renameColumn('contact', 'address1_city', 'address1_town');
  const failed = await instance.until({ status: 'FAILED', failure: 'columnMissing' });
  expect(failed.failure).toMatchObject({ code: 'columnMissing', field: 'contact.address1_city' });
  instance.dynamics.renameColumn('contact', 'address1_town', 'address1_city');
  const born = instance.dynamics.createContact({ address1_city: 'Berlin' });
  await instance.starts();
  await instance.untilSettled(here.length + 1, 30_000);
  expect(instance.campaign.profile(born)).not.toBeNull();
}, 120_000);
