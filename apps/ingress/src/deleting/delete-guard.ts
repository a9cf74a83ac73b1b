import type { QueuedRecord } from '@landbridge/contracts';
import {
  announceDeletes,
  askToDelete,
  type Bus,
  changeDeletes,
  type DeleteRule,
  deletesUnasked,
  findDelete,
  forgetDelete,
  type HeldDelete,
  type MassDeletes,
  putDelete,
  readDeletes,
  type TableAddress,
  uncountDelete,
  type WrittenEntry,
  type WrittenMemory,
  writtenCount,
} from '@landbridge/messaging';
import { contentOf } from '../writing/remembered.ts';

/** Whether a record that is ours may be deleted at the destination. */
export type DeletePermit =
  | {
      granted: true;
      /** The delete is done, or was done before. */
      done(): Promise<void>;
      /** It did not come about, so it does not count. */
      undone(): Promise<void>;
    }
  | { granted: false; reason: 'deleteHeld' | 'deleteDiscarded' };

/** Stands between a table's deletes and the destination. */
export type DeleteGuard = {
  /** Asked right before a delete; what may not go now is kept in JetStream, not here. */
  ask(
    record: QueuedRecord,
    entry: WrittenEntry | null,
    cause: HeldDelete['cause'],
  ): Promise<DeletePermit>;
  /** The record stays after all: a delete of it that waits is off. Gives what is remembered now. */
  cancel(record: QueuedRecord, entry: WrittenEntry | null): Promise<WrittenEntry | null>;
  /** These keys are gone at the source: too many of them at once, and not one goes through. */
  announce(keys: readonly string[]): Promise<void>;
  /** Whether a person has been asked of this record's delete, or has answered. */
  isKnown(key: string, entry: WrittenEntry): Promise<'no' | 'waiting' | 'discarded'>;
};

export type DeleteGuardDeps = {
  bus: Bus;
  at: TableAddress;
  memory: Pick<WrittenMemory, 'get' | 'put'>;
  massDeletes: MassDeletes;
  now?: (() => Date) | undefined;
};

/** The share is of what was written when it was last counted, at most so long ago. */
const COUNT_EVERY_MS = 60_000;
/** Keys looked up at once. */
const LOOK_UP_MAX = 64;

export function createDeleteGuard({
  bus,
  at,
  memory,
  massDeletes,
  now = () => new Date(),
}: DeleteGuardDeps): DeleteGuard {
  const limit = limitOf(bus, at, massDeletes);
  const turns = new Turns();
  const rule = async (): Promise<DeleteRule> => ({
    now: now(),
    withinMinutes: massDeletes.withinMinutes,
    limit: await limit(),
  });
  const forget = (key: string) => forgetDelete(bus, at, key);
  return {
    ask: async (record, entry, cause) => {
      const { key, version } = record;
      const wasAsked = isFlagged(entry);
      const known = wasAsked ? await findDelete(bus, at, key) : null;
      if (known?.state === 'held') return { granted: false, reason: 'deleteHeld' };
      if (known?.state === 'approved') {
        return { granted: true, done: () => forget(key), undone: async () => undefined };
      }
      const isSame = cause === 'filteredOut' && known?.version === version;
      if (known?.state === 'discarded' && isSame && record.origin !== 'load') {
        return { granted: false, reason: 'deleteDiscarded' };
      }
      const asked = await rule();
      if (await turns.take(() => changeDeletes(bus, at, (ledger) => askToDelete(ledger, asked)))) {
        return {
          granted: true,
          done: async () => {
            if (wasAsked) await forget(key);
          },
          undone: () =>
            turns.take(() =>
              changeDeletes(bus, at, (ledger) => ({
                next: uncountDelete(ledger),
                answer: undefined,
              })),
            ),
        };
      }
      if (known !== null) await forget(key);
      const heldAt = asked.now.toISOString();
      await putDelete(bus, at, 'held', { schemaVersion: 1, key, cause, version, heldAt });
      await memory.put(key, flagged(entry));
      return { granted: false, reason: 'deleteHeld' };
    },
    cancel: async (record, entry) => {
      if (entry === null || !isFlagged(entry)) return entry;
      await forget(record.key);
      const { held: _held, ...extra } = entry.extra ?? {};
      const { hash, version } = entry;
      const own = { hash, version, ...(Object.keys(extra).length === 0 ? {} : { extra }) };
      await memory.put(record.key, own);
      return own;
    },
    announce: async (keys) => {
      const asked = await rule();
      const ledger = await readDeletes(bus, at);
      if (ledger.heldSince !== null || announceDeletes(ledger, keys.length, asked).answer) return;
      const ours = await writtenAmong(keys, memory);
      await changeDeletes(bus, at, (latest) => announceDeletes(latest, ours.length, asked));
    },
    isKnown: async (key, entry) => {
      if (!isFlagged(entry)) return 'no';
      const known = await findDelete(bus, at, key);
      if (known === null) return 'no';
      return known.state === 'discarded' ? 'discarded' : 'waiting';
    },
  };
}

const isFlagged = (entry: WrittenEntry | null): boolean => entry?.extra?.['held'] === true;

/** A memory that has forgotten the record learns that it is there, and nothing of its values. */
const flagged = (entry: WrittenEntry | null): WrittenEntry => ({
  hash: entry?.hash ?? 'stale.',
  version: entry?.version ?? null,
  extra: { ...entry?.extra, held: true },
});

async function writtenAmong(
  keys: readonly string[],
  memory: DeleteGuardDeps['memory'],
): Promise<string[]> {
  const found: string[] = [];
  for (let from = 0; from < keys.length; from += LOOK_UP_MAX) {
    const some = keys.slice(from, from + LOOK_UP_MAX);
    const entries = await Promise.all(some.map((key) => memory.get(key)));
    found.push(
      ...some.filter((_, index) => {
        const entry = entries[index] ?? null;
        return contentOf(entry) !== null && !isFlagged(entry);
      }),
    );
  }
  return found;
}

function limitOf(bus: Bus, at: TableAddress, massDeletes: MassDeletes): () => Promise<number> {
  let counted: { atMs: number; limit: number } | null = null;
  return async () => {
    const nowMs = performance.now();
    if (counted === null || nowMs - counted.atMs > COUNT_EVERY_MS) {
      counted = { atMs: nowMs, limit: deletesUnasked(massDeletes, await writtenCount(bus, at)) };
    }
    return counted.limit;
  };
}

/** One after the other: partitions of one replica shall not race for the same entry. */
class Turns {
  #last: Promise<unknown> = Promise.resolve();

  take<Value>(work: () => Promise<Value>): Promise<Value> {
    const mine = this.#last.then(work, work);
    this.#last = mine.catch(() => undefined);
    return mine;
  }
}
