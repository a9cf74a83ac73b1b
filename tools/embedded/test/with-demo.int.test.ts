import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { until } from '@landbridge/testing';
import { DEMO_INSTANCE, prepareDemo } from '../src/demo.ts';
import { startWithDemo, type WithDemo } from '../src/with-demo.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'landbridge-demo-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const start = (): Promise<WithDemo> =>
  startWithDemo({
    dataDir: folder,
    port: null,
    withConsole: false,
    syncAlways: false,
    contacts: 3,
    say: () => undefined,
  });
const runs = ({ landbridge }: WithDemo) =>
  until(
    'ingress to run',
    () => landbridge.api.workflow(DEMO_INSTANCE, 'ingress'),
    ({ status }) => status === 'RUNNING',
  );
const logOfIngress = (): string => readFileSync(join(folder, 'logs/ingress.log'), 'utf8');

test('the next start finds the simulators up: its runs start at once', async () => {
  const first = await start();
  await prepareDemo(first.landbridge.api, first.simulators.connections);
  await runs(first);
  await first.landbridge.stop();
  const before = logOfIngress().length;
  const next = await start();
  await until(
    'ingress to take its run up, or to fail to',
    () => logOfIngress().slice(before),
    (log) => /the run is in hand|a run cannot start yet/.test(log),
  );
  await runs(next);
  await next.landbridge.stop();
  expect(logOfIngress().slice(before)).not.toContain('a run cannot start yet');
});
