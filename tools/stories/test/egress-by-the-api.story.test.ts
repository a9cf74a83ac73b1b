import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DeadLetterView, EgressConfiguration, EventKind, pageOf } from '@landbridge/contracts';
import { until } from '@landbridge/testing';
import { ALL_EVENTS, type EgressSettings, TABLES } from '../src/egress-instance.ts';
import type { StoryInstance } from '../src/story-instance.ts';
import { startWorld, type World } from '../src/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({
    services: ['ingress', 'egress'],
    env: { LANDBRIDGE_EGRESS_WAITING_MS: '300' },
  });
}, 300_000);
afterAll(async () => world[Symbol.asyncDispose](), 60_000);

/** What people do about one instance's egress. */
function egressOf({ name, dynamics }: StoryInstance) {
  const { api } = world.landbridge;
  const base = `/instances/${name}/workflows/egress`;
  return {
    view: () => api.workflow(name, 'egress'),
    configures: async (settings: EgressSettings) => {
      const { headers } = await api.request('GET', `${base}/configuration`);
      const ifMatch = { 'if-match': headers.get('etag') ?? '' };
      const body = EgressConfiguration.parse(settings);
      await api.request('PUT', `${base}/configuration`, { body, headers: ifMatch });
    },
    does: async (action: 'start' | 'stop') => {
      await api.request('POST', `${base}/${action}`);
      const wanted = action === 'start' ? 'RUNNING' : 'STOPPED';
      await until(
        `egress of ${name} to be ${wanted}`,
        () => api.workflow(name, 'egress'),
        ({ status }) => status === wanted,
        { timeoutMs: 60_000 },
      );
    },
    letters: async () =>
      pageOf(DeadLetterView).parse((await api.request('GET', `${base}/dead-letters`)).body).items,
    retriesAll: () => api.request('POST', `${base}/dead-letters/retry-all`),
    retries: (id: string) => api.request('POST', `${base}/dead-letters/${id}/retry`),
    history: async () => JSON.stringify((await api.request('GET', `${base}/history`)).body),
    activityCount: () =>
      EventKind.options.reduce((sum, kind) => sum + dynamics.rowCount(TABLES[kind]), 0),
  };
}

const shown = ({ campaign }: StoryInstance) => {
  const kinds = new Set<string>(EventKind.options);
  return campaign.ledger({ profilesOnly: true }).filter(({ kind }) => kinds.has(kind));
};

test('with all event types off Start is not allowed and says why', async () => {
  const instance = await world.instance({ dynamics: { contacts: 2 } });
  const egress = egressOf(instance);
  const { actions } = await egress.view();
  expect(actions.start).toMatchObject({
    allowed: false,
    reason: expect.stringContaining('events'),
  });
}, 120_000);

test('contacts go over, their mail comes back as activities, and after kills both sides agree', async () => {
  const instance = await world.instance({
    dynamics: { contacts: 300 },
    campaign: { switches: { journalCopies: 2, journalShuffled: true, journalRetryAfterS: 0 } },
  });
  const egress = egressOf(instance);
  await egress.configures(ALL_EVENTS);
  await egress.does('start');
  await instance.starts();
  await instance.untilSettled(300);
  for (let mailing = 1; mailing <= 3; mailing += 1) {
    instance.campaign.sendMailing({ members: 3 });
    const soMany = egress.activityCount();
    await until('more activities', egress.activityCount, (count) => count > soMany, {
      timeoutMs: 60_000,
      everyMs: 10,
    });
    await (mailing === 2 ? world.landbridge.nats : world.landbridge.egress).kill();
  }
  const expected = shown(instance);
  await until('all activities', egress.activityCount, (count) => count >= expected.length, {
    timeoutMs: 120_000,
  });
  await until('an empty queue', egress.view, ({ backlog }) => backlog === 0, { timeoutMs: 60_000 });
  expect(egress.activityCount()).toBe(expected.length);
  for (const kind of EventKind.options) {
    const told = expected.filter((event) => event.kind === kind);
    expect(instance.dynamics.rowCount(TABLES[kind])).toBe(told.length);
  }
}, 300_000);

test('an event without a contact becomes a dead letter that the API lists and retries', async () => {
  const instance = await world.instance({ campaign: { switches: { journalRetryAfterS: 0 } } });
  const egress = egressOf(instance);
  const contactid = 'bbbbbbbb-0000-4000-8000-000000000001';
  instance.campaign.recordEvents([{ kind: 'open', externalId: contactid }]);
  await egress.configures({ ...ALL_EVENTS, contactWaitMinutes: 0 });
  await egress.does('start');
  const [letter] = await until('the dead letter', egress.letters, ({ length }) => length === 1);
  expect(letter).toMatchObject({ table: 'open', reason: { code: 'contactMissing' } });
  instance.dynamics.createContact({ contactid });
  await egress.retries(letter?.id ?? '');
  await until('the activity', egress.activityCount, (count) => count === 1);
  await until('no dead letter', egress.letters, ({ length }) => length === 0);
}, 120_000);

test('the history tells of a position that the journal forgot', async () => {
  const instance = await world.instance({ campaign: { switches: { journalRetryAfterS: 0 } } });
  const egress = egressOf(instance);
  await egress.configures(ALL_EVENTS);
  await egress.does('start');
  const [one = '', other = ''] = [1, 2].map(() => instance.dynamics.createContact());
  instance.campaign.recordEvents([{ kind: 'send', externalId: one }]);
  await until('the first', egress.activityCount, (count) => count === 1);
  await egress.does('stop');
  instance.campaign.recordEvents([{ kind: 'send', externalId: one }]);
  instance.campaign.expireJournal();
  instance.campaign.recordEvents([{ kind: 'send', externalId: other }]);
  await egress.does('start');
  await until('the last', egress.activityCount, (count) => count === 2);
  await until('the history', egress.history, (text) => text.includes('may be missing'));
}, 120_000);
