import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { InstanceId, WorkflowView } from '@landbridge/contracts';
import type { WorkflowChange } from '../src/control-plane.ts';
import { eventStream } from '../src/workflows/event-stream.ts';
import { BASE, INGRESS, openAppWorld, type AppWorld } from './app-world.ts';
import { stoppedView } from './fake-control-plane.ts';

const view = stoppedView(InstanceId.parse('demo'), 'ingress');

/** A browser's end of the stream. */
interface Listener extends Disposable {
  response: IncomingMessage;
  /** What arrived, once it holds `text`. */
  until(text: string): Promise<string>;
  ended(): Promise<void>;
}

async function listen(world: AppWorld, headers: Record<string, string> = {}): Promise<Listener> {
  if (world.app.addresses().length === 0) await world.app.listen({ host: '127.0.0.1', port: 0 });
  const request = httpRequest({
    host: '127.0.0.1',
    port: (world.app.server.address() as AddressInfo).port,
    path: `${BASE}/events`,
    headers: { authorization: `Bearer ${world.token}`, ...headers },
  });
  request.on('error', () => undefined);
  request.end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  let received = '';
  response.setEncoding('utf8').on('data', (piece: string) => {
    received += piece;
    response.emit('piece');
  });
  response.on('error', () => undefined);
  return {
    response,
    until: async (text) => {
      while (!received.includes(text)) await once(response, 'piece');
      return received;
    },
    ended: async () => {
      if (!response.readableEnded) await once(response, 'end');
    },
    [Symbol.dispose]: () => void request.destroy(),
  };
}

test('every change of a workflow is an event with its position', async () => {
  await using world = await openAppWorld();
  await world.connect();
  using listener = await listen(world);
  expect(listener.response.headers['content-type']).toBe('text/event-stream; charset=utf-8');
  expect(listener.response.headers['cache-control']).toBe('no-cache, no-transform');
  await listener.until(': connected');
  await world.call('POST', `${INGRESS}/start`);
  const received = await listener.until('STARTING');
  const [, name, id, data] = /event: (\w+)\nid: (\d+)\ndata: (.*)\n\n/.exec(received)!;
  expect([name, id]).toEqual(['workflow', '1']);
  expect(WorkflowView.parse(JSON.parse(data!))).toMatchObject({ instance: 'demo' });
});

test('a stream goes on after the event that was seen last', async () => {
  await using world = await openAppWorld();
  await world.connect();
  for (const backlog of [1, 2, 3]) world.fake.change({ ...view, backlog });
  using listener = await listen(world, { 'last-event-id': '1' });
  const received = await listener.until('"backlog":3');
  expect(received.match(/^id: \d+$/gm)).toEqual(['id: 2', 'id: 3']);
});

test('an id that the stream never sent is refused', async () => {
  await using world = await openAppWorld();
  const answer = await world.call('GET', `${BASE}/events`, { headers: { 'last-event-id': 'x' } });
  expect(answer.statusCode).toBe(400);
  expect(answer.json()).toMatchObject({ errors: [{ pointer: '/last-event-id' }] });
});

test('a stream without events shows that it lives', async () => {
  await using world = await openAppWorld({ heartbeatMs: 5 });
  using listener = await listen(world);
  await listener.until(': heartbeat');
});

test('the stream ends cleanly when the server stops', async () => {
  await using world = await openAppWorld();
  using listener = await listen(world);
  await listener.until(': connected');
  await world.app.close();
  await listener.ended();
  expect(listener.response.complete).toBe(true);
});

test('who leaves is no longer watched for', async () => {
  await using world = await openAppWorld();
  const listener = await listen(world);
  await listener.until(': connected');
  world.fake.change(view);
  await listener.until('event: workflow');
  listener[Symbol.dispose]();
  while (world.fake.watchersCount() > 0) await new Promise(setImmediate);
});

test('who may not see an instance hears nothing of it', async () => {
  const principal = {
    kind: 'person',
    id: 'vera',
    name: 'Vera',
    grants: { prod: 'viewer' },
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
  using listener = await listen(theirs);
  await listener.until(': connected');
  world.fake.change(view);
  world.fake.change({ ...view, instance: InstanceId.parse('prod') });
  expect(await listener.until('"prod"')).not.toContain('"demo"');
});

test('the stream ends with the session', async () => {
  const principal = {
    kind: 'person',
    id: 'vera',
    name: 'Vera',
    grants: { '*': 'viewer' },
    expiresAt: new Date(Date.now() + 50),
  } as const;
  await using world = await openAppWorld();
  await using theirs = await openAppWorld({
    access: {
      ...world.access,
      authenticators: [async () => ({ kind: 'known', by: 'cookie', principal })],
    },
  });
  using listener = await listen(theirs);
  await listener.ended();
});

test('a slow reader holds the source back', async () => {
  let handedOut = 0;
  async function* source(): AsyncGenerator<WorkflowChange> {
    for (;;) {
      handedOut += 1;
      yield { position: BigInt(handedOut), view };
    }
  }
  const stop = new AbortController();
  const pieces = eventStream(source(), {
    heartbeatMs: 60_000,
    mayRead: () => true,
    signal: stop.signal,
  });
  for (let piece = 0; piece < 3; piece += 1) await pieces.next();
  await new Promise(setImmediate);
  expect(handedOut).toBeLessThanOrEqual(3);
  stop.abort();
  expect((await pieces.next()).done).toBe(true);
});
