import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog, createRegistry } from '@landbridge/telemetry';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { openAccess, type Access } from '../src/access/access.ts';
import { buildApp, type AppDeps } from '../src/app.ts';
import { fakeClients, type FakeClients } from './fake-clients.ts';
import { fakeControlPlane, type FakeControlPlane } from './fake-control-plane.ts';

export const BASE = '/api/v1';
export const DEMO = `${BASE}/instances/demo`;
export const INGRESS = `${DEMO}/workflows/ingress`;

/** The API over fakes, and the administrator's way of calling it. */
export interface AppWorld extends AsyncDisposable {
  app: FastifyInstance;
  access: Access;
  fake: FakeControlPlane;
  systems: FakeClients;
  token: string;
  call(
    method: NonNullable<InjectOptions['method']>,
    url: string,
    rest?: Omit<InjectOptions, 'method' | 'url'>,
  ): Promise<LightMyRequestResponse>;
  /** Makes the instance `demo`, with both connections. */
  connect(): Promise<void>;
}

export const DYNAMICS = {
  url: 'https://contoso.crm.dynamics.com',
  tenantId: 'tenant',
  clientId: 'client',
  clientSecret: 'dynamics-secret',
};
export const CAMPAIGN = {
  url: 'https://mc.adobe.io/acme',
  organizationId: 'org',
  clientId: 'client',
  clientSecret: 'campaign-secret',
  scopes: ['campaign_sdk'],
};

export async function openAppWorld(
  rest: Partial<AppDeps> & { now?: () => Date } = {},
): Promise<AppWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'landbridge-app-'));
  const log = createLog('control-plane', 'silent');
  const { now = () => new Date(), ...deps } = rest;
  const access = await openAccess({
    key: new Uint8Array(32).fill(7),
    dataFolder: folder,
    log,
    now,
  });
  const token = (await readFile(access.adminTokenPath, 'utf8')).trim();
  const fake = fakeControlPlane();
  const systems = fakeClients();
  const app = await buildApp({
    controlPlane: fake.controlPlane,
    access,
    clients: systems.clients,
    checks: [{ name: 'postgres', check: async () => ({ ok: true, detail: 'answers' }) }],
    registry: createRegistry('control-plane'),
    log,
    consoleDir: null,
    ...deps,
  });
  const call: AppWorld['call'] = (method, url, options = {}) =>
    app.inject({
      method,
      url,
      ...options,
      headers: { authorization: `Bearer ${token}`, ...options.headers },
    });
  return {
    app,
    access,
    fake,
    systems,
    token,
    call,
    connect: async () => {
      await call('PUT', DEMO, { payload: { name: 'Demo', production: false } });
      await call('PUT', `${DEMO}/connections/dynamics`, { payload: DYNAMICS });
      await call('PUT', `${DEMO}/connections/campaign`, { payload: CAMPAIGN });
    },
    [Symbol.asyncDispose]: async () => {
      await app.close();
      await rm(folder, { recursive: true });
    },
  };
}
