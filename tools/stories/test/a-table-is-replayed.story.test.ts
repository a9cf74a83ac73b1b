import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@landbridge/testing';
import { deedsOn } from '../src/deeds.ts';
import type { StoryInstance } from '../src/story-instance.ts';
import { startWorld, type World } from '../src/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({ services: ['ingress'] });
}, 300_000);
afterAll(async () => world[Symbol.asyncDispose](), 60_000);

async function restarts(instance: StoryInstance): Promise<void> {
  await instance.stops();
  await instance.until({ status: 'STOPPED' });
  await instance.starts();
  await instance.until({ status: 'RUNNING', pendingEdit: false });
}

const untilNamed = (instance: StoryInstance, id: string, city: string) =>
  until(
    `${city} to arrive`,
    () => instance.campaign.profile(id)?.['firstName'],
    (seen) => seen === city,
    { timeoutMs: 60_000 },
  );

test('a replay puts right what was changed in Campaign, while records change, and deletions are found', async () => {
  const instance = await world.instance({ dynamics: { contacts: 300 } });
  const { dynamics, campaign } = instance;
  const { replays } = deedsOn(world, instance);
  await instance.starts();
  await instance.untilSettled(300);
  const [spoiled, changing, gone] = dynamics.contactIds({ top: 3 }) as [string, string, string];
  const answer = await replays();
  expect(answer).toMatchObject({ table: 'contact', waits: true, records: 300 });
  expect(answer.calls?.campaign).toBe(300);
  expect(await instance.until({ pendingEdit: true })).toMatchObject({
    replays: [{ table: 'contact', withdrawable: true }],
  });
  campaign.resetCalls();
  await instance.stops();
  await instance.until({ status: 'STOPPED' });
  dynamics.deleteContact(gone);
  dynamics.expireDeltaTokens();
  dynamics.changeContact(changing, { firstname: 'Before' });
  await instance.starts();
  dynamics.changeContact(changing, { firstname: 'During' });
  await untilNamed(instance, changing, 'During');
  await instance.untilSettled(299);
  await until(
    'every record to be written again',
    () => campaign.callCounts().byCall['update'] ?? 0,
    (count) => count >= 299,
  );
  expect(campaign.profile(gone)).toBeNull();
  expect(campaign.profile(spoiled)).not.toBeNull();
  expect(campaign.duplicates()).toEqual([]);
  expect(campaign.profile(changing)?.['firstName']).toBe('During');
  expect((await instance.view()).replays).toEqual([]);
}, 180_000);

test('a replay that was taken back costs nothing, and one is not begun twice', async () => {
  const instance = await world.instance({ dynamics: { contacts: 50 } });
  const { replays, takesReplayBack } = deedsOn(world, instance);
  await instance.starts();
  await instance.untilSettled(50);
  await replays();
  await instance.until({ pendingEdit: true });
  await takesReplayBack();
  await instance.until({ pendingEdit: false });
  instance.campaign.resetCalls();
  await restarts(instance);
  const born = instance.dynamics.createContact({ firstname: 'Afterwards' });
  await untilNamed(instance, born, 'Afterwards');
  expect(instance.campaign.callCounts().byCall['update'] ?? 0).toBe(0);

  await replays();
  await restarts(instance);
  const written = () => instance.campaign.callCounts().byCall['update'] ?? 0;
  await until('every record to be written again', written, (count) => count >= 51);
  await restarts(instance);
  const last = instance.dynamics.createContact({ firstname: 'Last' });
  await untilNamed(instance, last, 'Last');
  expect(written()).toBe(51);
}, 180_000);

test('chosen records are written again without a restart: by ids, by a filter, by a time', async () => {
  const instance = await world.instance({ dynamics: { contacts: 40 } });
  const { dynamics, campaign } = instance;
  const { replays } = deedsOn(world, instance);
  const some = [1, 2, 3].map(() => dynamics.createContact({ firstname: 'Chosen' }));
  await instance.starts();
  await instance.untilSettled(43);
  const patches = () => campaign.callCounts().byCall['update'] ?? 0;
  const untilPatched = (count: number) =>
    until(`${count} records to be written again`, patches, (seen) => seen === count);
  campaign.resetCalls();
  expect(await replays({ ids: some.slice(0, 2) })).toMatchObject({ waits: false, records: 2 });
  await untilPatched(2);
  await replays({ filter: { dynamics: 'firstname', is: 'eq', value: 'Chosen' } });
  await untilPatched(5);
  await until(
    'the choice to be done, so that another is taken',
    () => replays({ changedSince: '2099-01-01T00:00:00Z' }).catch((error: unknown) => error),
    (answer) => !(answer instanceof Error),
  );
  expect(patches()).toBe(5);
  expect((await instance.view()).pendingEdit).toBe(false);
}, 180_000);

test('a guardrail refuses with its name and number, and a saved setting waits for the next start', async () => {
  const instance = await world.instance({ dynamics: { contacts: 20 } });
  const { replays, savesSettings } = deedsOn(world, instance);
  await instance.starts();
  await instance.untilSettled(20);
  await savesSettings({
    guardrails: { replayRecordsMax: 20, columnsMax: 2 },
    limits: { campaign: { callsPerDay: 100_000 } },
  });
  expect((await instance.pending()).changes.map(({ summary }) => summary)).toContain(
    'limit of Campaign calls per day: none → 100,000',
  );
  await expect(replays()).rejects.toThrow(/replayRecordsMax/);
  const refused = instance.edits((mapping) => ({ ...mapping, applyDeletes: false }));
  await expect(refused).rejects.toMatchObject({
    problem: { errors: [{ message: expect.stringContaining('2 are allowed (columnsMax)') }] },
  });
  await restarts(instance);
  expect((await instance.pending()).pending).toBe(false);
}, 180_000);

test('a dead letter is retried after its cause was mended, and comes back while it was not', async () => {
  const instance = await world.instance({ dynamics: { contacts: 10 } });
  const { letters, retriesAll } = deedsOn(world, instance);
  const poison = instance.dynamics.createContact({ firstname: 'x'.repeat(45) });
  await instance.starts();
  const [first] = await until('the dead letter', letters, (found) => found.length === 1);
  expect(await retriesAll()).toEqual({ retried: 1, waits: false });
  const [again] = await until(
    'the letter to come back, for nothing was mended',
    letters,
    ([found]) => found !== undefined && found.id !== first?.id,
  );
  expect(again?.attempts).toBeGreaterThan(first?.attempts ?? 0);
  await instance.stops();
  await instance.until({ status: 'STOPPED' });
  instance.dynamics.changeContact(poison, { firstname: 'Short' });
  expect(await retriesAll({ table: 'contact' })).toEqual({ retried: 1, waits: true });
  await instance.starts();
  await untilNamed(instance, poison, 'Short');
  await until('no letter to be left', letters, (found) => found.length === 0);
}, 180_000);
