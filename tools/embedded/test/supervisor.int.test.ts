import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type ChildServer, startChildServer } from '@landbridge/local-servers';
import { until } from '@landbridge/testing';
import { supervise } from '../src/supervisor.ts';

/** Says that it is ready once the file named by its argument is there. */
const SERVER = `
const { existsSync } = require('node:fs');
const look = setInterval(() => {
  if (!existsSync(process.argv[1])) return;
  clearInterval(look);
  console.log('ready');
}, 10);
setInterval(() => {}, 1_000);
`;

let folder = '';
let mayBeReady = '';
let begun = 0;
let ran: ChildServer[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'landbridge-supervisor-'));
  mayBeReady = join(folder, 'may-be-ready');
  begun = 0;
  ran = [];
  writeFileSync(mayBeReady, '');
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<ChildServer> {
  begun += 1;
  const child = await startChildServer({
    name: 'server',
    command: process.execPath,
    args: ['-e', SERVER, mayBeReady],
    ready: /^ready$/,
  });
  ran.push(child);
  return child;
}
const starts = (count: number) =>
  until(
    `start ${count} to be under way`,
    () => begun,
    (seen) => seen >= count,
  );

test('a child that is killed comes back', async () => {
  const server = await supervise('server', start, () => undefined);
  const first = server.pid();
  await server.kill();
  await until(
    'another process',
    () => server.pid(),
    (pid) => pid !== null && pid !== first,
  );
  await server.stop();
  expect(ran).toHaveLength(2);
});

test('what is stopped in the middle of coming back leaves no process behind', async () => {
  const server = await supervise('server', start, () => undefined);
  rmSync(mayBeReady);
  await server.kill();
  await starts(2);
  const stopped = server.stop();
  writeFileSync(mayBeReady, '');
  await stopped;
  expect(server.pid()).toBeNull();
  expect(ran.map(({ pid }) => isThere(pid))).toEqual([false, false]);
});

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
