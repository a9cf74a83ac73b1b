import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

test('an environment that cannot be used ends the process with every fault in one message', () => {
  const main = join(import.meta.dirname, '../src/main.ts');
  const env = {
    PATH: process.env['PATH'],
    LANDBRIDGE_KEY: 'short',
    LANDBRIDGE_EGRESS_BATCH: 'soon',
  };
  const { status, stderr } = spawnSync(process.execPath, [main], { env, encoding: 'utf8' });
  expect(status).toBe(1);
  for (const name of ['LANDBRIDGE_NATS_URL', 'LANDBRIDGE_KEY', 'LANDBRIDGE_EGRESS_BATCH']) {
    expect(stderr).toContain(name);
  }
});
