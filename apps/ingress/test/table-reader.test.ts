import { expect, test } from '@jest/globals';
import type { QueuedRecord } from '@landbridge/contracts';
import type { Cursor } from '@landbridge/messaging';
import { type ReadBatch } from '@landbridge/pipeline';
import { createLog } from '@landbridge/telemetry';
import type { ReadingDeps } from '../src/reading/reading-deps.ts';
import { createTableReader } from '../src/reading/table.reader.ts';
import { idOf, instance, mapping, metadata, OPEN_GUARD } from './builders.ts';
import { FakeDynamics } from './fake-dynamics.ts';
import { noSelections } from './fake-selections.ts';
import { FakeMemory } from './fake-memory.ts';

const context = { signal: new AbortController().signal, log: createLog('test', 'silent') };
const longAgo = new Date('2020-01-01T00:00:00Z');

/** A reader whose records are "written" by remembering them, as the writer does. */
function start(over: Partial<ReadingDeps> = {}) {
  const dynamics = new FakeDynamics();
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
    ...over,
  };
  const state = new Map<string, string>();
  let cursor: Cursor | null = null;
  const apply = async (record: QueuedRecord) => {
    const gone = record.change === 'delete';
    if (gone) state.delete(record.key);
    else state.set(record.key, String(record.columns['firstname']));
    await memory.put(record.key, { hash: gone ? null : 'h', version: record.version });
  };
  const step = async (): Promise<ReadBatch> => {
    const reader = createTableReader(deps, (read) => read());
    const batch = await reader.read(cursor, context);
    // As it comes out of the bucket: JSON.
    cursor = JSON.parse(JSON.stringify(batch.next)) as Cursor;
    for (const record of batch.records) await apply(record);
    return batch;
  };
  const untilIdle = async (): Promise<ReadBatch[]> => {
    const batches: ReadBatch[] = [];
    for (let more = true; more;) {
      const batch = await step();
      batches.push(batch);
      more = batch.more;
    }
    return batches;
  };
  return { dynamics, memory, deps, state, step, untilIdle };
}

const fill = (dynamics: FakeDynamics, count: number) => {
  for (let number = 1; number <= count; number += 1) {
    dynamics.put(idOf(number), { firstname: `F${number}`, jobtitle: null }, longAgo);
  }
};

test('a first load reads every row once, in pages, and then only changes', async () => {
  const { dynamics, state, step, untilIdle } = start();
  fill(dynamics, 25);
  const batches = await untilIdle();
  expect(batches.flatMap(({ records }) => records)).toHaveLength(25);
  expect(batches[0]?.records[0]).toMatchObject({ origin: 'load', change: 'upsert', key: idOf(1) });
  expect(batches[0]?.progress).toEqual({ phase: 'load', readCount: 10, totalCount: 25 });
  dynamics.put(idOf(3), { firstname: 'Changed' });
  dynamics.remove(idOf(4));
  const { records } = await step();
  expect(records.map(({ change, origin, key }) => [change, origin, key])).toEqual([
    ['upsert', 'change', idOf(3)],
    ['delete', 'change', idOf(4)],
  ]);
  expect(state.size).toBe(24);
});

test.each([true, false])(
  'rows changed, made and deleted while pages are read are not missed (link covers it: %p)',
  async (linkCoversPaging) => {
    const { dynamics, state, untilIdle } = start();
    fill(dynamics, 25);
    dynamics.linkCoversPaging = linkCoversPaging;
    let pages = 0;
    dynamics.beforePage = () => {
      pages += 1;
      if (pages !== 2) return;
      dynamics.put(idOf(1), { firstname: 'Changed' });
      dynamics.put(idOf(0), { firstname: 'New' });
      dynamics.remove(idOf(2));
    };
    await untilIdle();
    await untilIdle();
    expect(state.get(idOf(1))).toBe('Changed');
    expect(state.get(idOf(0))).toBe('New');
    expect(state.has(idOf(2))).toBe(false);
    expect([...state.keys()].sort()).toEqual([...dynamics.rows.keys()].sort());
  },
);

test('an expired link leads to a full read that also finds what was deleted, and says why', async () => {
  const { dynamics, state, untilIdle } = start();
  fill(dynamics, 25);
  await untilIdle();
  await untilIdle();
  dynamics.remove(idOf(7));
  dynamics.put(idOf(8), { firstname: 'Changed' });
  dynamics.expireLinks();
  const batches = await untilIdle();
  await untilIdle();
  expect(batches[0]?.cursorReset).toMatch(/no longer knows the stored link/);
  expect(batches.flatMap(({ records }) => records).every(({ origin }) => origin === 'change')).toBe(
    true,
  );
  expect([...state.keys()].sort()).toEqual([...dynamics.rows.keys()].sort());
  expect(state.get(idOf(8))).toBe('Changed');
});

