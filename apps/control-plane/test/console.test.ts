import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openAppWorld, type AppWorld } from './app-world.ts';

let folder: string;
let world: AppWorld;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'landbridge-console-'));
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), '<title>Landbridge</title>');
  await writeFile(join(folder, 'favicon.svg'), '<svg/>');
  await writeFile(join(folder, 'assets/main-abc123.js'), 'export {}');
  world = await openAppWorld({ consoleDir: folder });
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const open = (url: string, accept = 'text/html,application/xhtml+xml,*/*;q=0.8') =>
  world.app.inject({ url, headers: { accept } });

test('every page of the console is its one file, asked for again each time', async () => {
  for (const url of ['/', '/instances/demo/workflows', '/settings?tab=1']) {
    const answer = await open(url);
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toBe('<title>Landbridge</title>');
    expect(answer.headers['cache-control']).toBe('no-cache');
  }
});

test('hashed files are kept for ever, others are asked for again', async () => {
  const hashed = await open('/assets/main-abc123.js', '*/*');
  expect(hashed.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  expect(hashed.headers['content-type']).toContain('javascript');
  expect((await open('/favicon.svg', '*/*')).headers['cache-control']).toBe('no-cache');
});

test('a script that is not there is not a page', async () => {
  const answer = await open('/assets/gone.js', '*/*');
  expect(answer.statusCode).toBe(404);
  expect(answer.headers['content-type']).toBe('application/problem+json');
});

test('nothing outside the folder is served', async () => {
  for (const url of ['/../package.json', '/assets/../../package.json', '/%2e%2e/package.json']) {
    expect((await open(url, '*/*')).statusCode).toBe(404);
  }
});

test('the API is no page, even for a browser', async () => {
  const answer = await open('/api/v1/nothing');
  expect(answer.headers['content-type']).toBe('application/problem+json');
});

test('the pages may talk to nobody else', async () => {
  const { headers } = await open('/');
  expect(headers['content-security-policy']).toBe(
    "default-src 'none';script-src 'self';style-src 'self';img-src 'self' data:;" +
      "font-src 'self';connect-src 'self';manifest-src 'self';base-uri 'none';form-action 'self';" +
      "frame-ancestors 'none'",
  );
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(headers['referrer-policy']).toBe('no-referrer');
});

test('without a built console the API works and the page says what is missing', async () => {
  await using bare = await openAppWorld({ consoleDir: join(folder, 'not-there') });
  const page = await bare.app.inject({ url: '/', headers: { accept: 'text/html' } });
  expect(page.statusCode).toBe(404);
  expect(page.body).toContain('The console is not built');
  expect((await bare.app.inject('/')).json()).toMatchObject({
    type: '/problems/console-not-built',
  });
  expect((await bare.call('GET', '/api/v1/instances')).statusCode).toBe(200);
});
