import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  startNats,
  startPostgres,
  type NatsServer,
  type PostgresServer,
} from '@landbridge/testing';
import { sendJson, startServer } from '@landbridge/testing/tiny-server';
import { KEY } from './control-plane-world.ts';

let postgres: PostgresServer;
let nats: NatsServer;
let data: string;
beforeAll(async () => {
  [postgres, nats] = await Promise.all([startPostgres(), startNats()]);
  data = await mkdtemp(join(tmpdir(), 'landbridge-main-'));
}, 120_000);
afterAll(async () => {
  await nats[Symbol.asyncDispose]();
  await postgres[Symbol.asyncDispose]();
  await rm(data, { recursive: true, force: true });
});

/** The process as it runs in production; `said` grows with what it prints. */
function startProcess(env: Record<string, string>) {
  const root = join(import.meta.dirname, '../../..');
  const args = ['--import', '@landbridge/telemetry/register', 'apps/control-plane/src/main.ts'];
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, args, { cwd: root, env: { PATH, ...env } });
  let said = '';
  const ready = Promise.withResolvers<null>();
  const listen = (chunk: Buffer) => {
    said += chunk.toString();
    if (said.includes('control-plane ready')) ready.resolve(null);
  };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  const exited = new Promise<number | null>((resolve) => child.on('exit', resolve));
  void exited.then(() => ready.resolve(null));
  return { child, ready: ready.promise, exited, said: () => said };
}

test('an environment that cannot be used is told of whole, and nothing is touched', async () => {
  const run = startProcess({ LANDBRIDGE_PORT: 'eighty', LANDBRIDGE_KEY: 'short' });
  expect(await run.exited).toBe(1);
  for (const name of ['NATS_URL', 'DATABASE_URL', 'PORT', 'KEY']) {
    expect(run.said()).toContain(`LANDBRIDGE_${name}:`);
  }
});

test('the process starts, prints its sign-in link, is ready, and ends cleanly on SIGTERM', async () => {
  await using monitor = await startServer((_asked, reply) => {
    sendJson(reply, { config: { sync_always: true } });
  });
  const run = startProcess({
    LANDBRIDGE_NATS_URL: nats.url,
    LANDBRIDGE_NATS_MONITOR_URL: monitor.origin,
    LANDBRIDGE_DATABASE_URL: await postgres.createDatabase(),
    LANDBRIDGE_PORT: '0',
    LANDBRIDGE_KEY: KEY,
    LANDBRIDGE_DATA: data,
  });
  await run.ready;
  const origin = /(http:\/\/127\.0\.0\.1:\d+)\/sign-in\?code=/.exec(run.said())?.[1];
  expect([origin, run.said()]).toEqual([expect.any(String), expect.any(String)]);
  const readiness = await fetch(`${String(origin)}/readyz?verbose`);
  const readinessText = await readiness.text();
  expect([readiness.status, readinessText]).toEqual([200, expect.stringContaining('leads')]);
  expect(readinessText).not.toContain('power cut');
  expect((await fetch(`${String(origin)}/api/v1/instances`)).status).toBe(401);
  run.child.kill('SIGTERM');
  expect([await run.exited, run.said()]).toEqual([0, expect.any(String)]);
  expect(run.said()).not.toContain(KEY);
});
