import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openDataFolder } from '../src/data-folder.ts';
import { type Ended, runNpmStart } from './npm-start.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'landbridge-data-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const startOn = (dataDir: string): Promise<Ended> => runNpmStart({ LANDBRIDGE_DATA: dataDir });

test.each([
  ['that nobody may write to', () => '/proc/1'],
  ['that is a file', () => join(folder, 'file')],
  ['that would lie under a file', () => join(folder, 'file', 'data')],
])('a data folder %s is named at once, with what to do', async (_case, pathOf) => {
  writeFileSync(join(folder, 'file'), '');
  const { code, stderr } = await startOn(pathOf());
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(pathOf()) });
  expect(stderr).toContain('LANDBRIDGE_DATA=');
  expect(stderr).not.toMatch(/^\s+at /m);
});

test('a lock that a killed start left behind is taken over', async () => {
  const noProcess = 4_194_305;
  writeFileSync(join(folder, 'running.pid'), String(noProcess));
  const opened = await openDataFolder(folder);
  expect(readFileSync(join(folder, 'running.pid'), 'utf8')).toBe(String(process.pid));
  await opened.release();
});
