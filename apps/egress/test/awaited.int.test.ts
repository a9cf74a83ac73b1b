import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { InstanceId } from '@landbridge/contracts';
import { awaitedCount, type Bus, connectBus, type Cursor, layAside } from '@landbridge/messaging';
import { createLog } from '@landbridge/telemetry';
import { type NatsServer, startNats } from '@landbridge/testing';
import { createAwaitedReader } from '../src/waiting/awaited.reader.ts';
import { contactId, event, NOW, queued } from './builders.ts';

const log = createLog('test', 'silent');
let nats: NatsServer;
let bus: Bus;
beforeAll(async () => {
  nats = await startNats();
  bus = await connectBus({ url: nats.url, name: 'test', log });
});
afterAll(async () => {
  await bus.close();
  await nats.stop();
});

/** Events that wait in an instance of their own, and the contacts that are there. */
function waiting(name: string) {
  const at = { workflow: 'egress', instance: InstanceId.parse(name) } as const;
  const there = new Set<string>();
  const asked: number[] = [];
  const open = (minutesLater = 0) =>
    createAwaitedReader({
      bus,
      at,
      client: {
        existing: async (_, ids) => {
          asked.push(ids.length);
          return { value: new Set(ids.filter((id) => there.has(id))), calls: 1 };
        },
      },
      contactTable: {
        table: 'contact',
        entitySet: 'contacts',
        primaryId: 'contactid',
        columns: [],
      },
      contacts: {
        of: async ({ profile }) => ({ found: 'yes', contactId: profile.value }),
      },
      waitMinutes: 60,
      everyMs: 1_000,
      onDynamicsCalls: () => undefined,
      now: () => new Date(NOW.getTime() + minutesLater * 60_000),
    });
  const context = { signal: new AbortController().signal, log };
  return {
    there,
    asked,
    lay: (nth: number) => layAside(bus, at, { ...queued(event(nth)), instance: at.instance }),
    read: (cursor: Cursor | null, minutesLater = 0) => open(minutesLater).read(cursor, context),
    count: () => awaitedCount(bus, { ...at, table: 'click' }),
  };
}

test('an event is queued when its contact is there, and waits no longer once that is proven', async () => {
  const { there, lay, read, count } = waiting('appears');
  for (const nth of [1, 2, 3]) await lay(nth);
  there.add(contactId(2));
  const first = await read(null);
  expect(first.records.map(({ key }) => key)).toEqual(['event:2']);
  expect(await count()).toBe(3);
  // A crash before the cursor was saved: the same is found again, and is the same message.
  expect((await read(null)).records).toEqual(first.records);
  await read(first.next);
  expect(await count()).toBe(2);
});

test('an event whose time is over is handed to the writer, who says so', async () => {
  const { lay, read, asked } = waiting('is-over');
  await lay(1);
  expect((await read(null, 59)).records).toEqual([]);
  expect((await read(null, 60)).records).toHaveLength(1);
  expect(asked).toEqual([1]);
});

test('laid aside twice, an event waits once', async () => {
  const { lay, count } = waiting('twice');
  await lay(1);
  await lay(1);
  expect(await count()).toBe(1);
});

test('a pass asks for the contacts of a page together, and rests when it is through', async () => {
  const { lay, read, asked } = waiting('many');
  await Promise.all(Array.from({ length: 250 }, (_, nth) => lay(nth)));
  const first = await read(null);
  const second = await read(first.next);
  const last = await read(second.next);
  expect(asked).toEqual([200, 50]);
  expect(last).toMatchObject({ more: false, restMs: 1_000, next: { after: 0 } });
});

test('another instance’s events are none of this one’s', async () => {
  const one = waiting('one');
  const other = waiting('other');
  await one.lay(1);
  other.there.add(contactId(1));
  expect((await other.read(null)).records).toEqual([]);
  expect(await one.count()).toBe(1);
});
