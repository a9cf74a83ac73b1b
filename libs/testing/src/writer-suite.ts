import { describe, expect, test } from '@jest/globals';

/** The part of an outcome that the suite looks at. */
interface Outcome {
  kind: 'written' | 'skipped' | 'retryAfter' | 'rejected' | 'runFailed';
  delayMs?: number;
  reason?: unknown;
}

/** A writer in front of a small destination that can be told to misbehave. */
export interface WriterCase<Queued> {
  write: (record: Queued, attempt: number) => Promise<Outcome>;
  /** A record with this key in this version; `text` is a value that shows at the destination. */
  record: (key: number, version: number, text: string) => Queued;
  /** A record that the destination can never take. */
  poison: (key: number) => Queued;
  destination: {
    /** What it holds, as key and text, in any order. */
    contents: () => { key: number; text: string }[];
    /** The next call is applied, but its reply is lost. */
    loseNextReply: () => void;
    /** The next call is refused with 429 and this Retry-After. */
    throttleOnce: (retryAfterMs: number) => void;
    /** The next call is refused as by a server that is down. */
    failOnce: () => void;
  };
}

/**
 * What every writer must keep, whatever it writes to. `open` makes a fresh destination and writer.
 * Where a record never changes once it was read, it is `onceOnly`.
 */
export function writerSuite<Queued>(
  name: string,
  open: () => Promise<WriterCase<Queued>> | WriterCase<Queued>,
  { onceOnly = false }: { onceOnly?: boolean } = {},
): void {
  describe(`${name} keeps what every writer promises`, () => {
    test('the same record twice is one record', async () => {
      const { write, record, destination } = await open();
      await write(record(1, 1, 'Ada'), 1);
      await write(record(1, 1, 'Ada'), 2);
      expect(destination.contents()).toEqual([{ key: 1, text: 'Ada' }]);
    });

    test('a lost reply and its retry are one record', async () => {
      const { write, record, destination } = await open();
      destination.loseNextReply();
      expect((await write(record(1, 1, 'Ada'), 1)).kind).toBe('retryAfter');
      expect(['written', 'skipped']).toContain((await write(record(1, 1, 'Ada'), 2)).kind);
      expect(destination.contents()).toEqual([{ key: 1, text: 'Ada' }]);
    });

    if (!onceOnly) {
      test('changes in order end with the last; an older one never overwrites a newer one', async () => {
        const { write, record, destination } = await open();
        for (let version = 1; version <= 5; version += 1) {
          await write(record(1, version, `Version ${version}`), 1);
        }
        await write(record(1, 3, 'Stale'), 1);
        expect(destination.contents()).toEqual([{ key: 1, text: 'Version 5' }]);
      });
    }

    test('Retry-After is honoured: never sooner than the destination asked', async () => {
      const { write, record, destination } = await open();
      destination.throttleOnce(7_000);
      const outcome = await write(record(1, 1, 'Ada'), 1);
      expect(outcome.kind).toBe('retryAfter');
      expect(outcome.delayMs ?? 0).toBeGreaterThanOrEqual(7_000);
      await write(record(1, 1, 'Ada'), 2);
      expect(destination.contents()).toEqual([{ key: 1, text: 'Ada' }]);
    });

    test('what time heals is tried again, not parked', async () => {
      const { write, record, destination } = await open();
      destination.failOnce();
      expect((await write(record(1, 1, 'Ada'), 1)).kind).toBe('retryAfter');
      expect((await write(record(1, 1, 'Ada'), 2)).kind).toBe('written');
    });

    test('what can never be written is rejected with a reason, and others go on', async () => {
      const { write, record, poison, destination } = await open();
      const outcome = await write(poison(1), 1);
      expect(outcome.kind).toBe('rejected');
      expect(outcome.reason).toMatchObject({ message: expect.any(String) });
      await write(record(2, 1, 'Grace'), 1);
      expect(destination.contents()).toEqual([{ key: 2, text: 'Grace' }]);
    });
  });
}
