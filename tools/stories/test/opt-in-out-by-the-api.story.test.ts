import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DeadLetterView, pageOf, WorkflowView } from '@landbridge/contracts';
import { until } from '@landbridge/testing';
import type { OptinSettings } from '../src/optin-instance.ts';
import type { StoryInstance } from '../src/story-instance.ts';
import { startWorld, type World } from '../src/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({ services: ['ingress', 'optin'] });
}, 300_000);
afterAll(async () => world[Symbol.asyncDispose](), 60_000);

/** What an administrator does with the workflow Opt-In/Out of an instance. */
function optinOf({ name, campaign }: StoryInstance) {
  const { api } = world.landbridge;
  const base = `/instances/${name}`;
  const workflow = `${base}/workflows/optin`;
  return {
    view: () => api.workflow(name, 'optin'),
    saves: async (settings: OptinSettings) => {
      const { headers } = await api.request('GET', `${workflow}/configuration`);
      await api.request('PUT', `${workflow}/configuration`, {
        body: settings,
        headers: { 'if-match': headers.get('etag') ?? '' },
      });
    },
    connectsSftp: () => api.request('PUT', `${base}/connections/sftp`, { body: campaign.sftp }),
    starts: async () => WorkflowView.parse((await api.request('POST', `${workflow}/start`)).body),
    stops: () => api.request('POST', `${workflow}/stop`),
    letters: async () =>
      pageOf(DeadLetterView).parse((await api.request('GET', `${workflow}/dead-letters`)).body)
        .items,
    retries: (id: string) => api.request('POST', `${workflow}/dead-letters/${id}/retry`),
  };
}

const MAPPED: OptinSettings = {
  mappings: [{ dynamics: 'donotbulkemail', campaign: 'blackListEmail' }],
};

test('an administrator sets up Opt-In/Out, and opt-outs cross both ways beside ingress', async () => {
  const instance = await world.instance({ dynamics: { contacts: 20 } });
  const optin = optinOf(instance);
  const { dynamics, campaign } = instance;
  await instance.starts();
  await instance.untilSettled(20);
  const off = await optin.view();
  expect(off.status).toBe('STOPPED');
  expect(off.actions.start).toMatchObject({ allowed: false });
  await optin.saves({ ...MAPPED, direction: 'bidirectional', source: 'export' });
  expect((await optin.view()).actions.start).toMatchObject({ allowed: false });
  await optin.connectsSftp();
  await optin.saves({
    ...MAPPED,
    direction: 'bidirectional',
    source: 'poll',
    poll: { everySeconds: 1 },
  });
  await optin.starts();
  await until('RUNNING', optin.view, ({ status }) => status === 'RUNNING');
  const outThere = dynamics.contactIds().filter((id) => !dynamics.contact(id)?.['donotbulkemail']);
  const [inDynamics = '', inCampaign = ''] = outThere;
  dynamics.changeContact(inDynamics, { donotbulkemail: true });
  campaign.changeOptOut(inCampaign, 'blackListEmail', true);
  await until(
    'both opt-outs on both sides',
    () =>
      [inDynamics, inCampaign].map((id) => [
        dynamics.contact(id)?.['donotbulkemail'],
        campaign.profile(id)?.['blackListEmail'],
      ]),
    (seen) => seen.flat().every((value) => value === true),
    { timeoutMs: 60_000 },
  );
  await until('nothing left to do', optin.view, ({ backlog }) => backlog === 0);
  const view = await until('the figures of opt-outs', optin.view, ({ tables }) =>
    tables.some(({ table, written }) => table === 'optout' && written >= 2),
  );
  expect(view.conditions.filter(({ type }) => type !== 'NotDurable')).toEqual([]);
  await optin.stops();
  await until('STOPPED', optin.view, ({ status }) => status === 'STOPPED');
}, 240_000);

test('kill -9 of the service loses no opt-out, and the workflow is RUNNING again by itself', async () => {
  const instance = await world.instance({ dynamics: { contacts: 30 } });
  const optin = optinOf(instance);
  const { dynamics, campaign } = instance;
  const ids = dynamics.contactIds();
  for (const externalId of ids) campaign.createProfile({ externalId });
  await optin.connectsSftp();
  await optin.saves({
    ...MAPPED,
    direction: 'campaign-to-dynamics',
    source: 'export',
    export: { files: 'optout*', lookEverySeconds: 1 },
  });
  await optin.starts();
  for (const id of ids) campaign.changeOptOut(id, 'blackListEmail', true);
  campaign.exportOptOuts();
  const outCount = () =>
    ids.filter((id) => dynamics.contact(id)?.['donotbulkemail'] === true).length;
  const before = outCount();
  await until('the first of the file', outCount, (count) => count > before, {
    timeoutMs: 60_000,
    everyMs: 5,
  });
  await world.landbridge.optin.kill();
  await until('all of the file', outCount, (count) => count === ids.length, {
    timeoutMs: 90_000,
  });
  await until(
    'RUNNING without a backlog',
    optin.view,
    ({ status, backlog }) => status === 'RUNNING' && backlog === 0,
    { timeoutMs: 60_000 },
  );
}, 240_000);

test('an opt-out that Dynamics refused is a dead letter that the API retries, and it arrives', async () => {
  const instance = await world.instance({ dynamics: { contacts: 3 } });
  const optin = optinOf(instance);
  const { dynamics, campaign } = instance;
  const [id = '', ...others] = dynamics.contactIds();
  for (const externalId of [id, ...others]) {
    campaign.createProfile({ externalId });
    dynamics.changeContact(externalId, { donotbulkemail: false });
  }
  await optin.saves({
    ...MAPPED,
    direction: 'campaign-to-dynamics',
    source: 'poll',
    poll: { everySeconds: 1 },
  });
  const refusal = dynamics.addFault({
    method: 'PATCH',
    key: id,
    fault: {
      kind: 'status',
      status: 400,
      contentType: 'application/json',
      body: JSON.stringify({ error: { code: '0x80040265', message: 'A plug-in said no.' } }),
    },
  });
  await optin.starts();
  for (const one of [id, ...others]) campaign.changeOptOut(one, 'blackListEmail', true);
  const isOut = (one: string) => dynamics.contact(one)?.['donotbulkemail'] === true;
  const [letter] = await until('the dead letter', optin.letters, ({ length }) => length === 1, {
    timeoutMs: 60_000,
  });
  expect(letter).toMatchObject({ table: 'optout', key: id, reason: { code: 'refused' } });
  await until('the others', () => others.every(isOut), Boolean, { timeoutMs: 60_000 });
  expect(isOut(id)).toBe(false);
  dynamics.removeFault(refusal);
  await optin.retries(letter?.id ?? '');
  await until('the opt-out', () => isOut(id), Boolean, { timeoutMs: 60_000 });
  await until('no dead letter', optin.letters, ({ length }) => length === 0, {
    timeoutMs: 30_000,
  });
}, 240_000);
