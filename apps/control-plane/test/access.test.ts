import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { createLog } from '@landbridge/telemetry';
import { InstanceId } from '@landbridge/contracts';
import { openAdminToken } from '../src/access/admin-token.ts';
import { permits } from '../src/access/principal.ts';
import { openSessions } from '../src/access/sessions.ts';
import { BASE, DEMO, INGRESS, openAppWorld, type AppWorld } from './app-world.ts';

const log = createLog('control-plane', 'silent');
const ORIGIN = 'http://127.0.0.1:8080';

/** Opens a sign-in link as a browser does, and keeps its cookie. */
async function signIn(world: AppWorld): Promise<string> {
  const link = new URL(world.access.newSignInLink(ORIGIN));
  const answer = await world.app.inject(link.pathname + link.search);
  expect(answer.statusCode).toBe(303);
  expect(answer.headers.location).toBe('/');
  const cookie = answer.cookies[0]!;
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/' });
  return `${cookie.name}=${cookie.value}`;
}

test('every route of the API demands to know who asks', async () => {
  await using world = await openAppWorld();
  const { paths } = (await world.app.inject('/openapi.json')).json<{
    paths: Record<string, Record<string, unknown>>;
  }>();
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({
      method: method.toUpperCase() as 'GET',
      url: path
        .replace('{instance}', 'demo')
        .replace('{workflow}', 'ingress')
        .replaceAll(/\{\w+\}/g, 'contact'),
    })),
  );
  const answers = await Promise.all(
    routes.map(async (route) => ({ ...route, status: (await world.app.inject(route)).statusCode })),
  );
  const open = answers.filter(({ status }) => status !== 401).map(({ url }) => url);
  expect(open).toEqual(['/livez', '/readyz', '/metrics']);
  expect((await world.app.inject(`${BASE}/no-such-thing`)).statusCode).toBe(401);
});

test('a wrong token is told from none, and says how to sign in', async () => {
  await using world = await openAppWorld();
  for (const authorization of ['Bearer wrong', `Basic ${world.token}`, `Bearer ${world.token}x`]) {
    const answer = await world.app.inject({ url: INGRESS, headers: { authorization } });
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="landbridge"');
    expect(answer.json()).toMatchObject({ type: '/problems/not-authenticated', status: 401 });
  }
});

test('the token is made once, is its owner’s alone, and is the same at the next start', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'landbridge-token-'));
  try {
    const [one, other] = await Promise.all([
      openAdminToken(folder, log),
      openAdminToken(folder, log),
    ]);
    expect(one.token).toBe(other.token);
    expect([one.isNew, other.isNew].toSorted()).toEqual([false, true]);
    expect((await stat(one.path)).mode & 0o777).toBe(0o600);
    await chmod(one.path, 0o644);
    expect(await openAdminToken(folder, log)).toEqual({ ...one, isNew: false });
    expect((await stat(one.path)).mode & 0o777).toBe(0o600);
    await writeFile(one.path, 'short');
    await expect(openAdminToken(folder, log)).rejects.toThrow('does not hold a token');
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a sign-in link works once', async () => {
  await using world = await openAppWorld();
  const link = new URL(world.access.newSignInLink(ORIGIN));
  const url = link.pathname + link.search;
  expect((await world.app.inject({ method: 'HEAD', url })).statusCode).toBe(405);
  expect((await world.app.inject(url)).statusCode).toBe(303);
  expect((await world.app.inject(url)).statusCode).toBe(401);
});

test('a sign-in link that nobody opened in time signs nobody in, and a page says so', async () => {
  let now = new Date('2026-11-24T12:00:00Z');
  await using world = await openAppWorld({ now: () => now });
  const link = new URL(world.access.newSignInLink(ORIGIN));
  now = new Date('2026-11-24T13:00:00Z');
  const answer = await world.app.inject({
    url: link.pathname + link.search,
    headers: { accept: 'text/html' },
  });
  expect(answer.statusCode).toBe(401);
  expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
  expect(answer.body).toContain('This sign-in link was used already, or has ended.');
});

test('a session knows its person until it ends, at any control plane with the same key', async () => {
  let now = new Date('2026-11-24T12:00:00Z');
  await using world = await openAppWorld({ now: () => now });
  await using other = await openAppWorld({ now: () => now });
  const cookie = await signIn(world);
  const session = await other.app.inject({ url: `${BASE}/session`, headers: { cookie } });
  expect(session.json()).toEqual({
    kind: 'person',
    id: 'local-administrator',
    name: 'Local administrator',
    grants: { '*': 'admin' },
    expiresAt: '2026-11-25T00:00:00.000Z',
  });
  now = new Date('2026-11-25T00:00:01Z');
  const ended = await world.app.inject({ url: `${BASE}/session`, headers: { cookie } });
  expect(ended.statusCode).toBe(401);
});

