import { expect, test } from '@jest/globals';
import type { QueuedRecord } from '@landbridge/contracts';
import type { Cursor } from '@landbridge/messaging';
import { createLog } from '@landbridge/telemetry';
import fc from 'fast-check';
import type { ReadingDeps } from '../src/reading/reading-deps.ts';
import { createTableReader } from '../src/reading/table.reader.ts';
import { idOf, instance, mapping, metadata, OPEN_GUARD } from './builders.ts';
import { FakeDynamics } from './fake-dynamics.ts';
import { FakeMemory } from './fake-memory.ts';
import { noSelections } from './fake-selections.ts';

const context = { signal: new AbortController().signal, log: createLog('test', 'silent') };

/** What somebody does in Dynamics to one of a handful of records. */
const act = fc.record({
  number: fc.integer({ min: 1, max: 6 }),
  what: fc.constantFrom('put' as const, 'remove' as const),
});
/** Acts between two looks of the reader: all of them show in one delta. */
const deltas = fc.array(fc.array(act, { maxLength: 12 }), { maxLength: 6 });

test('deleted and made again within one delta, in any order: the last record of each key is how it is', async () => {
  await fc.assert(
    fc.asyncProperty(deltas, async (rounds) => {
      const dynamics = new FakeDynamics();
      const deps: ReadingDeps = {
        instance,
        mapping: mapping(),
        client: dynamics,
        metadata: () => metadata,
        memory: new FakeMemory(),
        deletes: OPEN_GUARD,
        settledSince: async () => true,
        pageRowsMax: 10,
        replayId: null,
        selections: noSelections,
      };
      const reader = createTableReader(deps, (read) => read());
      const arrived = new Map<string, string>();
      let cursor: Cursor | null = null;
      let puts = 0;
      const take = (record: QueuedRecord): void => {
        if (record.change === 'delete') arrived.delete(record.key);
        else arrived.set(record.key, String(record.columns['firstname']));
      };
      for (const acts of [[], ...rounds]) {
        for (const { number, what } of acts) {
          if (what === 'put') dynamics.put(idOf(number), { firstname: `F${(puts += 1)}` });
          else if (dynamics.rows.has(idOf(number))) dynamics.remove(idOf(number));
        }
        for (let more = true; more;) {
          const batch = await reader.read(cursor, context);
          batch.records.forEach(take);
          cursor = batch.next;
          more = batch.more;
        }
        const there = [...dynamics.rows].map(([id, { columns }]) => [id, columns['firstname']]);
        expect(Object.fromEntries(arrived)).toEqual(Object.fromEntries(there));
      }
    }),
    { numRuns: 300 },
  );
});
