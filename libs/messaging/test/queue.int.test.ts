import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { InstanceId, type QueuedRecord } from '@landbridge/contracts';
import { until } from '@landbridge/testing';
import {
  backlogOf,
  deleteDeadLetter,
  getDeadLetter,
  listDeadLetters,
  openPartition,
  openTick,
  publishRecords,
  QueueFull,
  readMessage,
  storeDeadLetter,
  writtenMemory,
} from '../src/index.ts';
import { contacts, ingress, record } from './builders.ts';
import { type Fixture, SERVERS, startBus } from './bus-fixture.ts';

const outgoing = (over: Partial<QueuedRecord>, partition = 0) => {
  const made = record(over);
  return { record: made, partition, messageId: `${made.instance}/${made.key}/${made.version}` };
};

describe.each(SERVERS)('records under way, on the %s nats-server', (which) => {
  let nats: Fixture;
  beforeAll(async () => {
    nats = await startBus(which);
  });
  afterAll(async () => nats[Symbol.asyncDispose]());
  const newInstance = (name: string) => ({
    workflow: 'ingress' as const,
    instance: InstanceId.parse(name),
  });

  test('records are queued in order, and publishing a batch again adds nothing', async () => {
    const at = newInstance('order');
    const batch = Array.from({ length: 600 }, (_, index) =>
      outgoing({ instance: at.instance, key: `k${index % 7}`, version: String(index) }),
    );
    await publishRecords(nats.bus, at, batch);
    await publishRecords(nats.bus, at, batch);
    expect(await backlogOf(nats.bus, at)).toMatchObject({ queued: 600, pending: 0 });
    const partition = await openPartition(nats.bus, at, 0);
    const versions: (string | null)[] = [];
    for await (const message of await partition.fetch({ max_messages: 1, expires: 1_000 })) {
      versions.push(readMessage(message).record?.version ?? null);
      expect(await backlogOf(nats.bus, at)).toMatchObject({ queued: 599, pending: 1 });
      message.ack();
    }
    expect(versions).toEqual(['0']);
    await until(
      'one less',
      () => backlogOf(nats.bus, at),
      ({ queued }) => queued === 599,
    );
  });

  test('a full queue says so, and takes the same batch when there is room again', async () => {
    const at = newInstance('full');
    const { config } = await nats.bus.jsm.streams.info('QUEUE_INGRESS');
    await nats.bus.jsm.streams.purge('QUEUE_INGRESS');
    await nats.bus.jsm.streams.update('QUEUE_INGRESS', { max_msgs: 3 });
    const batch = ['a', 'b', 'c', 'd', 'e'].map((key) => outgoing({ instance: at.instance, key }));
    await expect(publishRecords(nats.bus, at, batch)).rejects.toThrow(QueueFull);
    await nats.bus.jsm.streams.update('QUEUE_INGRESS', config);
    await publishRecords(nats.bus, at, batch);
    expect((await backlogOf(nats.bus, at)).queued).toBe(5);
  });

  test('a message that is none of ours is read as such, with its table and without its values', async () => {
    const at = newInstance('poison');
    await nats.bus.js.publish('queue.ingress.poison.contact.0', '{"key":42,"secret":"x"}');
    const partition = await openPartition(nats.bus, at, 0);
    const message = await partition.next({ expires: 2_000 });
    const read = readMessage(message!);
    message?.ack();
    expect(read).toMatchObject({ record: null, table: 'contact' });
    expect(read.faults).not.toContain('x"');
  });

  test('a table has one tick, however often and by whomever it is seeded', async () => {
    await Promise.all([openTick(nats.bus, contacts), openTick(nats.bus, contacts)]);
    const tick = await openTick(await nats.connect(), contacts);
    const mine = await tick.next({ expires: 1_000 });
    expect(mine).not.toBeNull();
    expect(await tick.next({ expires: 1_000 })).toBeNull();
    mine?.nak();
    expect(await tick.next({ expires: 1_000 })).not.toBeNull();
  });

  test('a dead letter keeps the message whole, is one however often it is stored, and goes', async () => {
    const data = new TextEncoder().encode(JSON.stringify(record({ key: 'ключ.*>' })));
    const reason = { code: 'valueTooLong', message: 'firstName takes 50 characters – not 90' };
    const letter = {
      ...contacts,
      id: '7-1',
      key: 'ключ.*>',
      reason,
      attempts: 2,
      data,
      traceparent: null,
    };
    await storeDeadLetter(nats.bus, letter);
    await storeDeadLetter(nats.bus, letter);
    await storeDeadLetter(nats.bus, { ...letter, id: '8-1', data: new Uint8Array([0xff]) });
    const first = await listDeadLetters(nats.bus, ingress, { limit: 1 });
    const rest = await listDeadLetters(nats.bus, ingress, { limit: 9, afterId: '7-1' });
    expect(first).toMatchObject([{ ...letter, record: { key: 'ключ.*>' } }]);
    expect(rest).toMatchObject([{ id: '8-1', record: null }]);
    await deleteDeadLetter(nats.bus, ingress, '7-1');
    await deleteDeadLetter(nats.bus, ingress, '7-1');
    expect(await getDeadLetter(nats.bus, ingress, '7-1')).toBeNull();
    expect(await getDeadLetter(nats.bus, ingress, '8-1')).not.toBeNull();
  });

  test('the written memory remembers the last write of each key of its table alone', async () => {
    const memory = writtenMemory(nats.bus, contacts);
    const others = writtenMemory(nats.bus, { ...ingress, table: 'account' });
    await memory.put('a.b', { hash: 'h1', version: '1' });
    await memory.put('a.b', { hash: 'h2', version: '2', extra: { pkey: '@x' } });
    await memory.put('gone', { hash: null, version: null });
    await others.put('a.b', { hash: 'other', version: '9' });
    expect(await memory.get('a.b')).toEqual({ hash: 'h2', version: '2', extra: { pkey: '@x' } });
    expect(await memory.get('never')).toBeNull();
    await memory.delete('a.b');
    expect(await memory.get('a.b')).toBeNull();
    const keys: string[] = [];
    for await (const { key } of memory.entries()) keys.push(key);
    expect(keys).toEqual(['gone']);
    await memory.clear();
    expect(await memory.get('gone')).toBeNull();
    expect(await others.get('a.b')).not.toBeNull();
  });

  test('all remembered keys come out page by page, and from the middle on', async () => {
    const memory = writtenMemory(nats.bus, { ...ingress, table: 'many' });
    const keys = Array.from({ length: 1_300 }, (_, index) => `k${index}`);
    await Promise.all(keys.map((key) => memory.put(key, { hash: key, version: '1' })));
    const seen: { key: string; sequence: number }[] = [];
    for await (const { key, sequence } of memory.entries()) seen.push({ key, sequence });
    expect(new Set(seen.map(({ key }) => key)).size).toBe(1_300);
    const rest: string[] = [];
    const afterSequence = seen[999]!.sequence;
    for await (const { key } of memory.entries({ afterSequence })) rest.push(key);
    expect(rest).toEqual(seen.slice(1_000).map(({ key }) => key));
  });

  test('the last sequence parts what was put before from what is put later', async () => {
    const memory = writtenMemory(nats.bus, { ...ingress, table: 'parted' });
    await memory.put('before', { hash: 'h', version: '1' });
    const last = await memory.lastSequence();
    await memory.put('later', { hash: 'h', version: '1' });
    const isBefore: Record<string, boolean> = {};
    for await (const { key, sequence } of memory.entries()) isBefore[key] = sequence <= last;
    expect(isBefore).toEqual({ before: true, later: false });
  });
});