test('a source where everything is gone at once is announced before one delete is queued', async () => {
  const announced: string[][] = [];
  const announce = async (keys: readonly string[]) => void announced.push([...keys]);
  const { dynamics, state, step, untilIdle } = start({ deletes: { ...OPEN_GUARD, announce } });
  fill(dynamics, 25);
  await untilIdle();
  await untilIdle();
  dynamics.rows.clear();
  dynamics.expireLinks();
  while (announced.length === 0) {
    expect(state.size).toBe(25);
    await step();
  }
  expect(announced.flat()).toHaveLength(25);
  expect(state.size).toBe(0);
});

test('what a person wanted to keep is not looked for again, until the table is replayed', async () => {
  const deletes = { ...OPEN_GUARD, isKnown: async () => 'discarded' as const };
  const { dynamics, state, untilIdle } = start({ deletes });
  fill(dynamics, 25);
  await untilIdle();
  await untilIdle();
  dynamics.rows.delete(idOf(1));
  dynamics.expireLinks();
  await untilIdle();
  expect(state.size).toBe(25);
});

test('a list that leaves rows out deletes nothing: each missing row is asked for by its id', async () => {
  const { dynamics, state, untilIdle } = start();
  fill(dynamics, 25);
  await untilIdle();
  await untilIdle();
  dynamics.existing = async () => ({ value: new Set<string>(), calls: 1 });
  dynamics.expireLinks();
  await untilIdle();
  await untilIdle();
  expect(state.size).toBe(25);
});

test('the walk over what was written goes on until everything queued before it is settled', async () => {
  let settled = false;
  const { dynamics, memory, untilIdle } = start({ settledSince: async () => settled });
  fill(dynamics, 25);
  await untilIdle();
  // Still in the queue when the walk began, written now, and gone meanwhile.
  await memory.put(idOf(99), { hash: 'h', version: '1' });
  settled = true;
  const [batch] = await untilIdle();
  expect(batch?.records).toMatchObject([{ change: 'delete', key: idOf(99) }]);
  await untilIdle();
  dynamics.calls.length = 0;
  await untilIdle();
  expect(dynamics.calls).toEqual(['delta']);
});

test('another set of columns means a full read, and the report names the columns', async () => {
  const { dynamics, deps, untilIdle } = start();
  fill(dynamics, 5);
  await untilIdle();
  deps.mapping = mapping({ filter: { dynamics: 'modifiedon', is: 'notEmpty' } });
  const [first] = await untilIdle();
  expect(first?.cursorReset).toMatch(/columns to read have changed \(added modifiedon\)/);
  expect(first?.records).toHaveLength(5);
  await untilIdle();
  expect((await untilIdle())[0]?.cursorReset).toBeUndefined();
});

test('a row deleted and made again within one delta arrives as it is now', async () => {
  const { dynamics, state, untilIdle } = start();
  fill(dynamics, 3);
  await untilIdle();
  dynamics.remove(idOf(2));
  dynamics.put(idOf(2), { firstname: 'Again' });
  await untilIdle();
  expect(state.get(idOf(2))).toBe('Again');
});

test('a delta without news keeps the cursor as it is', async () => {
  const { dynamics, step, untilIdle } = start();
  fill(dynamics, 3);
  await untilIdle();
  const before = await step();
  const after = await step();
  expect(after).toMatchObject({ next: before.next, records: [], more: false, calls: 1 });
});

test('a record read again on request comes as it is, and as a delete when it is gone', async () => {
  const { dynamics, deps } = start();
  fill(dynamics, 1);
  const reader = createTableReader(deps, (read) => read());
  const again = await reader.readAgain?.([idOf(1), idOf(2)], context);
  expect(again?.records.map(({ change, key }) => [change, key])).toEqual([
    ['upsert', idOf(1)],
    ['delete', idOf(2)],
  ]);
});

test.each([
  ['another filter', { filter: { dynamics: 'jobtitle', is: 'notEmpty' as const } }],
  ['no filter', { filter: null }],
  ['deletes what is filtered out', { deleteFilteredOut: true }],
])(
  '%s on the same columns reads the table once more, because old rows must be judged',
  async (...edit) => {
    const filter = { dynamics: 'jobtitle', is: 'empty' as const };
    const { dynamics, deps, untilIdle } = start({ mapping: mapping({ filter }) });
    fill(dynamics, 5);
    await untilIdle();
    deps.mapping = mapping({ filter, ...edit[1] });
    const batches = await untilIdle();
    expect(batches[0]?.cursorReset).toMatch(/^the filter was edited: the table is read in full/);
    const records = batches.flatMap((batch) => batch.records);
    expect(records.map(({ origin }) => origin)).toEqual(Array.from({ length: 5 }, () => 'change'));
    expect((await untilIdle()).flatMap((batch) => batch.records)).toEqual([]);
  },
);
