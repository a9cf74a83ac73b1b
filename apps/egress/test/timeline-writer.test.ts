import { describe, expect, test } from '@jest/globals';
import type { EventKind, QueuedRecord, RunFailure } from '@landbridge/contracts';
import type { BatchWriter, WriteOutcome } from '@landbridge/pipeline';
import fc from 'fast-check';
import { queuedAsItCame } from '../src/events/queued-event.ts';
import { activityId } from '../src/writing/activity-row.ts';
import { Contacts, type ContactDeps } from '../src/writing/contact-of.ts';
import { createTimelineWriter } from '../src/writing/timeline.writer.ts';
import { configuration, contactId, event, instance, NOW, queued, target } from './builders.ts';
import { published } from './fake-journal.ts';
import { FakeTimelines } from './fake-timelines.ts';

type Setting = {
  contacts?: string[];
  settings?: object;
  externalIds?: Record<string, string>;
  off?: EventKind[];
  fault?: RunFailure;
};

/** A writer on a small Dynamics 365, and what it laid aside. */
function writing({ contacts, settings, externalIds, off = [], fault }: Setting = {}) {
  const client = new FakeTimelines(contacts === undefined ? null : new Set(contacts));
  const aside: QueuedRecord[] = [];
  const lookUps: string[] = [];
  const own = configuration(settings);
  const findByFilter: ContactDeps['client']['findByFilter'] = async (_, { value }) => {
    lookUps.push(value);
    const externalId = externalIds?.[value];
    const fields = { externalId: externalId ?? '' };
    const records = externalId === undefined ? [] : [{ href: null, pkey: null, fields }];
    return { value: records, calls: 1 };
  };
  const write: BatchWriter = createTimelineWriter({
    instance,
    configuration: own,
    client,
    schema: {
      target: (kind) => (off.includes(kind) ? null : target(kind)),
      recheck: async () => fault ?? null,
      suspect: async () => fault ?? null,
    },
    contacts: new Contacts({
      client: { findByFilter },
      profile: { resource: 'profile', endpoint: 'profileAndServicesExt' },
      recipientFilter: own.recipientFilter,
      onCalls: () => undefined,
    }),
    contactsPath: '/contacts',
    layAside: async (record) => void aside.push(record),
    now: () => NOW,
  });
  const signal = new AbortController().signal;
  return {
    client,
    aside,
    lookUps,
    write: (records: QueuedRecord[]) => write(records, { attempt: 1, signal }),
  };
}

const kinds = (outcomes: readonly WriteOutcome[]): string[] =>
  outcomes.map((outcome) =>
    outcome.kind === 'skipped'
      ? outcome.reason
      : outcome.kind === 'rejected'
        ? outcome.reason.code
        : outcome.kind,
  );
const minutesAgo = (minutes: number): Date => new Date(NOW.getTime() - minutes * 60_000);

describe('an activity', () => {
  test('holds what the event tells, bound to its contact under the name that the table gives', async () => {
    const { client, write } = writing();
    await write([queued(event(1, { mirrorPageUrl: 'https://example.com/mirror' }))]);
    expect([...client.rows]).toEqual([
      [
        activityId(instance, event(1)),
        {
          subject: 'Campaign Name: CAMP1; Delivery Name: DM190',
          adobe_clickedon: NOW.toISOString(),
          adobe_campaignname: 'CAMP1',
          adobe_deliveryname: 'DM190',
          adobe_trackingurl: 'https://example.com/',
          adobe_mirrorpageurl: 'https://example.com/mirror',
          'about_adobe_emailclick@odata.bind': `/contacts(${contactId(1)})`,
        },
      ],
    ]);
  });

  test('has one id for one event of one kind in one instance, whatever else is told of it', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (one, other) => {
        const idOf = (id: string, kind: EventKind = 'click') =>
          activityId(instance, event(1, { id, kind }));
        expect(activityId(instance, event(2, { id: one, at: '2020-01-01T00:00:00Z' }))).toBe(
          idOf(one),
        );
        expect(idOf(one) === idOf(other)).toBe(one === other);
        expect(idOf(one, 'open')).not.toBe(idOf(one));
      }),
    );
  });

  test('is not made of a value that its column cannot take whole, and others are', async () => {
    const { client, write } = writing();
    const long = `https://example.com/${'x'.repeat(300)}`;
    const outcomes = await write([
      queued(event(1, { trackingUrl: long })),
      queued(event(2, { subject: 's'.repeat(300) })),
    ]);
    expect(kinds(outcomes)).toEqual(['valueTooLong', 'written']);
    const [row] = client.rows.values();
    expect(row?.['subject']).toHaveLength(200);
  });
});

