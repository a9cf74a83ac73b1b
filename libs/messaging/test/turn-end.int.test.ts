import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { type Bus, publishRecords, queuedCount, turnEnd, writtenMemory } from '../src/index.ts';
import { contacts, ingress, record } from './builders.ts';
import { type Fixture, SERVERS, startBus } from './bus-fixture.ts';

test('all who wait for the end of a turn go on in the order in which they came', async () => {
  const order: string[] = [];
  const wait = async (name: string) => {
    await turnEnd();
    order.push(name);
  };
  const early = [wait('a'), wait('b')];
  await Promise.resolve();
  await Promise.all([...early, wait('c')]);
  expect(order).toEqual(['a', 'b', 'c']);
});

test('who comes after a turn has ended waits for the next one, however many steps it takes', async () => {
  await turnEnd();
  const next = turnEnd().then(() => 'ended');
  const steps = stepsLater(100).then(() => 'not yet');
  expect(await Promise.race([next, steps])).toBe('not yet');
  expect(await next).toBe('ended');
});

describe.each(SERVERS)('what many send at once, on the %s nats-server', (which) => {
  let nats: Fixture;
  beforeAll(async () => {
    nats = await startBus(which);
  });
  afterAll(async () => nats[Symbol.asyncDispose]());

  test('a hundred writes are remembered with a handful of writes to the socket', async () => {
    const { bus, writesOf } = await watched(nats);
    const memory = writtenMemory(bus, contacts);
    const keys = Array.from({ length: 100 }, (_, index) => `k${index}`);
    const put = async (key: string, index: number) => {
      await stepsLater(index);
      await memory.put(key, { hash: key, version: '1' });
    };
    expect(await writesOf(() => Promise.all(keys.map(put)))).toBeLessThan(20);
    let found: unknown[] = [];
    const look = async () => {
      found = await Promise.all(
        keys.map(async (key, index) => {
          await stepsLater(index);
          return memory.get(key);
        }),
      );
    };
    expect(await writesOf(look)).toBeLessThan(20);
    expect(found).toEqual(keys.map((hash) => ({ hash, version: '1' })));
  });

  test('a thousand records are queued with far fewer writes, and no more wait than may', async () => {
    const { bus, writesOf } = await watched(nats);
    const outgoing = Array.from({ length: 1_000 }, (_, index) => ({
      record: record({ key: `k${index}` }),
      partition: index % 4,
      messageId: `many/${index}`,
    }));
    const send = bus.js.publish.bind(bus.js);
    let [waiting, most] = [0, 0];
    jest.spyOn(bus.js, 'publish').mockImplementation(async (...message) => {
      waiting += 1;
      most = Math.max(most, waiting);
      return send(...message).finally(() => (waiting -= 1));
    });
    const writes = await writesOf(() =>
      publishRecords(bus, ingress, outgoing, { inFlightMax: 100 }),
    );
    expect(most).toBe(100);
    expect(writes).toBeLessThan(200);
    expect(await queuedCount(bus, ingress)).toBe(1_000);
  });
});

/** Each record is at another step of its way in the same turn. */
async function stepsLater(count: number): Promise<void> {
  for (let step = 0; step < count; step += 1) await Promise.resolve();
}

type Watched = { bus: Bus; writesOf: (work: () => Promise<unknown>) => Promise<number> };

/** A connection of its own, whose writes to its socket are counted. */
async function watched(nats: Fixture): Promise<Watched> {
  const sockets: Socket[] = [];
  const onSocket = (message: unknown) => {
    const isOne = typeof message === 'object' && message !== null && 'socket' in message;
    if (isOne && message.socket instanceof Socket) sockets.push(message.socket);
  };
  subscribe('net.client.socket', onSocket);
  const bus = await nats.connect();
  unsubscribe('net.client.socket', onSocket);
  const spies = sockets.map((socket) => jest.spyOn(socket, 'write'));
  const count = () => spies.reduce((sum, { mock }) => sum + mock.calls.length, 0);
  const writesOf = async (work: () => Promise<unknown>) => {
    const before = count();
    await work();
    expect(count()).toBeGreaterThan(before);
    return count() - before;
  };
  return { bus, writesOf };
}
