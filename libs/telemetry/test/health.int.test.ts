import { afterEach, expect, test } from '@jest/globals';
import { request } from 'undici';
import { createLog, createRegistry, type HealthServer, serveHealth } from '../src/index.ts';

const servers: HealthServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serve(ok: boolean): Promise<string> {
  const server = await serveHealth({
    host: '127.0.0.1',
    port: 0,
    checks: [
      {
        name: 'nats',
        check: async () => ({ ok, detail: ok ? 'connected' : 'connection refused' }),
      },
      {
        name: 'broken',
        check: async () => (ok ? { ok, detail: 'fine' } : Promise.reject(new Error('boom'))),
      },
    ],
    registry: createRegistry('test'),
    log: createLog('test', 'silent'),
  });
  servers.push(server);
  return `http://127.0.0.1:${server.port}`;
}

test('readyz names each check when asked to, and only then', async () => {
  const url = await serve(true);
  const brief = await request(`${url}/readyz`);
  expect([brief.statusCode, await brief.body.json()]).toEqual([200, { status: 'ok' }]);
  const verbose = await request(`${url}/readyz?verbose`);
  expect(await verbose.body.json()).toMatchObject({
    checks: [{ name: 'nats', ok: true, detail: 'connected' }, { name: 'broken' }],
  });
});

test('a failing check makes the service not ready, but it stays alive', async () => {
  const url = await serve(false);
  const ready = await request(`${url}/readyz?verbose`);
  expect(ready.statusCode).toBe(503);
  expect(await ready.body.json()).toMatchObject({
    status: 'failing',
    checks: [{ detail: 'connection refused' }, { name: 'broken', ok: false, detail: 'boom' }],
  });
  expect((await request(`${url}/livez`)).statusCode).toBe(200);
});

test('metrics are served as OpenMetrics', async () => {
  const reply = await request(`${await serve(true)}/metrics`);
  expect(reply.headers['content-type']).toMatch(/^application\/openmetrics-text/);
  const text = await reply.body.text();
  expect(text).toMatch(/process_resident_memory_bytes\{service="test"\}/);
  expect(text.trimEnd()).toMatch(/# EOF$/);
});

test.each([
  ['GET', '/nope', 404, '/problems/no-such-route'],
  ['POST', '/nope', 404, '/problems/no-such-route'],
  ['POST', '/livez', 405, '/problems/method-not-allowed'],
  ['DELETE', '/readyz?verbose', 405, '/problems/method-not-allowed'],
  ['GET', '/%zz', 400, 'about:blank'],
] as const)('%s %s is refused with problem details', async (method, path, status, type) => {
  const url = await serve(true);
  const reply = await request(`${url}${path}`, { method });
  expect(reply.statusCode).toBe(status);
  expect(reply.headers['content-type']).toBe('application/problem+json');
  expect(reply.headers['allow']).toBe(status === 405 ? 'GET, HEAD' : undefined);
  expect(await reply.body.json()).toMatchObject({ type, status, detail: expect.any(String) });
});

test('a body that nobody can read is refused with problem details, too', async () => {
  const url = await serve(true);
  const headers = { 'content-type': 'application/json' };
  const reply = await request(`${url}/livez`, { method: 'POST', headers, body: '{' });
  expect(reply.headers['content-type']).toBe('application/problem+json');
  expect(await reply.body.json()).toMatchObject({ status: reply.statusCode });
});