test('a session of another key is none', async () => {
  const theirs = openSessions(new Uint8Array(32).fill(8));
  const { cookie } = await theirs.issue({
    kind: 'person',
    id: 'local-administrator',
    name: 'Local administrator',
    grants: { '*': 'admin' },
    expiresAt: null,
  });
  await using world = await openAppWorld();
  expect(theirs.cookieName).not.toBe(world.access.sessions.cookieName);
  const headers = { cookie: `${world.access.sessions.cookieName}=${cookie}` };
  expect((await world.app.inject({ url: `${BASE}/session`, headers })).statusCode).toBe(401);
});

test('a session changes things only from our own pages', async () => {
  await using world = await openAppWorld();
  await world.connect();
  const cookie = await signIn(world);
  const start = (headers: Record<string, string>) =>
    world.app.inject({ method: 'POST', url: `${INGRESS}/start`, headers: { cookie, ...headers } });
  const foreign = await start({ origin: 'http://evil.example', host: '127.0.0.1:8080' });
  expect(foreign.statusCode).toBe(403);
  expect(foreign.json()).toMatchObject({ type: '/problems/foreign-origin' });
  expect((await start({})).statusCode).toBe(403);
  expect((await start({ origin: 'null' })).statusCode).toBe(403);
  const own = await start({ origin: ORIGIN, host: '127.0.0.1:8080' });
  expect(own.statusCode).toBe(202);
  expect(world.fake.contexts.at(-1)?.actor).toMatchObject({ kind: 'person' });
});

test('a browser signs in by token and signs out', async () => {
  await using world = await openAppWorld();
  const signedIn = await world.call('POST', `${BASE}/session`);
  expect(signedIn.statusCode).toBe(201);
  expect(signedIn.json()).toMatchObject({ kind: 'person' });
  const cookie = `${signedIn.cookies[0]!.name}=${signedIn.cookies[0]!.value}`;
  const headers = { cookie, origin: ORIGIN, host: '127.0.0.1:8080' };
  const again = await world.app.inject({ method: 'POST', url: `${BASE}/session`, headers });
  expect(again.statusCode).toBe(403);
  const out = await world.app.inject({ method: 'DELETE', url: `${BASE}/session`, headers });
  expect(out.statusCode).toBe(204);
  expect(out.cookies[0]).toMatchObject({ name: world.access.sessions.cookieName, value: '' });
});

test('a role reaches its own instance, and every smaller role in it', () => {
  const demo = InstanceId.parse('demo');
  const prod = InstanceId.parse('prod');
  const grants = { demo: 'operator' } as const;
  expect(permits(grants, 'viewer', demo)).toBe(true);
  expect(permits(grants, 'operator', demo)).toBe(true);
  expect(permits(grants, 'editor', demo)).toBe(false);
  expect(permits(grants, 'viewer', prod)).toBe(false);
  expect(permits(grants, 'viewer', null)).toBe(true);
  expect(permits({ '*': 'admin' }, 'admin', prod)).toBe(true);
});

test('who has a smaller role gets the problem that names the one it takes', async () => {
  const principal = {
    kind: 'person',
    id: 'vera',
    name: 'Vera',
    grants: { demo: 'viewer' },
    expiresAt: null,
  } as const;
  await using world = await openAppWorld();
  await using theirs = await openAppWorld({
    controlPlane: world.fake.controlPlane,
    access: {
      ...world.access,
      authenticators: [async () => ({ kind: 'known', by: 'bearer', principal })],
    },
  });
  await world.connect();
  await world.call('PUT', `${BASE}/instances/prod`, {
    payload: { name: 'Prod', production: true },
  });
  expect((await theirs.call('GET', INGRESS)).statusCode).toBe(200);
  const start = await theirs.call('POST', `${INGRESS}/start`);
  expect(start.json()).toMatchObject({
    type: '/problems/not-permitted',
    detail: 'This needs the role operator on instance demo.',
  });
  expect((await theirs.call('GET', `${BASE}/instances/prod`)).statusCode).toBe(403);
  const list = await theirs.call('GET', `${BASE}/instances`);
  expect(list.json<{ items: unknown[] }>().items).toHaveLength(1);
  expect((await theirs.call('PUT', `${DEMO}/connections/dynamics`)).statusCode).toBe(403);
});

test('the token’s file is where people are told', async () => {
  await using world = await openAppWorld();
  expect((await readFile(world.access.adminTokenPath, 'utf8')).trim()).toBe(world.token);
});

test('behind a proxy on this machine that ends TLS the cookie never goes without it', async () => {
  await using world = await openAppWorld();
  const answer = await world.call('POST', `${BASE}/session`, {
    headers: { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'landbridge.example' },
  });
  expect(answer.cookies[0]).toMatchObject({ secure: true });
  const direct = await world.call('POST', `${BASE}/session`);
  expect(direct.cookies[0]?.secure).toBeUndefined();
});
