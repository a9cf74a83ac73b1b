import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Revision, type WorkflowView } from '@landbridge/contracts';
import { until } from '@landbridge/testing';
import { BASE, DEMO, INGRESS, openAppWorld, type AppWorld } from './app-world.ts';
import { startReplica, startWorld, type Running, type World } from './control-plane-world.ts';

let servers: World;
let running: Running;
let world: AppWorld;

beforeAll(async () => {
  servers = await startWorld();
  running = await servers.open(await servers.createDatabase());
  world = await openAppWorld({ controlPlane: running.plane, heartbeatMs: 50 });
}, 120_000);
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await running.close();
  await servers[Symbol.asyncDispose]();
});

const view = async (): Promise<WorkflowView> => (await world.call('GET', INGRESS)).json();

const saveLastName = async (ifMatch: string) =>
  world.call('PUT', `${INGRESS}/configuration`, {
    headers: { 'if-match': ifMatch },
    payload: {
      mappings: [
        {
          dynamicsTable: 'contact',
          campaignResource: 'profile',
          key: { dynamics: 'contactid', campaign: 'externalId' },
          fields: [{ dynamics: 'lastname', campaign: 'lastName' }],
        },
      ],
    },
  });

test('over the real event log the API tells what it is asked, from first to last', async () => {
  expect((await world.call('GET', INGRESS)).statusCode).toBe(404);
  await world.connect();
  expect(await view()).toMatchObject({ status: 'STOPPED', actions: { start: { allowed: true } } });
  const shown = await world.call('GET', `${DEMO}/connections/dynamics`);
  expect(shown.json()).toMatchObject({ secretsSet: ['clientSecret'] });

  const first = await world.call('GET', `${INGRESS}/configuration`);
  const saved = await saveLastName(first.headers.etag ?? '');
  expect(saved.statusCode).toBe(200);
  expect((await saveLastName(first.headers.etag ?? '')).statusCode).toBe(412);

  const started = await world.call('POST', `${INGRESS}/start`);
  expect(started.statusCode).toBe(202);
  const again = await world.call('POST', `${INGRESS}/start`);
  expect(again.json<WorkflowView>().runId).toBe(started.json<WorkflowView>().runId);

  const { runId, workflow, instance, revision } = await view();
  using replica = startReplica(servers.bus, { instance, workflow }, [runId!]);
  await replica.report(runId!, { kind: 'runStarted', revision: Revision.parse(revision) });
  await until('the workflow to run', view, ({ status }) => status === 'RUNNING');

  const runs = await world.call('GET', `${INGRESS}/runs`);
  expect(runs.json()).toMatchObject({ items: [{ runId, outcome: 'running' }], next: null });
  const page = (await world.call('GET', `${INGRESS}/history?limit=1`)).json<{ next: string }>();
  const next = await world.call('GET', `${INGRESS}/history?limit=1&cursor=${page.next}`);
  expect(next.statusCode).toBe(200);
  expect((await world.call('GET', `${INGRESS}/history?cursor=none`)).statusCode).toBe(400);
  expect((await world.call('GET', `${INGRESS}/throughput`)).statusCode).toBe(200);
  expect((await world.call('GET', `${INGRESS}/dead-letters`)).json()).toMatchObject({ items: [] });
  const pending = await world.call('GET', `${INGRESS}/configuration/pending`);
  expect(pending.json()).toMatchObject({ pending: false });

  const egress = await world.call('POST', `${DEMO}/workflows/egress/start`);
  expect(egress.statusCode).toBe(409);
  expect((await world.call('DELETE', DEMO)).statusCode).toBe(409);
  expect((await world.call('GET', `${INGRESS}?asOf=2020-01-01T00:00:00Z`)).statusCode).toBe(404);
  expect((await world.call('POST', `${INGRESS}/stop`)).json()).toMatchObject({ stopping: true });
});

const CONTACT_ID = '60c4e274-0000-4000-8000-000000000001';

test('an unknown instance is a 404 on every route that names one', async () => {
  const { paths } = (await world.app.inject('/openapi.json')).json<{
    paths: Record<string, Record<string, unknown>>;
  }>();
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods)
      .filter((method) => method !== 'put' && path.includes('{instance}'))
      .map((method) => ({
        method: method.toUpperCase() as 'GET',
        url: path
          .replace('{instance}', 'nobody')
          .replace('{workflow}', 'ingress')
          .replaceAll(/\{\w+\}/g, 'contact')
          .replace(/decisions$/, `decisions?contact=${CONTACT_ID}`),
      })),
  );
  for (const { method, url } of routes) {
    expect([url, (await world.call(method, url)).statusCode]).toEqual([url, 404]);
  }
  const put = await world.call('PUT', `${BASE}/instances/nobody/connections/dynamics`, {
    payload: { url: 'https://x.example', tenantId: 't', clientId: 'c', clientSecret: 's' },
  });
  expect(put.statusCode).toBe(404);
});

test('what NATS has to tell is a 503 while it is away, and the rest is answered', async () => {
  await servers.nats.kill();
  try {
    const paths = [
      `${DEMO}/budget`,
      `${INGRESS}/mappings/contact/held-deletes`,
      `${DEMO}/workflows/optin/decisions?contact=${CONTACT_ID}`,
    ];
    for (const answer of await Promise.all(paths.map((path) => world.call('GET', path)))) {
      expect(answer.json()).toMatchObject({ type: '/problems/temporarily-unavailable' });
      expect(answer.headers['retry-after']).toBe('5');
    }
    expect((await world.call('GET', INGRESS)).statusCode).toBe(200);
  } finally {
    await servers.nats.restart();
  }
}, 60_000);
