import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { freePort } from '@landbridge/local-servers';
import { runNpmStart } from './npm-start.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'landbridge-twice-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** What another start looks like from outside: its process in the folder, and its port taken. */
async function runningOn(port: number): Promise<Disposable> {
  const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1_000)'], {
    stdio: 'ignore',
  });
  writeFileSync(join(folder, 'running.pid'), String(other.pid));
  const listener = await listenOn(port);
  return {
    [Symbol.dispose]: () => {
      other.kill();
      listener[Symbol.dispose]();
    },
  };
}

async function listenOn(port: number): Promise<Disposable> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { [Symbol.dispose]: () => void server.close() };
}

const start = (port: number) =>
  runNpmStart({ LANDBRIDGE_DATA: folder, LANDBRIDGE_PORT: String(port) });

test('a second start on the same data is told of the first, and of no other program', async () => {
  const port = await freePort();
  using _first = await runningOn(port);
  const { code, stderr } = await start(port);
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringContaining(`Landbridge already runs on the data in ${folder}`),
  });
  expect(stderr).not.toContain('another program');
});

test('a start whose port is taken leaves the folder to the next one', async () => {
  const port = await freePort();
  using _program = await listenOn(port);
  for (const attempt of ['first', 'second']) {
    const { code, stderr } = await start(port);
    expect({ attempt, code, stderr }).toEqual({
      attempt,
      code: 1,
      stderr: expect.stringContaining(`Port ${port} is taken by another program`),
    });
  }
});
