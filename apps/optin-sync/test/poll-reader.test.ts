import { expect, test } from '@jest/globals';
import type { CampaignRecord } from '@landbridge/campaign';
import { createLog } from '@landbridge/telemetry';
import { remember } from '../src/writing/contact-memory.ts';
import { hashOfReading } from '../src/reading/campaign-readings.ts';
import { columnsOfRecord } from '../src/reading/contact-record.ts';
import { createPollReader } from '../src/reading/poll.reader.ts';
import { COLUMNS, configuration, FakeMemory, idOf, INSTANCE, SCHEMA } from './builders.ts';

const context = { signal: new AbortController().signal, log: createLog('test', 'silent') };

type Profile = { id: string; out?: boolean; changedAt?: string; lastModified?: string };
const recordOf = ({ id, out = false, changedAt = '', lastModified }: Profile): CampaignRecord => ({
  href: null,
  pkey: null,
  fields: {
    externalId: id,
    blackListEmail: out,
    blackListEmailLastModified: changedAt,
    blackListPhone: false,
    blackListPhoneLastModified: '',
    lastModified: lastModified ?? '2026-11-24 10:00:00.000Z',
  },
});

/** A Campaign that answers with these pages, and remembers what it was asked for. */
function pollOf(pages: Profile[][], memory = new FakeMemory(), columns = COLUMNS) {
  const asked: { link: string | null; value: string | undefined }[] = [];
  const reader = createPollReader({
    instance: INSTANCE,
    columns,
    memory,
    poll: configuration({ poll: { overlapSeconds: 60 } }).poll,
    campaign: {
      page: async (_resource, { link, by }) => {
        asked.push({ link, value: by?.value });
        const index = link === null ? 0 : Number(link);
        const next = index + 1 < pages.length ? String(index + 1) : null;
        return { value: { records: (pages[index] ?? []).map(recordOf), next }, calls: 1 };
      },
    },
    schema: () => SCHEMA,
    now: () => new Date('2026-11-24T12:00:00.000Z'),
  });
  return { reader, asked, memory };
}

test('the first poll asks for everybody and leaves out who never changed anything', async () => {
  const { reader, asked } = pollOf([
    [{ id: idOf(1) }, { id: idOf(2), out: true, changedAt: '2026-11-01 08:00:00.000Z' }],
  ]);
  const batch = await reader.read(null, context);
  expect(asked[0]?.value).toBe('1970-01-01 00:00:00.000Z');
  expect(batch.records.map(({ key, table }) => ({ key, table }))).toEqual([
    { key: idOf(2), table: 'optout' },
  ]);
  expect(batch.leftOut).toEqual([{ table: 'optin', reason: 'neverChanged', count: 1 }]);
});

test('opt-outs go before opt-ins, and whoever is no contact is left out', async () => {
  const { reader } = pollOf([
    [
      { id: idOf(1), changedAt: '2026-11-24 09:00:00.000Z' },
      { id: 'from-a-shop' },
      { id: idOf(2), out: true, changedAt: '2026-11-24 09:00:00.000Z' },
    ],
  ]);
  const batch = await reader.read(null, context);
  expect(batch.records.map(({ key }) => key)).toEqual([idOf(2), idOf(1)]);
  expect(batch.leftOut).toEqual([{ table: 'optin', reason: 'notAContact', count: 1 }]);
});

test('the next poll goes on from the latest change, less the overlap', async () => {
  const pages = [
    [{ id: idOf(1), lastModified: '2026-11-24 11:00:00.000Z' }],
    [{ id: idOf(2), lastModified: '2026-11-24 10:30:00.000Z' }],
  ];
  const { reader, asked } = pollOf(pages);
  const first = await reader.read(null, context);
  expect(first.more).toBe(true);
  const second = await reader.read(first.next, context);
  expect(second.more).toBe(false);
  await reader.read(second.next, context);
  expect(asked.at(-1)?.value).toBe('2026-11-24 10:59:00.000Z');
});

