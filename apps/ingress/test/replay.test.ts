import { expect, test } from '@jest/globals';
import type { QueuedRecord } from '@landbridge/contracts';
import type { Cursor } from '@landbridge/messaging';
import type { ReadBatch } from '@landbridge/pipeline';
import { createLog } from '@landbridge/telemetry';
import type { ReadingDeps } from '../src/reading/reading-deps.ts';
import { parseCursor } from '../src/reading/table-cursor.ts';
import { createTableReader } from '../src/reading/table.reader.ts';
import { createRecordWriter } from '../src/writing/record.writer.ts';
import { idOf, instance, mapping, metadata, OPEN_GUARD, record, writingAt } from './builders.ts';
import { FakeDynamics } from './fake-dynamics.ts';
import { FakeMemory } from './fake-memory.ts';
import { noSelections, oneSelection } from './fake-selections.ts';

const context = { signal: new AbortController().signal, log: createLog('test', 'silent') };
const longAgo = new Date('2020-01-01T00:00:00Z');
const FIRST = '00000000-0000-4000-8000-00000000000a';
const SECOND = '00000000-0000-4000-8000-00000000000b';

/** A reader whose records are remembered as if they had been written. */
function start(rows: number) {
  const dynamics = new FakeDynamics();
  for (let number = 1; number <= rows; number += 1) {
    dynamics.put(idOf(number), { firstname: `F${number}`, jobtitle: null }, longAgo);
  }
  const memory = new FakeMemory();
  const deps: ReadingDeps = {
    instance,
    mapping: mapping(),
    client: dynamics,
    metadata: () => metadata,
    memory,
    deletes: OPEN_GUARD,
    settledSince: async () => true,
    pageRowsMax: 10,
    replayId: null,
    selections: noSelections,
  };
  let cursor: Cursor | null = null;
  const read = async (from: Cursor | null) =>
    createTableReader(deps, (ask) => ask()).read(from, context);
  /** `crash`: what was read is queued, and the cursor is not saved. */
  const step = async ({ crash = false } = {}): Promise<ReadBatch> => {
    const batch = await read(cursor);
    for (const { key, change, version } of batch.records) {
      await memory.put(key, { hash: change === 'delete' ? null : 'h', version });
    }
    // As it comes out of the bucket: JSON.
    if (!crash) cursor = JSON.parse(JSON.stringify(batch.next)) as Cursor;
    return batch;
  };
  const untilIdle = async (): Promise<QueuedRecord[]> => {
    const records: QueuedRecord[] = [];
    for (let more = true; more;) {
      const batch = await step();
      records.push(...batch.records);
      more = batch.more;
    }
    return records;
  };
  /** As a cursor of another version is: JSON that is none of ours, but for what `keep` leaves. */
  const spoilCursor = (keep: (spoiled: Cursor) => Cursor = () => ({})) => {
    cursor = { ...keep(cursor ?? {}), schemaVersion: 99 };
  };
  return { dynamics, memory, deps, step, untilIdle, spoilCursor };
}

const replayed = (records: readonly QueuedRecord[]) =>
  records.filter(({ replay }) => replay === true).map(({ key }) => key);

test('a replay reads every row as a load, finds what was deleted, and happens once', async () => {
  const { dynamics, deps, step, untilIdle } = start(25);
  await untilIdle();
  dynamics.rows.delete(idOf(7));
  deps.replayId = FIRST;
  const first = await step();
  expect(first.cursorReset).toMatch(/a replay was asked for/);
  expect(first.records[0]).toMatchObject({ origin: 'load', replay: true });
  const rest = await untilIdle();
  expect(replayed([...first.records, ...rest])).toHaveLength(24);
  expect(rest).toContainEqual(expect.objectContaining({ change: 'delete', key: idOf(7) }));
  expect(await untilIdle()).toEqual([]);
  deps.replayId = SECOND;
  expect(replayed(await untilIdle())).toHaveLength(24);
});

