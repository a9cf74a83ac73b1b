import { expect, test } from '@jest/globals';
import { type ChangePage, CursorExpired, type DynamicsRow } from '@landbridge/dynamics';
import { createLog } from '@landbridge/telemetry';
import { createDynamicsReader } from '../src/reading/dynamics.reader.ts';
import type { OptinSchema } from '../src/schema/optin-schema.ts';
import { type ContactMemory, recall, remember } from '../src/writing/contact-memory.ts';
import { FakeMemory, idOf, INSTANCE, SCHEMA } from './builders.ts';

const context = { signal: new AbortController().signal, log: createLog('test', 'silent') };
const row = (number: number, email: boolean | null, version = String(number)): DynamicsRow => ({
  id: idOf(number),
  version,
  modifiedOn: '2026-11-24T10:00:00Z',
  columns: { contactid: idOf(number), donotbulkemail: email, donotphone: false },
});
const page = (rows: DynamicsRow[], links: Partial<ChangePage> = {}): ChangePage => ({
  rows,
  deletedIds: [],
  nextLink: null,
  deltaLink: 'delta',
  ...links,
});
const known = (over: Partial<ContactMemory> = {}): ContactMemory => ({
  schemaVersion: 1,
  seen: [],
  settled: { 'donotbulkemail denyListEmail': true, 'donotphone denyListPhone': false },
  own: null,
  begun: null,
  ...over,
});

function reading(
  answer: (link: string | null) => ChangePage,
  modified: DynamicsRow[] = [],
  { schema = SCHEMA, now = '2026-11-24T12:00:00.000Z' } = {},
) {
  const memory = new FakeMemory();
  const spent: number[] = [];
  const reader = createDynamicsReader({
    instance: INSTANCE,
    dynamics: {
      readPage: async ({ link }) => ({ value: answer(link), calls: 1 }),
      readModifiedSince: async () => ({ value: { rows: modified, nextLink: null }, calls: 1 }),
    },
    schema: () => schema,
    memory,
    voice: { spend: (_table, _system, calls) => void spent.push(calls) },
    pageRowsMax: 100,
    now: () => new Date(now),
  });
  const changes = {
    schemaVersion: 1,
    shape: 'donotbulkemail denyListEmail, donotphone denyListPhone',
    phase: 'changes',
    startedAt: '2026-11-24T12:00:00.000Z',
    link: 'delta',
    deltaLink: null,
  };
  return { reader, memory, spent, changes };
}

test('the first read finds those who are out, and reads again what changed meanwhile', async () => {
  const { reader } = reading(
    (link) =>
      page([row(link === null ? 1 : 2, true), row(3, false)], {
        nextLink: link === null ? 'second' : null,
      }),
    [row(4, true)],
  );
  const first = await reader.read(null, context);
  expect(first.records.map(({ key, table, origin }) => [key, table, origin])).toEqual([
    [idOf(1), 'optout', 'load'],
  ]);
  expect(first.leftOut).toEqual([{ table: 'optin', reason: 'notOptedOut', count: 1 }]);
  const second = await reader.read(first.next, context);
  const overlap = await reader.read(second.next, context);
  expect(overlap.records.map(({ key }) => key)).toEqual([idOf(4)]);
  expect(overlap.next).toMatchObject({ phase: 'changes', link: 'delta' });
  expect([first.more, second.more, overlap.more]).toEqual([true, true, false]);
});

test('our own write is no news; a change of another column is told, but not as an opt-out', async () => {
  const { reader, memory, changes } = reading(() => page([row(1, true, '7'), row(2, true)]));
  const own = { version: '7', before: '2026-11-24T09:00:00.000Z' };
  await remember(memory, idOf(1), known({ own }));
  await remember(memory, idOf(2), known());
  const batch = await reader.read(changes, context);
  expect(batch.records.map(({ key, table }) => [key, table])).toEqual([[idOf(2), 'optin']]);
  expect(batch.leftOut).toEqual([{ table: 'optin', reason: 'ownWrite', count: 1 }]);
});

test('an opt-in that nobody knew of is looked at, after the opt-outs', async () => {
  const { reader, changes } = reading(() => page([row(1, false), row(2, true)]));
  const batch = await reader.read(changes, context);
  expect(batch.records.map(({ key, table }) => [key, table])).toEqual([
    [idOf(2), 'optout'],
    [idOf(1), 'optin'],
  ]);
});

test('a link that Dynamics no longer knows leads to a full read, and says so', async () => {
  const expired = new CursorExpired('contact', {
    status: 410,
    code: '0x80060891',
    kind: 'rejected',
    column: null,
    retryAfterMs: null,
    requestId: null,
    vendorText: '',
  });
  const { reader, changes } = reading(() => {
    throw expired;
  });
  const batch = await reader.read(changes, context);
  expect(batch.cursorReset).toContain('no longer knows');
  expect(batch.next).toMatchObject({ phase: 'load', link: null });
});

const MOBILE: OptinSchema = {
  ...SCHEMA,
  optouts: SCHEMA.optouts.map((optout) =>
    optout.column === 'donotbulkemail'
      ? { ...optout, name: 'denyListMobile', field: 'blackListMobile' }
      : optout,
  ),
};

test('a column that is mapped to another opt-out is read again, and told though it was told before', async () => {
  const before = reading(() => page([row(1, true)]));
  const [told] = (await before.reader.read(before.changes, context)).records;
  const { reader, memory, changes } = reading(() => page([row(1, true), row(2, false)]), [], {
    schema: MOBILE,
    now: '2026-11-24T12:00:30.000Z',
  });
  await remember(memory, idOf(1), known());
  const batch = await reader.read(changes, context);
  expect(batch.next).toMatchObject({ phase: 'overlap', startedAt: '2026-11-24T12:00:30.000Z' });
  expect(batch.records.map(({ key, table }) => [key, table])).toEqual([[idOf(1), 'optout']]);
  const again = batch.records[0];
  if (told === undefined || again === undefined) throw new Error('Nothing was told');
  expect(reader.identify?.(again).sameness).not.toBe(reader.identify?.(told).sameness);
});

test('what an older version remembered by column is known, and settles no pair', async () => {
  const { reader, memory, changes } = reading(() => page([row(1, true, '7')]));
  const own = { version: '7', before: '2026-11-24T09:00:00.000Z' };
  const older = known({ own, settled: { donotbulkemail: true, donotphone: false } });
  await remember(memory, idOf(1), older);
  expect(await recall(memory, idOf(1))).toEqual(older);
  const batch = await reader.read(changes, context);
  expect(batch.records.map(({ key, table }) => [key, table])).toEqual([[idOf(1), 'optout']]);
});

test('a full read looks at whoever is not out any more, and leaves out who never was', async () => {
  const { reader, memory } = reading(() => page([row(1, false), row(2, false), row(3, false)]));
  await remember(memory, idOf(1), known());
  await remember(memory, idOf(2), known({ settled: { 'donotbulkemail denyListEmail': false } }));
  const batch = await reader.read(null, context);
  expect(batch.records.map(({ key, table }) => [key, table])).toEqual([[idOf(1), 'optin']]);
  expect(batch.leftOut).toEqual([{ table: 'optin', reason: 'notOptedOut', count: 2 }]);
});