test('a Campaign whose clock is ahead does not lead past what changes while pages are read', async () => {
  const { reader, asked } = pollOf([[{ id: idOf(1), lastModified: '2026-11-24 12:05:00.000Z' }]]);
  const batch = await reader.read(null, context);
  await reader.read(batch.next, context);
  expect(asked.at(-1)?.value).toBe('2026-11-24 11:59:00.000Z');
});

test('a poll that finds nothing asks again from the same place', async () => {
  const { reader, asked } = pollOf([[{ id: idOf(1) }]]);
  const first = await reader.read(null, context);
  const quiet = pollOf([[]]);
  const second = await quiet.reader.read(first.next, context);
  await reader.read(second.next, context);
  expect(asked.at(-1)?.value).toBe(quiet.asked[0]?.value);
});

test('what was told before is no news; a write that was begun is looked at again', async () => {
  const attributes = {
    denyListEmail: { value: true, changedAt: '2026-11-01T08:00:00.000Z' },
    denyListPhone: { value: false, changedAt: null },
  };
  const memory = new FakeMemory();
  const known = {
    schemaVersion: 1 as const,
    seen: [hashOfReading({ attributes }, COLUMNS)],
    settled: { 'donotbulkemail denyListEmail': true },
    own: null,
    begun: null,
  };
  await remember(memory, idOf(1), known);
  const profile = { id: idOf(1), out: true, changedAt: '2026-11-01 08:00:00.000Z' };
  const { reader } = pollOf([[profile]], memory);
  const batch = await reader.read(null, context);
  expect(batch.records).toEqual([]);
  expect(batch.leftOut).toEqual([{ table: 'optin', reason: 'unchanged', count: 1 }]);
  const begun = { version: '7', decisions: [] };
  await remember(memory, idOf(1), { ...known, begun });
  expect((await reader.read(null, context)).records).toHaveLength(1);
});

test('an opt-out without a time is told again and again: it may have come back', async () => {
  const attributes = {
    denyListEmail: { value: true, changedAt: null },
    denyListPhone: { value: false, changedAt: null },
  };
  const memory = new FakeMemory();
  await remember(memory, idOf(1), {
    schemaVersion: 1,
    seen: [hashOfReading({ attributes }, COLUMNS)],
    settled: { 'donotbulkemail denyListEmail': true },
    own: null,
    begun: null,
  });
  const { reader } = pollOf([[{ id: idOf(1), out: true }]], memory);
  const batch = await reader.read(null, context);
  expect(batch.records.map(({ table }) => table)).toEqual(['optin']);
});

test('an opt-out that is paired with another column is read again, and is news again', async () => {
  const profile = { id: idOf(1), out: true, changedAt: '2026-11-01 08:00:00.000Z' };
  const first = pollOf([[profile]]);
  const { next, records } = await first.reader.read(null, context);
  const seen = columnsOfRecord(records[0] ?? raise()).seen ?? '';
  await remember(first.memory, idOf(1), {
    schemaVersion: 1,
    seen: [seen],
    settled: { 'donotbulkemail denyListEmail': true },
    own: null,
    begun: null,
  });
  const other = new Map([...COLUMNS, ['denyListEmail', 'donotemail'] as const]);
  const { reader, asked } = pollOf([[profile]], first.memory, other);
  const batch = await reader.read(next, context);
  expect(asked[0]?.value).toBe('1970-01-01 00:00:00.000Z');
  expect(batch.records.map(({ key, table }) => [key, table])).toEqual([[idOf(1), 'optout']]);
});

test('whose opt-outs cannot be read is looked at all the same, once for what Campaign holds', async () => {
  const { reader } = pollOf([[{ id: idOf(1), out: true, changedAt: '30.11.26' }]]);
  const first = await reader.read(null, context);
  expect(first.records.map(({ key, table }) => ({ key, table }))).toEqual([
    { key: idOf(1), table: 'optout' },
  ]);
  const second = await reader.read(first.next, context);
  expect(second.records).toEqual([]);
  const changed = { id: idOf(1), changedAt: '30.11.26', lastModified: '2026-11-24 11:00:00.000Z' };
  const third = await pollOf([[changed]]).reader.read(second.next, context);
  expect(third.records).toHaveLength(1);
});

const raise = (): never => {
  throw new Error('Nothing was told');
};
