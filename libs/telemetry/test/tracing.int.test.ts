import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { startCollector } from './otlp-collector.ts';

const program = join(import.meta.dirname, 'traced-program.ts');
const traceId = '0af7651916cd43dd8448eb211c80319c';

async function run(endpoint: string): Promise<string> {
  const { stdout } = await promisify(execFile)(
    'node',
    ['--import', '@landbridge/telemetry/register', program],
    { cwd: import.meta.dirname, env: { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } },
  );
  return stdout.trim();
}

test('a span of a process goes on another’s trace and leaves by OTLP', async () => {
  await using collector = await startCollector();
  const traceparent = await run(collector.url);
  expect(traceparent).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`));
  expect(traceparent).not.toContain('b7ad6b7169203331');
  const spans = collector.received();
  expect(spans.includes('cross the bridge')).toBe(true);
  expect(spans.includes(Buffer.from(traceId, 'hex'))).toBe(true);
});

test('without an endpoint nothing is traced and nothing is sent', async () => {
  expect(await run('')).toBe('none');
});
