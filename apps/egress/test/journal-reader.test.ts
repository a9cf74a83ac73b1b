import { expect, test } from '@jest/globals';
import type { Cursor } from '@landbridge/messaging';
import { createLog } from '@landbridge/telemetry';
import { identify } from '../src/events/identify.ts';
import { createJournalReader } from '../src/reading/journal.reader.ts';
import { configuration, contactId, instance, NOW } from './builders.ts';
import { FakeJournal, published } from './fake-journal.ts';

const context = { signal: new AbortController().signal, log: createLog('test', 'silent') };

function reading(settings: object = {}, address = 'https://events.example/journal') {
  const client = new FakeJournal();
  const open = (at = address, now = NOW) =>
    createJournalReader({
      instance,
      address: at,
      client,
      configuration: configuration(settings),
      now: () => now,
    });
  return { client, open, read: (cursor: Cursor | null) => open().read(cursor, context) };
}

test('an event whose type is off is counted, not queued, and moves the position', async () => {
  const { client, read } = reading({ events: { send: false, open: true } });
  client.events.push(published(), published({ '@id': 'e2', eventType: 'open' }));
  const batch = await read(null);
  expect(batch.records.map(({ table, key }) => [table, key])).toEqual([['open', 'event:e2']]);
  expect(batch.leftOut).toEqual([{ table: 'send', reason: 'typeOff', count: 1 }]);
  expect(batch.next).toMatchObject({ position: '0:2' });
});

test('members, soft bounces and what is told twice are left out with their reasons', async () => {
  const { client, read } = reading();
  client.events.push(
    published({ seedMember: true }),
    published({ '@id': 'e2', proofMember: true }),
    published({ '@id': 'e3', eventType: 'softBounce' }),
    published({ '@id': 'e4' }),
    published({ '@id': 'e4' }),
  );
  const batch = await read(null);
  expect(batch.records.map(({ key }) => key)).toEqual(['event:e4']);
  expect(batch.leftOut).toEqual([
    { table: 'journal', reason: 'seed', count: 1 },
    { table: 'journal', reason: 'proof', count: 1 },
    { table: 'bounce', reason: 'softBounce', count: 1 },
    { table: 'send', reason: 'toldTwice', count: 1 },
  ]);
});

test('a batch is queued by the events’ times, those of one profile together', async () => {
  const { client, read } = reading();
  const at = (time: string) => ({ '@id': time, timestamp: `2026-11-24T${time}:00.000Z` });
  client.events.push(published(at('12:00')), published(at('10:00')), published(at('11:00')));
  const { records } = await read(null);
  expect(records.map(({ key }) => key)).toEqual(['event:10:00', 'event:11:00', 'event:12:00']);
  expect(new Set(records.map((record) => identify(record).together))).toEqual(
    new Set([`externalId/${contactId(1)}`]),
  );
});

test('an event that waited is another message than the one that it was before', async () => {
  const { client, read } = reading();
  client.events.push(published());
  const [record] = (await read(null)).records;
  expect(identify({ ...record!, version: '17' }).sameness).not.toBe(identify(record!).sameness);
});

test('what no event can be made of is queued as it came, so that it is not lost', async () => {
  const { client, read } = reading();
  client.events.push({ surprise: true });
  const { records } = await read(null);
  expect(records).toMatchObject([
    { table: 'journal', key: '0:1', columns: { event: { surprise: true } } },
  ]);
});

test('an empty journal is left alone for as long as it asks, and never less than configured', async () => {
  const quick = reading({ journal: { readEverySeconds: 2 } });
  expect(await quick.read(null)).toMatchObject({ more: false, restMs: 7_000 });
  const slow = reading({ journal: { readEverySeconds: 60 } });
  expect(await slow.read(null)).toMatchObject({ more: false, restMs: 60_000 });
});

test('a forgotten position goes on with the oldest event and tells how much may be missing', async () => {
  const { client, open } = reading();
  client.events.push(published());
  const early = new Date('2026-11-10T08:00:00.000Z');
  const first = await open(undefined, early).read(null, context);
  client.events.push(published({ '@id': 'e2', timestamp: '2026-11-17T20:00:00.000Z' }));
  client.floor = 1;
  client.expirePositions();
  const batch = await open().read(first.next, context);
  expect(batch.records.map(({ key }) => key)).toEqual(['event:e2']);
  expect(batch.cursorReset).toBe(
    'The journal no longer knows the position that reading had reached. ' +
      'It last answered at 2026-11-10T08:00:00.000Z, with an event of 2026-11-24T19:00:00.000Z as the newest. ' +
      'Reading goes on from the oldest event that it keeps, of 2026-11-17T20:00:00.000Z. ' +
      'What was published in the 15 days between that answer and now may be missing.',
  );
});

test('an old event that comes late proves nothing: what was published since may still be missing', async () => {
  const { client, open } = reading();
  client.events.push(published());
  const asked = new Date('2026-11-24T18:00:00.000Z');
  const first = await open(undefined, asked).read(null, context);
  client.events.push(published({ '@id': 'lost' }));
  client.events.push(published({ '@id': 'late', timestamp: '2026-11-01T20:00:00.000Z' }));
  client.floor = 2;
  client.expirePositions();
  const batch = await open().read(first.next, context);
  expect(batch.records.map(({ key }) => key)).toEqual(['event:late']);
  expect(batch.cursorReset).toContain('of 2026-11-01T20:00:00.000Z. What was published in the');
  expect(batch.cursorReset).toContain('between that answer and now may be missing.');
});

test('a journal that holds nothing any more may have lost what was published since', async () => {
  const { client, open } = reading();
  client.events.push(published());
  const first = await open(undefined, new Date('2026-11-10T08:00:00.000Z')).read(null, context);
  client.floor = 1;
  client.expirePositions();
  const batch = await open().read(first.next, context);
  expect(batch.cursorReset).toMatch(
    /It holds no event now\. What was published in the 15 days between .* may be missing\.$/,
  );
});

test('a position means nothing to another journal, which is read from its oldest event', async () => {
  const { client, open } = reading();
  client.events.push(published());
  const { next } = await open().read(null, context);
  await open('https://events.example/another').read(next, context);
  expect(client.asked).toEqual([null, null]);
});
