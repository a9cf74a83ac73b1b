import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const MAIN = join(import.meta.dirname, '../src/main.ts');
const USABLE = { PATH: process.env['PATH'], LANDBRIDGE_KEY: 'k'.repeat(43) };

test('an environment that cannot be used ends the process with every fault in one message', () => {
  const env = { PATH: process.env['PATH'], LANDBRIDGE_KEY: 'short', LANDBRIDGE_POLL_MS: 'soon' };
  const { status, stderr } = spawnSync(process.execPath, [MAIN], { env, encoding: 'utf8' });
  expect(status).toBe(1);
  for (const name of ['LANDBRIDGE_NATS_URL', 'LANDBRIDGE_KEY', 'LANDBRIDGE_POLL_MS']) {
    expect(stderr).toContain(name);
  }
});

test.each(['foo', 'http://127.0.0.1:4222', 'nats://', 'nats://a:4222,foo'])(
  'LANDBRIDGE_NATS_URL=%s and a trace address that is none are told before anything is touched',
  (natsUrl) => {
    const env = { ...USABLE, LANDBRIDGE_NATS_URL: natsUrl, OTEL_EXPORTER_OTLP_ENDPOINT: 'foo' };
    const { status, stderr } = spawnSync(process.execPath, [MAIN], { env, encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toContain('LANDBRIDGE_NATS_URL: must be a nats:// URL');
    expect(stderr).toContain('OTEL_EXPORTER_OTLP_ENDPOINT: must be an http or https URL');
  },
);
