import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createLog } from '@landbridge/telemetry';
import { until } from '@landbridge/testing';
import { connectBus, requestRetry } from '../src/index.ts';
import { retriesOf } from '../src/consumers.ts';
import { ensureConsumer, ensureStreams } from '../src/ensure-streams.ts';
import { RETRIES, STREAMS } from '../src/streams.ts';
import { ingress } from './builders.ts';
import { type Fixture, SERVERS, startBus } from './bus-fixture.ts';

describe.each(SERVERS)('the bus on the %s nats-server', (which) => {
  let nats: Fixture;
  beforeAll(async () => {
    nats = await startBus(which);
  });
  afterAll(async () => nats[Symbol.asyncDispose]());

  test.each(STREAMS.map(({ name }) => name))(
    '%s is as it was declared, option by option',
    async (name) => {
      const declared = STREAMS.find((stream) => stream.name === name);
      const { config } = await nats.bus.jsm.streams.info(name);
      // The server leaves out what is false.
      const told = { ...{ discard_new_per_subject: false, no_ack: false }, ...config };
      expect(told).toMatchObject({ ...declared });
    },
  );

  test('a consumer that an earlier version declared otherwise becomes as it is declared now', async () => {
    const { jsm, js } = nats.bus;
    const at = { ...ingress, table: 'upgraded' };
    const now = retriesOf(at);
    const earlier = { ...now, description: 'Of an earlier version', max_ack_pending: 1 };
    await ensureConsumer(jsm, RETRIES.name, earlier);
    for (const key of ['a', 'b'])
      await requestRetry(nats.bus, at, { key, deadLetterId: `letter-${key}` });
    const consumer = await js.consumers.get(RETRIES.name, now.durable_name);
    await (await consumer.next())?.ackAck();

    await ensureConsumer(jsm, RETRIES.name, now);
    await ensureConsumer(jsm, RETRIES.name, now);
    const { config, num_pending } = await jsm.consumers.info(RETRIES.name, now.durable_name);
    expect({ told: config.description, max: config.max_ack_pending, num_pending }).toEqual({
      told: now.description,
      max: now.max_ack_pending,
      num_pending: 1,
    });
  });

  test('a stream that somebody bent is straightened at the next start, and keeps its content', async () => {
    await nats.bus.js.publish('reports.ingress.dev.test', 'x');
    await nats.bus.jsm.streams.update('REPORTS', { max_bytes: 1024 * 1024 });
    await ensureStreams(nats.bus.jsm, 1);
    const { config, state } = await nats.bus.jsm.streams.info('REPORTS');
    expect({ bytes: config.max_bytes, messages: state.messages }).toEqual({
      bytes: 512 * 1024 * 1024,
      messages: 1,
    });
  });

  test('health says that the server answers and that a power cut may cost messages', async () => {
    const health = await nats.bus.health.check();
    expect(health).toEqual({
      ok: true,
      detail: expect.stringContaining('the queue is not safe against a power cut'),
    });
  });

  test('health fails while the server is away, and the bus comes back by itself', async () => {
    await nats.server.kill();
    await until('health to fail', nats.bus.health.check, ({ ok }) => !ok);
    await nats.server.restart();
    await until('health to be well again', nats.bus.health.check, ({ ok }) => ok);
  });
});

test('where nobody listens, connecting says so', async () => {
  const options = { url: 'nats://127.0.0.1:1', name: 'test', log: createLog('test', 'silent') };
  await expect(connectBus(options)).rejects.toThrow();
});
