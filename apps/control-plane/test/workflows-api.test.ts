import { expect, test } from '@jest/globals';
import { BASE, DEMO, INGRESS, openAppWorld } from './app-world.ts';

const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

interface List<Item = unknown> {
  items: Item[];
  next: string | null;
}

test('an instance is made once, renamed, listed and removed', async () => {
  await using world = await openAppWorld();
  const made = await world.call('PUT', DEMO, { payload: { name: ' Demo ', production: false } });
  expect(made.statusCode).toBe(201);
  expect(made.json()).toEqual({ instance: 'demo', name: 'Demo', production: false });
  const renamed = await world.call('PUT', DEMO, { payload: { name: 'D', production: true } });
  expect(renamed.statusCode).toBe(200);
  const list = await world.call('GET', `${BASE}/instances`);
  expect(list.json()).toEqual({
    items: [{ instance: 'demo', name: 'D', production: true }],
    next: null,
  });
  expect((await world.call('GET', DEMO)).json()).toMatchObject({ name: 'D' });
  const removed = await world.call('DELETE', DEMO);
  expect(removed.statusCode).toBe(204);
  expect(removed.body).toBe('');
  expect((await world.call('GET', DEMO)).statusCode).toBe(404);
});

test('an instance with a running workflow stays', async () => {
  await using world = await openAppWorld();
  await world.connect();
  await world.call('POST', `${INGRESS}/start`);
  const removed = await world.call('DELETE', DEMO);
  expect(removed.statusCode).toBe(409);
  expect(removed.json()).toMatchObject({ detail: 'Stop its workflows first.' });
});

test('the three workflows are listed, and one is told now or as of then', async () => {
  await using world = await openAppWorld();
  await world.connect();
  const list = (await world.call('GET', `${DEMO}/workflows`)).json<List<{ workflow: string }>>();
  expect(list.items.map(({ workflow }) => workflow)).toEqual(['ingress', 'egress', 'optin']);
  expect(list.next).toBeNull();
  const now = await world.call('GET', INGRESS);
  expect(now.json()).toMatchObject({ instance: 'demo', status: 'STOPPED', since: null });
  const then = await world.call('GET', `${INGRESS}?asOf=2026-11-24T08:00:00%2B01:00`);
  expect(then.json()).toMatchObject({ since: '2026-11-24T07:00:00.000Z' });
  const inLowerCase = await world.call('GET', `${INGRESS}?asOf=2026-11-24t07:00:00z`);
  expect(inLowerCase.json()).toMatchObject({ since: '2026-11-24T07:00:00.000Z' });
  const allThen = await world.call('GET', `${DEMO}/workflows?asOf=2026-11-24T07:00:00Z`);
  const sinces = allThen.json<List<{ since: string }>>().items.map(({ since }) => since);
  expect(sinces).toEqual(Array(3).fill('2026-11-24T07:00:00.000Z'));
});

test('a start carries who asks, under which key and in which trace', async () => {
  await using world = await openAppWorld();
  await world.connect();
  const started = await world.call('POST', `${INGRESS}/start`, {
    headers: { 'idempotency-key': 'k-1', traceparent: TRACE, 'content-type': 'application/json' },
  });
  expect(started.statusCode).toBe(202);
  expect(started.json()).toMatchObject({ status: 'STARTING' });
  expect(world.fake.contexts.at(-1)).toEqual({
    actor: { kind: 'token', id: 'local-administrator', name: 'Local administrator' },
    correlationId: started.headers['x-request-id'],
    traceparent: TRACE,
    idempotencyKey: 'k-1',
  });
});

test('a stop is accepted and tells that it stops', async () => {
  await using world = await openAppWorld();
  await world.connect();
  const stopped = await world.call('POST', `${INGRESS}/stop`, { payload: {} });
  expect(stopped.statusCode).toBe(202);
  expect(stopped.json()).toMatchObject({ stopping: true });
  expect(world.fake.contexts.at(-1)).toMatchObject({ traceparent: null, idempotencyKey: null });
});

test('a list goes on from its cursor and ends with null', async () => {
  await using world = await openAppWorld();
  await world.connect();
  const first = (await world.call('GET', `${INGRESS}/runs?limit=2`)).json<List>();
  expect(first.items).toHaveLength(2);
  const url = `${INGRESS}/runs?limit=2&cursor=${first.next ?? ''}`;
  const last = (await world.call('GET', url)).json<List>();
  expect(last.items).toHaveLength(1);
  expect(last.next).toBeNull();
});

test.each(['history', 'throughput'])('%s is a cursor page', async (name) => {
  await using world = await openAppWorld();
  await world.connect();
  expect((await world.call('GET', `${INGRESS}/${name}`)).json()).toEqual({ items: [], next: null });
  expect(
    (await world.call('GET', `${BASE}/instances/none/workflows/ingress/${name}`)).statusCode,
  ).toBe(404);
});

test('health needs no sign-in, and names each check when asked', async () => {
  await using world = await openAppWorld();
  expect((await world.app.inject('/livez')).json()).toEqual({ status: 'ok' });
  expect((await world.app.inject('/readyz')).json()).toEqual({ status: 'ok' });
  expect((await world.app.inject('/readyz?verbose')).json()).toEqual({
    status: 'ok',
    checks: [{ name: 'postgres', ok: true, detail: 'answers' }],
  });
  const metrics = await world.app.inject('/metrics');
  expect(metrics.headers['content-type']).toContain('application/openmetrics-text');
  expect(metrics.body).toContain('landbridge_http_request_seconds_count{');
});

test('a failing check makes it not ready', async () => {
  const check = async () => ({ ok: false, detail: 'does not answer' });
  await using world = await openAppWorld({ checks: [{ name: 'nats', check }] });
  const ready = await world.app.inject('/readyz?verbose=1');
  expect(ready.statusCode).toBe(503);
  expect(ready.json()).toMatchObject({ checks: [{ name: 'nats', ok: false }] });
});
