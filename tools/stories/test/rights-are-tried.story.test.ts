import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ConnectionTest } from '@landbridge/contracts';
import { TABLES } from '../src/egress-instance.ts';
import type { StoryInstance } from '../src/story-instance.ts';
import { startWorld, type World } from '../src/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
}, 120_000);
afterAll(async () => world[Symbol.asyncDispose](), 60_000);

/** All three workflows are configured; none of them runs. */
async function configured() {
  const instance = await world.instance({ dynamics: { contacts: 3 } });
  const [externalId = ''] = instance.dynamics.contactIds();
  instance.campaign.createProfile({ externalId });
  const { api } = world.landbridge;
  const base = `/instances/${instance.name}`;
  const saves = async (workflow: string, body: object) => {
    const path = `${base}/workflows/${workflow}/configuration`;
    const { headers } = await api.request('GET', path);
    await api.request('PUT', path, { body, headers: { 'if-match': headers.get('etag') ?? '' } });
  };
  await saves('egress', { events: { send: true, open: true, click: true, bounce: true } });
  await saves('optin', {
    direction: 'bidirectional',
    source: 'poll',
    mappings: [{ dynamics: 'donotbulkemail', campaign: 'denyListEmail' }],
  });
  const tries = async (system: 'dynamics' | 'campaign') =>
    ConnectionTest.parse((await api.request('POST', `${base}/connections/${system}/test`)).body);
  return { instance, tries };
}

const NEEDED = {
  dynamics: [
    ...['signIn', 'metadata:contact', 'changeTracking:contact', 'read:contact'],
    ...Object.values(TABLES).flatMap((table) => [`create:${table}`, `append:${table}`]),
    ...['appendTo:contact', 'write:contact', 'columns:contact', 'read:sdkmessagefilter'],
    'changeTrackingExpiry',
  ],
  campaign: [
    ...['signIn', 'resources', 'metadata:profile', 'addressing:profile', 'write:profile'],
    ...['journal', 'filter:profile.byLastModified', 'readOptOuts:profile', 'writeOptOuts:profile'],
  ],
};

const failedOf = ({ checks }: ConnectionTest) => checks.filter(({ passed }) => !passed);

/** Whatever a test of rights might have left behind. */
const traces = ({ dynamics, campaign }: StoryInstance) => ({
  contacts: dynamics.contacts(),
  activities: Object.values(TABLES).map((table) => dynamics.rowCount(table)),
  profiles: campaign.profiles(),
});

test('every right that the three workflows need is tried, and nothing changes', async () => {
  const { instance, tries } = await configured();
  const before = traces(instance);
  for (const system of ['dynamics', 'campaign'] as const) {
    const tried = await tries(system);
    expect(failedOf(tried)).toEqual([]);
    expect(tried.checks.map(({ check }) => check)).toEqual(NEEDED[system]);
  }
  expect(traces(instance)).toEqual(before);
}, 120_000);

test('a right that is taken away in Dynamics 365 is named with how to grant it', async () => {
  const { instance, tries } = await configured();
  const { dynamics } = instance;
  const failedWithout = async (
    table: string,
    privilege: 'create' | 'append' | 'appendTo' | 'write' | 'read',
  ) => {
    dynamics.revokePrivilege(table, privilege);
    const failed = failedOf(await tries('dynamics'));
    dynamics.grantPrivilege(table, privilege);
    expect(failed.every(({ remedy }) => remedy?.includes('security role') === true)).toBe(true);
    return failed.map(({ check }) => check);
  };
  const activities = Object.values(TABLES);
  const of = (access: string) => activities.map((table) => `${access}:${table}`);
  expect(await failedWithout('adobe_emailclick', 'create')).toEqual(of('create'));
  expect(await failedWithout('adobe_emailclick', 'append')).toEqual(of('append'));
  dynamics.setSwitches({ activityPrivileges: 'own', privilegeNames: false });
  expect(await failedWithout('adobe_emailclick', 'create')).toEqual(['create:adobe_emailclick']);
  expect(await failedWithout('contact', 'appendTo')).toEqual(['appendTo:contact']);
  expect(await failedWithout('contact', 'write')).toEqual(['write:contact']);
  expect(await failedWithout('contact', 'read')).toEqual(['read:contact', 'columns:contact']);
  expect(await failedWithout('sdkmessagefilter', 'read')).toEqual(['read:sdkmessagefilter']);
  dynamics.setSwitches({ tellsPrivileges: 'nobody' });
  expect(failedOf(await tries('dynamics'))[0]?.remedy).toContain('prvReadRole');
}, 120_000);

test.each(['gateway', 'application'] as const)(
  'a right that is taken away in Campaign, as the %s refuses it, is named with how to grant it',
  async (writeRefusedBy) => {
    const { instance, tries } = await configured();
    const { campaign } = instance;
    campaign.setSwitches({ writeRefusedBy });
    campaign.setWriteRight(false);
    const failed = failedOf(await tries('campaign'));
    expect(failed.map(({ check }) => check)).toEqual(['write:profile', 'writeOptOuts:profile']);
    expect(failed[0]?.remedy).toContain('product profile');
    campaign.setWriteRight(true);
    campaign.addFault({ path: '/events/', fault: { kind: 'status', status: 403 } });
    expect(failedOf(await tries('campaign')).map(({ check }) => check)).toEqual(['journal']);
    campaign.clearFaults();
    campaign.setFilters('profile', []);
    expect(failedOf(await tries('campaign')).map(({ check }) => check)).toEqual([
      'filter:profile.byLastModified',
    ]);
  },
  120_000,
);
