import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@landbridge/testing';
import { startWorld, type World } from '../src/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({ services: ['ingress'] });
}, 300_000);
afterAll(async () => world[Symbol.asyncDispose](), 60_000);

test('an edit waits for Stop and Start, and until then it is listed', async () => {
  const instance = await world.instance({ dynamics: { contacts: 20 } });
  const { dynamics, campaign } = instance;
  await instance.starts();
  await instance.untilSettled(20);
  const [id] = dynamics.contactIds({ top: 1 }) as [string];
  dynamics.changeContact(id, { jobtitle: 'Bridge keeper', nickname: 'Bo' });
  await instance.edits((mapping) => ({
    ...mapping,
    fields: [
      ...mapping.fields,
      { dynamics: 'nickname', campaign: 'salutation', applyUpdates: true },
    ],
  }));

  const view = await instance.until({ pendingEdit: true, status: 'RUNNING' });
  expect(view.revision).toBe(2);
  expect(view.activeRevision).toBe(1);
  const pending = await instance.pending();
  expect(pending.changes).toHaveLength(1);
  expect(pending.changes[0]).toMatchObject({ kind: 'added', pointer: '/mappings/0/fields/11' });
  dynamics.changeContact(id, { lastname: 'Bellamy' });
  await until(
    'a change to cross with the configuration that runs',
    () => campaign.profile(id)?.['lastName'],
    (name) => name === 'Bellamy',
  );
  expect(campaign.profile(id)?.['salutation']).toBe('');

  await instance.stops();
  await instance.until({ status: 'STOPPED' });
  await instance.starts();
  await instance.until({ status: 'RUNNING', pendingEdit: false });
  await until(
    'the new column to cross',
    () => campaign.profile(id)?.['salutation'],
    (salutation) => salutation === 'Bo',
  );
}, 120_000);

test('stop keeps the backlog, and the next start goes on with it', async () => {
  const instance = await world.instance({ dynamics: { contacts: 800 } });
  instance.campaign.setLatency(60);
  await instance.starts();
  await until(
    'some contacts to be written',
    () => instance.campaign.profileCount(),
    (count) => count >= 100,
    { timeoutMs: 60_000, everyMs: 5 },
  );
  // So slow that the load cannot be over before the stop arrives, however busy the machine is.
  instance.campaign.setLatency(1_500);
  await instance.stops();
  const stopped = await instance.until({ status: 'STOPPED' });
  const writtenCount = instance.campaign.profileCount();
  expect(writtenCount).toBeLessThan(800);
  expect(stopped.backlog).toBeGreaterThan(0);
  expect(stopped.stopping).toBe(false);

  instance.campaign.setLatency(0);
  await instance.starts();
  await instance.untilSettled(800);
  expect(instance.campaign.duplicates()).toEqual([]);
  expect(instance.campaign.callCounts().byCall['insert']).toBe(800);
}, 180_000);

test('starting what runs is the same run again, and stopping twice is one stop', async () => {
  const instance = await world.instance({ dynamics: { contacts: 5 } });
  const first = await instance.starts();
  const again = await instance.starts();
  expect(again.runId).toBe(first.runId);
  await instance.until({ status: 'RUNNING' });
  await Promise.all([instance.stops(), instance.stops()]);
  await instance.until({ status: 'STOPPED' });
  const runs = await instance.get('/workflows/ingress/runs');
  expect(runs).toMatchObject({ items: [{ runId: first.runId, outcome: 'stopped' }], next: null });
}, 120_000);
