import { describe, expect, test } from '@jest/globals';

/** The part of a queued record that says what it does to the record's state. */
interface Change {
  key: string;
  change: 'upsert' | 'delete';
}

/** A reader over a small source that the suite may change. `Cursor` is whatever the reader saves. */
export interface ReaderCase<Cursor> {
  /** At the cursor; null: never read. */
  read: (
    cursor: Cursor | null,
  ) => Promise<{ records: readonly Change[]; next: Cursor; more: boolean }>;
  /** Queues and writes what was read, as a writer would. */
  apply: (records: readonly Change[]) => Promise<void>;
  source: {
    keys: () => string[];
    /** Makes `count` new records; answers their keys. */
    create: (count: number) => string[];
    change: (key: string) => void;
    remove: (key: string) => void;
    /** Every cursor saved so far is one that the source no longer knows. */
    expireCursors: () => void;
    /** The next request to the source fails in a way that time heals. */
    failOnce: () => void;
  };
}

/**
 * What every reader must keep, whatever it reads. `open` makes a fresh source and reader. A source
 * that tells what happened, and takes nothing back, is `onlyGrows`.
 */
export function readerSuite<Cursor>(
  name: string,
  open: () => Promise<ReaderCase<Cursor>> | ReaderCase<Cursor>,
  { onlyGrows = false }: { onlyGrows?: boolean } = {},
): void {
  describe(`${name} keeps what every reader promises`, () => {
    test('it reads all there is, and then only what changed', async () => {
      const { pass, source, seen } = await start(open);
      const keys = source.create(25);
      await pass();
      await pass();
      expect([...seen()].sort()).toEqual([...keys].sort());
      if (onlyGrows) {
        const born = source.create(3);
        expect(new Set((await pass()).map(({ key }) => key))).toEqual(new Set(born));
        return;
      }
      const [changed, removed] = keys as [string, string];
      source.change(changed);
      source.remove(removed);
      const later = await pass();
      expect(new Set(later.map(({ key }) => key))).toEqual(new Set([changed, removed]));
      expect(later.find(({ key }) => key === removed)?.change).toBe('delete');
    });

    test('it keeps nothing but the cursor, which survives being stored as JSON', async () => {
      const { pass, source, seen } = await start(open, { storeAsJson: true });
      source.create(12);
      await pass();
      const [late] = source.create(1) as [string];
      await pass();
      await pass();
      expect(seen().has(late)).toBe(true);
    });

    test('a crash before the cursor is saved reads the same again and misses nothing', async () => {
      const { pass, source, seen } = await start(open, { crashEvery: 2 });
      const keys = source.create(25);
      await pass();
      await pass();
      expect([...seen()].sort()).toEqual([...keys].sort());
    });

    test('a failed request moves nothing on and deletes nothing', async () => {
      const { pass, source, seen } = await start(open);
      source.create(12);
      await pass();
      await pass();
      const before = new Set(seen());
      const [born] = source.create(1) as [string];
      source.failOnce();
      await expect(pass()).rejects.toThrow();
      expect(seen()).toEqual(before);
      await pass();
      await pass();
      expect(seen()).toEqual(new Set([...before, born]));
    });

    test('a cursor that the source forgot heals itself and finds what was deleted', async () => {
      const { pass, source, seen } = await start(open);
      const keys = source.create(25);
      await pass();
      await pass();
      if (!onlyGrows) source.remove(keys[3] as string);
      source.create(2);
      source.expireCursors();
      await pass();
      await pass();
      expect([...seen()].sort()).toEqual([...source.keys()].sort());
    });
  });
}

interface Driving {
  storeAsJson?: boolean;
  /** Every so-manieth batch is written, but its cursor is not saved. */
  crashEvery?: number;
}

async function start<Cursor>(
  open: () => Promise<ReaderCase<Cursor>> | ReaderCase<Cursor>,
  { storeAsJson = false, crashEvery }: Driving = {},
) {
  const { read, apply, source } = await open();
  const held = new Set<string>();
  let cursor: Cursor | null = null;
  let batches = 0;
  /** Reads until there is no more for now; answers all that came. */
  const pass = async (): Promise<Change[]> => {
    const all: Change[] = [];
    for (let more = true; more;) {
      const batch = await read(cursor);
      batches += 1;
      await apply(batch.records);
      for (const { key, change } of batch.records) {
        if (change === 'delete') held.delete(key);
        else held.add(key);
      }
      all.push(...batch.records);
      const crashed = crashEvery !== undefined && batches % crashEvery === 0;
      if (crashed) continue;
      cursor = storeAsJson ? (JSON.parse(JSON.stringify(batch.next)) as Cursor) : batch.next;
      more = batch.more;
    }
    return all;
  };
  return { pass, source, seen: () => held };
}
