import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Difference } from '@landbridge/contracts';
import {
  agreePartitions,
  cancelVerification,
  CursorMoved,
  foundDifferences,
  isCancelled,
  openPartition,
  openVerifications,
  partitionOfKey,
  publishRecords,
  readVerification,
  readVerificationState,
  rememberedWrite,
  requestVerification,
  saveVerificationState,
  searchQueue,
  writtenMemory,
} from '../src/index.ts';
import { contacts, ingress, record } from './builders.ts';
import { type Fixture, SERVERS, startBus } from './bus-fixture.ts';

const PARTITIONS = 2;

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

describe.each(SERVERS)('what is kept of single records, on the %s nats-server', (which) => {
  let nats: Fixture;
  beforeAll(async () => {
    nats = await startBus(which);
  });
  afterAll(async () => nats[Symbol.asyncDispose]());

  test('a record is found in the queue among others, and nothing is taken from it', async () => {
    const { bus } = nats;
    expect(await searchQueue(bus, contacts, 'k3')).toEqual({
      messages: [],
      lookedAtCount: 0,
      searchedAll: true,
    });
    await agreePartitions(bus, ingress, PARTITIONS);
    const outgoing = Array.from({ length: 40 }, (_, index) => {
      const made = record({ key: `k${index % 20}`, version: String(index) });
      const partition = partitionOfKey('contact', made.key, PARTITIONS);
      return { record: made, partition, messageId: `m${index}` };
    });
    await publishRecords(bus, ingress, outgoing);
    const found = await searchQueue(bus, contacts, 'k3');
    expect(found.searchedAll).toBe(true);
    expect(
      found.messages.map(({ record: { version }, handedOut }) => [version, handedOut]),
    ).toEqual([
      ['3', false],
      ['23', false],
    ]);
    expect((await searchQueue(bus, contacts, 'k99')).messages).toEqual([]);
    const bounded = await searchQueue(bus, contacts, 'k19', { countMax: 1 });
    expect(bounded).toMatchObject({ lookedAtCount: 1, searchedAll: false });
  });

  test('a record that a writer has in hand is told as such', async () => {
    const { bus } = nats;
    const partition = partitionOfKey('contact', 'k0', PARTITIONS);
    const consumer = await openPartition(bus, ingress, partition);
    const first = await consumer.next({ expires: 1_000 });
    const key = first?.json<{ key: string }>().key ?? '';
    const [message] = (await searchQueue(bus, contacts, key)).messages;
    expect(message?.handedOut).toBe(true);
    first?.nak(0);
  });

  test('a write is remembered with its time', async () => {
    const memory = writtenMemory(nats.bus, contacts);
    expect(await rememberedWrite(nats.bus, contacts, 'k1')).toBeNull();
    const before = Date.now() - 1_000;
    await memory.put('k1', { hash: 'h', version: '7' });
    const found = await rememberedWrite(nats.bus, contacts, 'k1');
    expect(found?.entry).toEqual({ hash: 'h', version: '7' });
    expect(found?.storedAt.getTime()).toBeGreaterThan(before);
  });

  test('a verification is handed out once, its state saved by compare-and-set, and called off', async () => {
    const { bus } = nats;
    const verificationId = randomUUID();
    const request = {
      schemaVersion: 1,
      kind: 'compare',
      verificationId,
      table: 'contact',
      rate: null,
      repair: false,
    } as const;
    await requestVerification(bus, contacts, request);
    await requestVerification(bus, contacts, request);
    const requests = await openVerifications(bus, contacts);
    const message = await requests.next({ expires: 1_000 });
    expect(message === null ? null : readVerification(message)).toEqual(request);
    await message?.ackAck();
    expect(await requests.next({ expires: 1_000 })).toBeNull();

    const { state, revision } = await readVerificationState(bus, contacts);
    expect(state).toBeNull();
    await saveVerificationState(bus, contacts, { pass: 1 }, revision);
    await expect(
      saveVerificationState(bus, contacts, { pass: 2 }, revision),
    ).rejects.toBeInstanceOf(CursorMoved);
    expect((await readVerificationState(bus, contacts)).state).toEqual({ pass: 1 });

    expect(await isCancelled(bus, contacts, verificationId)).toBe(false);
    await cancelVerification(bus, contacts, verificationId);
    expect(await isCancelled(bus, contacts, verificationId)).toBe(true);
    expect(await isCancelled(bus, contacts, randomUUID())).toBe(false);
  });

  test('a difference found twice is kept once, in the order of finding', async () => {
    const differences = foundDifferences(nats.bus, contacts);
    const one: Difference = { kind: 'missing', id: 'a', key: 'a', fields: [] };
    const two: Difference = { kind: 'different', id: 'b', key: 'b', fields: ['city'] };
    for (const found of [one, two, one]) expect(await differences.put(found)).toBe(true);
    expect((await all(differences.entries())).map(({ id }) => id)).toEqual(['b', 'a']);
    await differences.delete('b');
    expect(await all(differences.entries())).toEqual([one]);
    await differences.clear();
    expect(await all(differences.entries())).toEqual([]);
  });
});
