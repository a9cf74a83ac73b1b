import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { PackedRecords } from '../src/verifying/packed-records.ts';
import type { PassRecord } from '../src/verifying/pass-records.ts';

const bits = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
const ids = fc.uuid();
const versions = fc.option(fc.bigInt({ min: 0n, max: (1n << 63n) - 1n }).map(String));
const records: fc.Arbitrary<PassRecord> = fc.oneof(
  fc.record({
    kind: fc.constant('expected' as const),
    id: ids,
    version: versions,
    digests: fc.option(fc.array(bits, { minLength: 1, maxLength: 2 })),
  }),
  fc.record({ kind: fc.constant('leftOut' as const), id: ids, version: versions }),
  fc.record({
    kind: fc.constant('ours' as const),
    id: ids,
    version: fc.constant(null),
  }),
);
/** Few enough that some come twice. */
const keys = fc.oneof(
  fc.constantFrom('a@example.com', 'b@example.com', '', '北'),
  fc.string(),
  fc.uuid(),
);
const named = (some: Iterable<PassRecord>) =>
  [...some].map((record) => JSON.stringify(record, (_, value: unknown) => textOf(value))).sort();
const textOf = (value: unknown) => (typeof value === 'bigint' ? `${value}n` : value);

test('packed records are found, taken once and left over as those of a map', () => {
  const added = fc.array(fc.tuple(keys, records), { maxLength: 60 });
  fc.assert(
    fc.property(added, added, fc.array(keys), (first, then, asked) => {
      const packed = new PackedRecords();
      const map = new Map<string, PassRecord>();
      for (const lot of [first, then]) {
        for (const [key, record] of lot) {
          packed.add(key, record);
          map.set(key, record);
        }
        packed.sort();
      }
      for (const key of [...asked, ...first.slice(0, 5).map(([one]) => one)]) {
        expect(packed.has(key)).toBe(map.has(key));
        expect(packed.take(key)).toEqual(map.get(key));
        map.delete(key);
      }
      expect(named(packed.rest())).toEqual(named(map.values()));
    }),
  );
});

test('a hundred thousand records are all found again, and nothing else is', () => {
  const packed = new PackedRecords();
  const idOf = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
  for (let index = 0; index < 100_000; index += 1) {
    packed.add(idOf(index), { kind: 'leftOut', id: idOf(index), version: String(index) });
  }
  packed.sort();
  for (let index = 0; index < 100_000; index += 1) {
    const record = packed.take(idOf(index));
    if (record?.id !== idOf(index)) throw new Error(`${idOf(index)} gives ${record?.id}`);
  }
  expect([...packed.rest()]).toEqual([]);
  expect(packed.has(idOf(100_000))).toBe(false);
  expect(packed.size).toBe(100_000);
});
