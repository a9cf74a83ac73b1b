import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@landbridge/testing';
import { deedsOn } from '../src/deeds.ts';
import { startWorld, type World } from '../src/world.ts';

let world: World;
beforeAll(async () => {
  // Small pages and a short queue, so that the reading lasts as long as the writing.
  const env = { LANDBRIDGE_PAGE_ROWS: '50', LANDBRIDGE_QUEUE_MAX: '100' };
  world = await startWorld({ ingressReplicas: 2, services: ['ingress'], env });
}, 300_000);
afterAll(async () => world[Symbol.asyncDispose](), 60_000);

test('kill -9 of ingress in the middle of a replay loses no record and doubles none, and its progress goes on', async () => {
  const instance = await world.instance({ dynamics: { contacts: 600 } });
  const { dynamics, campaign } = instance;
  const { replays } = deedsOn(world, instance);
  await instance.starts();
  await instance.untilSettled(600);
  expect(await replays()).toMatchObject({ records: 600, recordsAre: 'counted' });
  await instance.stops();
  await instance.until({ status: 'STOPPED' });
  campaign.resetCalls();
  dynamics.resetCalls();
  await instance.starts();
  const updated = () =>
    new Set(campaign.calls({ call: 'update' }).flatMap(({ key }) => (key === null ? [] : [key])));
  const progress = async () => (await instance.view()).tables[0]?.load ?? null;
  for (const [index, afterUpdates] of [100, 300].entries()) {
    await until(
      `${afterUpdates} records to be written again before the next kill`,
      () => updated().size,
      (count) => count >= afterUpdates,
      { timeoutMs: 120_000, everyMs: 5 },
    );
    await world.landbridge.ingress[index % 2]?.kill();
    const shown = await until('the progress of the replay', progress, (load) => load !== null);
    expect(shown?.total).toBe(600);
  }
  await until(
    'every record to be written again',
    () => updated().size,
    (count) => count === 600,
    { timeoutMs: 120_000 },
  );
  await until(
    'the replay to be over',
    () => instance.view(),
    ({ status, backlog, tables }) =>
      status === 'RUNNING' &&
      backlog === 0 &&
      ['changes', 'deletions'].includes(tables[0]?.phase ?? ''),
  );
  // A full read begins with a count of the rows: it was read on after each kill, and not begun again.
  const counts = dynamics.calls().filter(({ path }) => path.includes('RetrieveTotalRecordCount'));
  expect(counts).toHaveLength(1);
  expect(dynamics.contactIds().filter((id) => !updated().has(id))).toEqual([]);
  expect([campaign.profileCount(), campaign.duplicates()]).toEqual([600, []]);
  expect(campaign.callCounts().byCall['insert'] ?? 0).toBe(0);
  expect(await instance.view()).toMatchObject({ replays: [], pendingEdit: false });
}, 400_000);

test('the progress of a replay is told until the last record that it queued is written', async () => {
  const instance = await world.instance({ dynamics: { contacts: 300 } });
  const { campaign } = instance;
  await instance.starts();
  await instance.untilSettled(300);
  await deedsOn(world, instance).replays();
  await instance.stops();
  await instance.until({ status: 'STOPPED' });
  campaign.resetCalls();
  await instance.starts();
  const load = async () => (await instance.view()).tables[0]?.load ?? null;
  await until('the progress of the replay', load, (shown) => shown !== null, { timeoutMs: 60_000 });
  await until('the replay to be over', load, (shown) => shown === null, { timeoutMs: 120_000 });
  const updates = campaign.calls({ call: 'update' }).map(({ key }) => key);
  expect(new Set(updates).size).toBe(300);
}, 300_000);
