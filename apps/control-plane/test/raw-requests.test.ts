import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Problem } from '@landbridge/contracts';
import { openAppWorld, type AppWorld } from './app-world.ts';

let world: AppWorld;
beforeAll(async () => {
  world = await openAppWorld();
  await world.connect();
  await world.app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => world[Symbol.asyncDispose]());

/** What the server answers to these very bytes, which no client would send. */
async function answerTo(bytes: string): Promise<{ status: string; problem: Problem }> {
  const { port } = world.app.server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  socket.write(bytes);
  const answer = await text(socket);
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  expect(head).toMatch(/content-type: application\/problem\+json/i);
  return { status: head.split('\r\n')[0] ?? '', problem: Problem.strict().parse(JSON.parse(body)) };
}

const get = (path: string) =>
  answerTo(
    `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n` +
      `Authorization: Bearer ${world.token}\r\n\r\n`,
  );

test.each([
  '//',
  '//[',
  '//[?x=1',
  '/\\x',
  '/livez/',
  '/api/v1/instances/demo/',
  '/api/v1/../../livez',
])('GET %s is a 404, for no route has this very path', async (path) => {
  const { status, problem } = await get(path);
  expect(status).toBe('HTTP/1.1 404 Not Found');
  expect(problem).toMatchObject({
    type: '/problems/no-such-route',
    detail: `There is no ${path.split('?')[0]}.`,
  });
});

test.each([
  ['a request line that is none', 'NONSENSE\r\n\r\n', '400 Bad Request', 'unreadable-request'],
  [
    'a header of 20 kB',
    `GET /livez HTTP/1.1\r\nHost: localhost\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`,
    '431 Request Header Fields Too Large',
    'headers-too-large',
  ],
])('%s is told by its own problem', async (_what, bytes, expected, kind) => {
  const { status, problem } = await answerTo(bytes);
  expect(status).toBe(`HTTP/1.1 ${expected}`);
  expect(problem.type).toBe(`/problems/${kind}`);
});