describe('a batch', () => {
  test('has one outcome for each record in their order, a bad one for itself alone', async () => {
    const { client, write } = writing({ contacts: [contactId(1), contactId(2), contactId(4)] });
    const outcomes = await write([
      queued(event(1)),
      queued(event(2, { deliveryName: client.poison })),
      queued(event(3)),
      queued(event(4)),
      queued(event(1)),
    ]);
    expect(kinds(outcomes)).toEqual([
      'written',
      'refused',
      'waitingForContact',
      'written',
      'alreadyThere',
    ]);
  });

  test('spends its requests once, however many records are in it', async () => {
    const { client, write } = writing();
    const outcomes = await write(Array.from({ length: 500 }, (_, nth) => queued(event(nth))));
    const calls = outcomes.reduce((sum, outcome) => sum + (outcome.calls ?? 0), 0);
    expect({ calls, requests: client.calls }).toEqual({ calls: 1, requests: 1 });
  });

  test('is not parked for rows that were refused because a column has gone: the run ends', async () => {
    const fault = {
      code: 'columnMissing',
      system: 'dynamics',
      message: 'gone',
      field: 'adobe_emailclick.adobe_deliveryname',
    } as const;
    const { client, write } = writing({ fault });
    const outcomes = await write([
      queued(event(1, { deliveryName: client.poison })),
      queued(event(2)),
    ]);
    expect(kinds(outcomes)).toEqual(['runFailed', 'written']);
  });

  test('ends the run when the application user lacks a right, and parks nothing', async () => {
    const { client, write } = writing();
    client.refuseOnce(403, 'forbidden', 0);
    const [outcome] = await write([queued(event(1))]);
    expect(outcome).toMatchObject({ kind: 'runFailed', failure: { code: 'privilegeMissing' } });
  });

  test('leaves events of a type that was switched off meanwhile', async () => {
    const { write } = writing({ off: ['click'] });
    expect(kinds(await write([queued(event(1)), queued(event(2, { kind: 'open' }))]))).toEqual([
      'typeOff',
      'written',
    ]);
  });
});

describe('an event without its contact', () => {
  test('waits while there is time, with its profile told by the contact', async () => {
    const { write, aside } = writing({ contacts: [] });
    expect(kinds(await write([queued(event(1), minutesAgo(59))]))).toEqual(['waitingForContact']);
    expect(aside).toMatchObject([
      { key: 'event:1', readAt: minutesAgo(59).toISOString(), version: null },
    ]);
  });

  test('becomes a dead letter that says so when its time is over', async () => {
    const { write, aside } = writing({ contacts: [] });
    expect(kinds(await write([queued(event(1), minutesAgo(60))]))).toEqual(['contactMissing']);
    expect(aside).toEqual([]);
  });

  test('is parked at once when its external id can never be a contact’s', async () => {
    const { write } = writing();
    const profile = { by: 'externalId' as const, value: 'A-1017' };
    expect(kinds(await write([queued(event(1, { profile }))]))).toEqual(['externalIdNotContact']);
  });
});

describe('an event that names its profile by the recipient id', () => {
  const recipient = (nth: number, value: string) =>
    queued(event(nth, { profile: { by: 'recipientId', value } }), minutesAgo(1));
  const filter = { recipientFilter: { filter: 'byId', parameter: 'id_parameter' } };

  test('is led to its contact by Campaign, one call for each recipient', async () => {
    const externalIds = { '7': contactId(7) };
    const { client, lookUps, write } = writing({ settings: filter, externalIds });
    expect(kinds(await write([recipient(1, '7'), recipient(2, '7')]))).toEqual([
      'written',
      'written',
    ]);
    expect(lookUps).toEqual(['7']);
    const [row] = client.rows.values();
    expect(row?.['about_adobe_emailclick@odata.bind']).toBe(`/contacts(${contactId(7)})`);
  });

  test('waits while its profile has no external id', async () => {
    const { write } = writing({ settings: filter, externalIds: { '7': '' } });
    expect(kinds(await write([recipient(1, '7'), recipient(2, '8')]))).toEqual([
      'waitingForContact',
      'waitingForContact',
    ]);
  });

  test('is parked where no filter says how Campaign finds it', async () => {
    const { write } = writing();
    expect(kinds(await write([recipient(1, '7')]))).toEqual(['noExternalId']);
  });
});

describe('what nobody could read when it came', () => {
  const came = (columns: Record<string, unknown>) =>
    queuedAsItCame(
      { source: 'journal', key: 'moose:1', columns },
      { instance, readAt: NOW.toISOString() },
    );

  test('is a dead letter that names what is missing and holds it whole', async () => {
    const { write } = writing();
    const [outcome] = await write([came({ event: { type: 'open' } })]);
    expect(outcome).toMatchObject({ kind: 'rejected', reason: { code: 'eventUnreadable' } });
  });

  test('is written once its shape is told', async () => {
    const { client, write } = writing();
    expect(kinds(await write([came({ event: published() })]))).toEqual(['written']);
    expect(client.rows.size).toBe(1);
  });
});