test('a replay that is broken off goes on where it was, and a crash repeats a page at most', async () => {
  const { deps, step, untilIdle } = start(25);
  await untilIdle();
  deps.replayId = FIRST;
  const begun = await step({ crash: true });
  const again = await step();
  expect(again.records.map(({ key }) => key)).toEqual(begun.records.map(({ key }) => key));
  expect(replayed(await untilIdle())).toHaveLength(15);
  expect(await untilIdle()).toEqual([]);
});

test('a link that expires in the middle of a replay leads to a full replay', async () => {
  const { dynamics, deps, step, untilIdle } = start(25);
  await untilIdle();
  deps.replayId = FIRST;
  await step();
  deps.mapping = mapping({ filter: { dynamics: 'modifiedon', is: 'notEmpty' } });
  expect(replayed(await untilIdle())).toHaveLength(25);
  expect(dynamics.rows.size).toBe(25);
});

test('a replay that waits is not lost where the stored cursor cannot be read', async () => {
  const { deps, step, untilIdle, spoilCursor } = start(25);
  await untilIdle();
  deps.replayId = FIRST;
  spoilCursor();
  const first = await step();
  expect(first.cursorReset).toMatch(/another version, and a replay was asked for/);
  expect(replayed([...first.records, ...(await untilIdle())])).toHaveLength(25);
  expect(await untilIdle()).toEqual([]);
});

test.each([
  ['was broken off is begun again', 'load', 25],
  ['has ended is not, and the table is only healed', 'changes', 0],
] as const)('with an unreadable cursor, a replay that %s', async (_what, phase, count) => {
  const { deps, untilIdle, spoilCursor } = start(25);
  await untilIdle();
  deps.replayId = FIRST;
  await untilIdle();
  spoilCursor((cursor) => ({ ...cursor, phase }));
  const records = await untilIdle();
  expect(replayed(records)).toHaveLength(count);
  expect(records.filter(({ change }) => change === 'upsert')).toHaveLength(25);
  expect(await untilIdle()).toEqual([]);
});

test('a table that was never read is loaded once, whatever replay waits', async () => {
  const { deps, untilIdle } = start(5);
  deps.replayId = FIRST;
  expect(replayed(await untilIdle())).toEqual([]);
  expect(await untilIdle()).toEqual([]);
});

test('what changes while a table is replayed comes after it, with its newer version', async () => {
  const { dynamics, deps, step, untilIdle } = start(25);
  await untilIdle();
  deps.replayId = FIRST;
  const first = await step();
  dynamics.put(idOf(1), { firstname: 'Changed' });
  const later = (await untilIdle()).filter(({ key }) => key === idOf(1));
  const before = first.records.find(({ key }) => key === idOf(1));
  expect(later.at(-1)).toMatchObject({ columns: { firstname: 'Changed' } });
  expect(Number(later.at(-1)?.version)).toBeGreaterThan(Number(before?.version));
});

test.each([true, false])(
  'a table that goes elsewhere is loaded anew, and nothing remembered speaks of it (settled: %p)',
  async (settled) => {
    const { memory, deps, step, untilIdle } = start(25);
    await untilIdle();
    deps.mapping = mapping({ campaignResource: 'cusCustomer' });
    deps.settledSince = async () => settled;
    const forgotten = memory.stored;
    const first = await step();
    expect(first.cursorReset).toMatch(/mapped to profile/);
    expect(first.records[0]).toMatchObject({ origin: 'load' });
    expect([...forgotten.keys()].filter((key) => key.startsWith('_'))).toEqual(
      settled ? ['_complete'] : [],
    );
    expect((await untilIdle()).filter(({ change }) => change === 'upsert')).toHaveLength(15);
  },
);

