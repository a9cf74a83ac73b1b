import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Bus, connectBus, writtenMemory } from '@landbridge/messaging';
import { createLog } from '@landbridge/telemetry';
import { startNats } from '@landbridge/testing';
import { createNewProfilesReader, ingressContacts } from '../src/reading/new-profiles.reader.ts';
import { recall, remember } from '../src/writing/contact-memory.ts';
import { FakeMemory, idOf, INSTANCE } from './builders.ts';

const log = createLog('test', 'silent');
const context = { signal: new AbortController().signal, log };
let nats: Awaited<ReturnType<typeof startNats>>;
let bus: Bus;
beforeAll(async () => {
  nats = await startNats();
  bus = await connectBus({ url: nats.url, name: 'test', log });
}, 60_000);
afterAll(async () => {
  await bus.close();
  await nats.stop();
}, 60_000);

test('who opted out before there was a profile is looked at when ingress has made it, once', async () => {
  const memory = new FakeMemory();
  const awaiting = { ...(await recall(memory, idOf(1))), awaitsProfile: true };
  for (const number of [1, 3]) await remember(memory, idOf(number), awaiting);
  const reader = createNewProfilesReader({ bus, instance: INSTANCE, memory });
  const ingress = writtenMemory(bus, ingressContacts(INSTANCE));
  await ingress.put('_complete', { hash: null, version: null });
  for (const number of [1, 2]) await ingress.put(idOf(number), { hash: 'a.b', version: '7' });

  const first = await reader.read(null, context);
  expect(first.records).toMatchObject([{ key: idOf(1), table: 'optout', change: 'upsert' }]);
  expect(first.calls).toBe(0);
  const second = await reader.read(first.next, context);
  expect(second).toMatchObject({ records: [], next: first.next, more: false });

  await ingress.put(idOf(3), { hash: 'a.b', version: '8' });
  const third = await reader.read(second.next, context);
  expect(third.records.map(({ key }) => key)).toEqual([idOf(3)]);
}, 60_000);
