import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const BOOTSTRAP = join(import.meta.dirname, '../bootstrap/nats-server.mjs');
const PROVIDE = `
const { provideNatsServer } = await import(process.argv[1]);
await provideNatsServer({ root: '/nowhere', which: 'newest', say: console.log }).catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});`;

test.each(['/bin/true', '/bin/false', '/nowhere/nats-server'])(
  'NATS_SERVER=%s is refused before anything is started, with what to do',
  (binary) => {
    const args = ['--input-type=module', '-e', PROVIDE, BOOTSTRAP];
    const env = { ...process.env, NATS_SERVER: binary };
    const { status, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringContaining(`NATS_SERVER names ${binary}`),
    });
    expect(stderr).toContain('Unset NATS_SERVER');
  },
);