test('records chosen by a filter are read page by page, resumed after a crash, and once', async () => {
  const { deps, step, untilIdle } = start(25);
  await untilIdle();
  await untilIdle();
  const selections = oneSelection({
    id: FIRST,
    filter: { dynamics: 'firstname', is: 'beginsWith', value: 'F1' },
    changedSince: null,
  });
  deps.selections = selections;
  const crashed = await step({ crash: true });
  const records = await untilIdle();
  expect(replayed(records)).toEqual(expect.arrayContaining(replayed(crashed.records)));
  expect(new Set(replayed(records))).toEqual(
    new Set([1, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19].map(idOf)),
  );
  expect(replayed(await untilIdle())).toEqual([]);
  expect(selections.left()).toBe(false);
});

test('records that changed since a time are chosen by Dynamics itself', async () => {
  const { dynamics, deps, untilIdle } = start(25);
  dynamics.put(idOf(3), { firstname: 'Young' });
  await untilIdle();
  await untilIdle();
  const since = new Date(Date.now() - 60_000).toISOString();
  deps.selections = oneSelection({ id: FIRST, filter: null, changedSince: since });
  expect(replayed(await untilIdle())).toEqual([idOf(3)]);
});

test('a replayed record is written even where its values are known to be there', async () => {
  const { campaign, writing } = await writingAt();
  const write = createRecordWriter(new Map([['contact', writing]]));
  const written = { attempt: 1, signal: context.signal };
  await write(record({ origin: 'load' }), written);
  expect(await write(record(), written)).toMatchObject({ kind: 'skipped', reason: 'unchanged' });
  const before = campaign.calls.length;
  const again = await write(record({ origin: 'load', replay: true }), written);
  expect(again).toMatchObject({ kind: 'written', calls: 1 });
  expect(campaign.calls.length).toBe(before + 1);
  const older = record({ origin: 'load', replay: true, version: '9' });
  expect(await write(older, written)).toMatchObject({ kind: 'skipped', reason: 'superseded' });
});

/** The steps until the walk over what was written is over; before each, somebody changes a record. */
async function stepsOfWalk(
  { dynamics, step }: ReturnType<typeof start>,
  beforeStep: (at: number) => { crash: boolean } | undefined,
): Promise<{ steps: number; records: QueuedRecord[] }> {
  const records: QueuedRecord[] = [];
  for (let at = 1; at <= 30; at += 1) {
    dynamics.put(idOf(1 + (at % 5)), { firstname: `Change ${at}`, jobtitle: null });
    const crash = beforeStep(at)?.crash ?? false;
    const batch = await step({ crash });
    records.push(...batch.records);
    const next = parseCursor(batch.next);
    const isOver = !crash && next?.phase === 'changes' && next.sweep === null;
    if (isOver) return { steps: at, records };
  }
  throw new Error('It looks for deletions for ever');
}

test('the search for deletions ends though records keep changing, and finds what it is for', async () => {
  const world = start(25);
  await world.untilIdle();
  world.dynamics.rows.delete(idOf(20));
  world.deps.replayId = FIRST;
  const { records } = await stepsOfWalk(world, () => undefined);
  const deleted = records.filter(({ change }) => change === 'delete').map(({ key }) => key);
  expect(deleted).toEqual([idOf(20)]);
});

test('the search goes on until all that was queued before it is remembered, also past a kill', async () => {
  const world = start(25);
  const { dynamics, deps, memory } = world;
  await world.untilIdle();
  deps.replayId = FIRST;
  let settled = false;
  deps.settledSince = async () => settled;
  const { steps, records } = await stepsOfWalk(world, (at) => {
    if (at !== 12) return at === 14 ? { crash: true } : undefined;
    // Queued from an early page, deleted before the last one, and remembered only now.
    void memory.put(idOf(99), { hash: 'h', version: '1' });
    settled = true;
    return { crash: true };
  });
  expect(steps).toBeGreaterThan(12);
  expect(dynamics.rows.has(idOf(99))).toBe(false);
  const deleted = records.filter(({ change }) => change === 'delete').map(({ key }) => key);
  expect(new Set(deleted)).toEqual(new Set([idOf(99)]));
});
