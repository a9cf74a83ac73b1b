import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@landbridge/testing';
import { startWorld, type World } from '../src/world.ts';

/** Takes OTLP over HTTP as Jaeger would. Names and ids stand in the protobuf as they are. */
const bodies: Buffer[] = [];
const collector = createServer((request, reply) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    bodies.push(Buffer.concat(chunks));
    reply.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
  });
});

let world: World;
beforeAll(async () => {
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  const { port } = collector.address() as AddressInfo;
  world = await startWorld({
    services: ['ingress'],
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_BSP_SCHEDULE_DELAY: '200',
    },
  });
}, 300_000);
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  collector.closeAllConnections();
  await new Promise((resolve) => collector.close(resolve));
}, 120_000);

interface Span {
  traceId: string;
  name: string;
}

/**
 * The spans of a body. Each begins with field 1, its trace id of 16 bytes (0a 10 …), and has its
 * name in field 5 (2a <length> …).
 * Source  opentelemetry-proto, trace/v1/trace.proto, message Span.
 */
function spansIn(body: Buffer): Span[] {
  const spans: Span[] = [];
  for (let at = body.indexOf('0a10', 0, 'hex'); at >= 0; at = body.indexOf('0a10', at + 2, 'hex')) {
    if (body[at + 18] !== 0x12 || body[at + 19] !== 8) continue;
    const name = body.indexOf(0x2a, at + 28);
    const length = body[name + 1] ?? 0;
    spans.push({
      traceId: body.toString('hex', at + 2, at + 18),
      name: body.toString('utf8', name + 2, name + 2 + length),
    });
  }
  return spans;
}

function namesByTrace(): Map<string, string[]> {
  const traces = new Map<string, string[]>();
  for (const { traceId, name } of bodies.flatMap(spansIn)) {
    traces.set(traceId, [...(traces.get(traceId) ?? []), name]);
  }
  return traces;
}

test('one trace leads from the reading in Dynamics over NATS to the write in Campaign', async () => {
  const instance = await world.instance({ dynamics: { contacts: 3 } });
  await instance.starts();
  await instance.untilSettled(3);
  const names = await until(
    'a trace with the read, the queue and the write in it',
    () => [...namesByTrace().values()],
    (traces) =>
      traces.some(
        (spans) =>
          spans.some((name) => /read/i.test(name)) &&
          spans.some((name) => /write/i.test(name)) &&
          spans.some((name) => /POST/.test(name)),
      ),
  );
  expect(names.length).toBeGreaterThan(0);
}, 120_000);

test('one trace leads from the HTTP command to the run that started', async () => {
  const instance = await world.instance({ dynamics: { contacts: 1 } });
  const traceId = 'c0ffee00c0ffee00c0ffee00c0ffee01';
  await world.landbridge.api.request(
    'POST',
    `/instances/${instance.name}/workflows/ingress/start`,
    {
      headers: { traceparent: `00-${traceId}-00f067aa0ba902b7-01` },
    },
  );
  await instance.until({ status: 'RUNNING' });
  await until(
    'spans of the control plane and of ingress on the caller’s trace',
    () => namesByTrace().get(traceId) ?? [],
    (names) => names.length >= 2 && names.some((name) => /start|run/i.test(name)),
  );
}, 120_000);
