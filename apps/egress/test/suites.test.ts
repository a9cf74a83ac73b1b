import type { QueuedRecord } from '@landbridge/contracts';
import type { Cursor } from '@landbridge/messaging';
import { createLog } from '@landbridge/telemetry';
import { readerSuite, writerSuite } from '@landbridge/testing/suites';
import { createJournalReader } from '../src/reading/journal.reader.ts';
import { Contacts } from '../src/writing/contact-of.ts';
import { createTimelineWriter } from '../src/writing/timeline.writer.ts';
import { configuration, event, instance, queued, target } from './builders.ts';
import { FakeJournal, published } from './fake-journal.ts';
import { FakeTimelines } from './fake-timelines.ts';

readerSuite<Cursor>(
  'the reader of a journal',
  () => {
    const client = new FakeJournal();
    const context = { signal: new AbortController().signal, log: createLog('test', 'silent') };
    const reader = createJournalReader({
      instance,
      address: 'https://events.example/journal',
      client,
      configuration: configuration({ journal: { eventsPerReadMax: 10 } }),
    });
    const none = () => {
      throw new Error('A journal takes nothing back');
    };
    return {
      read: (cursor) => reader.read(cursor, context),
      apply: async () => undefined,
      source: {
        keys: () => client.events.map((_, nth) => `event:${nth + 1}`),
        create: (count) =>
          Array.from({ length: count }, () => {
            const nth = client.events.length + 1;
            client.events.push(published({ '@id': String(nth) }));
            return `event:${nth}`;
          }),
        change: none,
        remove: none,
        expireCursors: () => client.expirePositions(),
        failOnce: () => client.failOnce(),
      },
    };
  },
  { onlyGrows: true },
);

writerSuite<QueuedRecord>(
  'the writer of timelines',
  () => {
    const client = new FakeTimelines();
    const write = createTimelineWriter({
      instance,
      configuration: configuration(),
      client,
      schema: { target, recheck: async () => null, suspect: async () => null },
      contacts: new Contacts({
        client: { findByFilter: async () => ({ value: [], calls: 1 }) },
        profile: { resource: 'profile', endpoint: 'profileAndServicesExt' },
        recipientFilter: null,
        onCalls: () => undefined,
      }),
      contactsPath: '/contacts',
      layAside: async () => undefined,
    });
    const signal = new AbortController().signal;
    const record = (key: number, text: string): QueuedRecord =>
      queued(event(key, { deliveryName: text }), new Date());
    return {
      write: async (one, attempt) => {
        const [outcome] = await write([one], { attempt, signal });
        if (outcome === undefined) throw new Error('There is no outcome');
        return outcome;
      },
      record: (key, _version, text) => record(key, text),
      poison: (key) => record(key, client.poison),
      destination: {
        contents: () =>
          [...client.rows.values()].map((columns) => ({
            key: Number(String(columns['about_adobe_emailclick@odata.bind']).slice(-13, -1)),
            text: String(columns['adobe_deliveryname']),
          })),
        loseNextReply: () => client.loseNextReply(),
        throttleOnce: (retryAfterMs) => client.refuseOnce(429, 'throttled', retryAfterMs),
        failOnce: () => client.refuseOnce(503, 'transient', 0),
      },
    };
  },
  { onceOnly: true },
);
