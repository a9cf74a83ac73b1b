import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { WorkflowView } from '@landbridge/contracts';
import { until } from '@landbridge/testing';
import { startWorld, type World } from '../src/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({ services: ['ingress'] });
}, 300_000);
afterAll(async () => world[Symbol.asyncDispose](), 60_000);

test('asked as of an earlier time, the control plane answers as it did then', async () => {
  const instance = await world.instance({ dynamics: { contacts: 10 } });
  const before = new Date();
  await instance.starts();
  await instance.untilSettled(10);
  await instance.until({ status: 'RUNNING' });
  const during = new Date();
  await instance.stops();
  await instance.until({ status: 'STOPPED' });
  const asOf = async (time: Date): Promise<WorkflowView> =>
    WorkflowView.parse(await instance.get(`/workflows/ingress?asOf=${time.toISOString()}`));
  expect((await asOf(before)).status).toBe('STOPPED');
  expect((await asOf(before)).runId).toBeNull();
  expect((await asOf(during)).status).toBe('RUNNING');
  expect((await asOf(new Date())).status).toBe('STOPPED');
}, 120_000);

test('the answers are the same after the control plane was killed and started again', async () => {
  const instance = await world.instance({ dynamics: { contacts: 25 } });
  await instance.starts();
  await instance.untilSettled(25);
  await instance.stops();
  await instance.until({ status: 'STOPPED', backlog: 0 });
  // Throughput is a table that follows the log: it answers alike once it has caught up.
  await until(
    'the throughput to tell of every contact',
    async () => JSON.stringify(await instance.get('/workflows/ingress/throughput')),
    (told) =>
      [...told.matchAll(/"written":(\d+)/g)].reduce((sum, [, n]) => sum + Number(n), 0) === 25,
  );
  const paths = ['/runs', '/history', '/throughput', '/configuration/pending'];
  const ask = async (): Promise<unknown[]> => {
    const { figures, tables, ...view } = await instance.view();
    // Rates are about the last ten seconds, so about when one asks.
    const { writtenPerSecond: _, ...totals } = figures;
    const done = tables.map(({ recordsPerSecond: __, secondsLeft: ___, ...table }) => table);
    const rest = await Promise.all(paths.map((path) => instance.get(`/workflows/ingress${path}`)));
    return [view, totals, done, ...rest];
  };
  const before = await ask();
  await world.landbridge.controlPlane.kill({ comesBack: false });
  await world.landbridge.controlPlane.revive();
  expect(await ask()).toEqual(before);
}, 120_000);

const refused = (why: RegExp) => ({ allowed: false, reason: expect.stringMatching(why) });

test('workflows that have nothing to do are listed, and say why they cannot be started', async () => {
  const instance = await world.instance({ dynamics: { contacts: 1 } });
  const list = await instance.get('/workflows');
  expect(list).toMatchObject({
    items: [
      { workflow: 'ingress', name: 'Microsoft Dynamics 365 to Campaign', status: 'STOPPED' },
      { workflow: 'egress', status: 'STOPPED', actions: { start: refused(/events are off/) } },
      { workflow: 'optin', status: 'STOPPED', actions: { start: refused(/is Disabled/) } },
    ],
    next: null,
  });
}, 120_000);
