import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

test('an environment that cannot be used ends the process with every fault in one message', () => {
  const main = join(import.meta.dirname, '../src/main.ts');
  const env = { PATH: process.env['PATH'], LANDBRIDGE_KEY: 'short', LANDBRIDGE_POLL_MS: 'soon' };
  const { status, stderr } = spawnSync(process.execPath, [main], { env, encoding: 'utf8' });
  expect(status).toBe(1);
  for (const name of ['LANDBRIDGE_NATS_URL', 'LANDBRIDGE_KEY', 'LANDBRIDGE_POLL_MS']) {
    expect(stderr).toContain(name);
  }
});
