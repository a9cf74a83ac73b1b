import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readStartOptions } from '../src/start-options.ts';
import { runNpmStart } from './npm-start.ts';

let parent = '';
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'landbridge-options-'));
});
afterEach(() => {
  rmSync(parent, { recursive: true, force: true });
});

test('every fault of arguments, variables and services is told at once, before a folder is made', async () => {
  const dataDir = join(parent, 'data');
  const env = {
    LANDBRIDGE_DATA: dataDir,
    LANDBRIDGE_PORT: 'abc',
    LANDBRIDGE_POLL_MS: 'x',
    LANDBRIDGE_STALLED_AFTER_MS: 'soon',
  };
  const { code, stderr } = await runNpmStart(env, ['--contacts', 'x', '--foo']);
  expect(code).toBe(1);
  for (const [name, times] of [
    ['LANDBRIDGE_PORT', 1],
    ['--contacts must', 1],
    ['--foo', 1],
    ['LANDBRIDGE_POLL_MS', 1],
    ['LANDBRIDGE_STALLED_AFTER_MS', 1],
  ] as const) {
    expect([name, stderr.split(name).length - 1]).toEqual([name, times]);
  }
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(existsSync(dataDir)).toBe(false);
});

test('an empty variable counts as not set', () => {
  const read = readStartOptions([], { LANDBRIDGE_PORT: '', LANDBRIDGE_DATA: '' }, '/root-folder');
  expect(read).toMatchObject({
    faults: [],
    options: { port: 8_080, dataDir: '/root-folder/.landbridge' },
  });
});
