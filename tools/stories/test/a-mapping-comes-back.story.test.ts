import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { IngressConfiguration, type TableMapping } from '@landbridge/contracts';
import { until } from '@landbridge/testing';
import { deedsOn } from '../src/deeds.ts';
import type { StoryInstance } from '../src/story-instance.ts';
import { startWorld, type World } from '../src/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({ services: ['ingress'] });
}, 300_000);
afterAll(async () => world[Symbol.asyncDispose](), 60_000);

const field = (dynamics: string, campaign: string) => ({ dynamics, campaign, applyUpdates: true });
const parsed = IngressConfiguration.parse({
  mappings: [
    {
      dynamicsTable: 'contact',
      campaignResource: 'profile',
      key: { dynamics: 'contactid', campaign: 'externalId' },
      fields: [field('firstname', 'firstName')],
    },
    {
      dynamicsTable: 'account',
      campaignResource: 'cusAccount',
      key: { dynamics: 'accountid', campaign: 'externalId' },
      fields: [field('name', 'AccountName')],
    },
  ],
});
const mappingOf = (table: string): TableMapping => {
  const found = parsed.mappings.find(({ dynamicsTable }) => dynamicsTable === table);
  if (found === undefined) throw new Error(`There is no mapping of ${table}`);
  return found;
};
const [CONTACT, ACCOUNT] = [mappingOf('contact'), mappingOf('account')];
/** The same table at a resource that is no extension of profiles. */
const PRODUCT: TableMapping = {
  ...ACCOUNT,
  campaignResource: 'cusProduct',
  fields: [field('name', 'ProductName')],
};

async function saves({ name }: StoryInstance, mappings: TableMapping[]): Promise<void> {
  const path = `/instances/${name}/workflows/ingress/configuration`;
  const { headers } = await world.landbridge.api.request('GET', path);
  const ifMatch = { 'if-match': headers.get('etag') ?? '' };
  await world.landbridge.api.request('PUT', path, { body: { mappings }, headers: ifMatch });
}

async function restarts(instance: StoryInstance): Promise<void> {
  await instance.stops();
  await instance.until({ status: 'STOPPED' });
  await instance.starts();
  await instance.until({ status: 'RUNNING', pendingEdit: false });
}

test('a mapping that was deleted leaves what it wrote, and comes back to what has changed since', async () => {
  const instance = await world.instance({ dynamics: { contacts: 20 } });
  const { dynamics, campaign } = instance;
  await saves(instance, [CONTACT, ACCOUNT]);
  await instance.starts();
  await instance.untilSettled(20);
  await saves(instance, [ACCOUNT]);
  await restarts(instance);
  const [changed, gone] = dynamics.contactIds({ top: 2 }) as [string, string];
  const before = campaign.profile(changed)?.['firstName'];
  dynamics.changeContact(changed, { firstname: 'Meanwhile' });
  dynamics.deleteContact(gone);
  const born = dynamics.createContact({ firstname: 'Born' });
  // A change of the other table that was read after those of the contacts.
  const account = dynamics.createRow('account', { name: 'Contoso' });
  await until(
    'the table that is still mapped to go on',
    () => campaign.record('cusAccount', 'externalId', account),
    (found) => found !== null,
  );
  expect(campaign.profile(changed)?.['firstName']).toBe(before);
  expect([campaign.profile(gone) === null, campaign.profile(born)]).toEqual([false, null]);

  await saves(instance, [ACCOUNT, CONTACT]);
  expect((await instance.view()).replays).toMatchObject([
    { table: 'contact', withdrawable: false },
  ]);
  await expect(deedsOn(world, instance).takesReplayBack()).rejects.toMatchObject({
    problem: { status: 409 },
  });
  await restarts(instance);
  await until(
    'what changed, came and went meanwhile',
    () => [
      campaign.profile(changed)?.['firstName'],
      campaign.profile(born)?.['firstName'],
      campaign.profile(gone),
    ],
    ([one, other, removed]) => one === 'Meanwhile' && other === 'Born' && removed === null,
    { timeoutMs: 90_000 },
  );
  await instance.untilSettled(20);
  expect(campaign.duplicates()).toEqual([]);
  expect((await instance.view()).figures.skipped['notOurs'] ?? 0).toBe(0);
}, 300_000);

test('a mapping that comes back to another resource is loaded there anew, and what it wrote before stays', async () => {
  const instance = await world.instance({ dynamics: { contacts: 0 } });
  const { dynamics, campaign } = instance;
  const ids = ['Contoso', 'Fabrikam', 'Tailspin'].map((name) =>
    dynamics.createRow('account', { name }),
  );
  const [changed, gone, theirs] = ids as [string, string, string];
  // Somebody else's: that the mapping wrote this key before, elsewhere, does not make it ours.
  campaign.createRecord('cusProduct', { externalId: theirs, ProductName: 'Of others' });
  await saves(instance, [CONTACT, ACCOUNT]);
  await instance.starts();
  const untilThere = (resource: string, count: number) =>
    until(
      `${count} records in ${resource}`,
      async () => [campaign.recordCount(resource), (await instance.view()).backlog],
      ([there, backlog]) => there === count && backlog === 0,
      { timeoutMs: 90_000 },
    );
  await untilThere('cusAccount', 3);
  // In one save it would be a change of what is final.
  await expect(saves(instance, [CONTACT, PRODUCT])).rejects.toMatchObject({
    problem: { status: 422, errors: [{ pointer: '/mappings/1/campaignResource' }] },
  });
  await saves(instance, [CONTACT]);
  await saves(instance, [CONTACT, PRODUCT]);
  await restarts(instance);
  await untilThere('cusProduct', 3);
  dynamics.changeRow('account', changed, { name: 'Contoso Ltd' });
  dynamics.deleteRow('account', gone);
  await untilThere('cusProduct', 2);
  await until(
    'the new name',
    () => campaign.record('cusProduct', 'externalId', changed)?.['ProductName'],
    (name) => name === 'Contoso Ltd',
  );
  expect(campaign.record('cusProduct', 'externalId', theirs)?.['ProductName']).toBe('Of others');
  expect(campaign.recordCount('cusAccount')).toBe(3);
  expect(campaign.record('cusAccount', 'externalId', changed)).toMatchObject({
    AccountName: 'Contoso',
  });
}, 300_000);
