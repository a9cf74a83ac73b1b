import { AckPolicy, DeliverPolicy, ReplayPolicy } from '@nats-io/jetstream';
import { nanos } from '@nats-io/nats-core';
import { z } from 'zod';
import type { Bus } from './bus.ts';
import { WRITTEN } from './streams.ts';
import {
  keyOfWrittenSubject,
  type TableAddress,
  writtenFilter,
  writtenSubject,
} from './subjects.ts';
import { turnEnd } from './turn-end.ts';

/** What is remembered of one record's last write. */
export const WrittenEntry = z.object({
  /** Of the values that were written; null: the record was deleted at the destination. */
  hash: z.string().nullable(),
  /** The source's row version that was written, a decimal number as text; null for deletes. */
  version: z.string().nullable(),
  /** Whatever else a writer wants back, such as the destination's own key. */
  extra: z.record(z.string(), z.unknown()).optional(),
});
export type WrittenEntry = z.infer<typeof WrittenEntry>;

export interface RememberedKey {
  key: string;
  entry: WrittenEntry;
  /** When it was last put. */
  storedAt: Date;
  /** Grows with each put in the stream: hand it to `entries` to go on after this one. */
  sequence: number;
}

/** The last write of each record of one table. Bounded by its stream: the oldest are forgotten. */
export interface WrittenMemory {
  /** null: never written, forgotten, or unreadable. Then write, and put. */
  get(key: string): Promise<WrittenEntry | null>;
  /**
   * Remembers a write. Await it before the message is settled: a memory that is older than the
   * destination would take a later change back to the old values for "unchanged".
   */
  put(key: string, entry: WrittenEntry): Promise<void>;
  /** Forgets a record: its next change is written whatever its values are. */
  delete(key: string): Promise<void>;
  /** Every remembered key, oldest put first, in a handful of messages at a time. */
  entries(options?: { afterSequence?: number; signal?: AbortSignal }): AsyncIterable<RememberedKey>;
  /** Nothing that was put by now has a greater `sequence`, and whatever is put later has one. */
  lastSequence(): Promise<number>;
  /** Forgets the whole table. */
  clear(): Promise<void>;
}

export function writtenMemory(bus: Bus, at: TableAddress): WrittenMemory {
  return {
    get: async (key) => {
      const query = { last_by_subj: writtenSubject(at, key) };
      await turnEnd();
      const stored = await bus.jsm.direct.getMessage(WRITTEN.name, query);
      return stored === null ? null : parseEntry(stored.data);
    },
    put: async (key, entry) => {
      const body = JSON.stringify(entry);
      await turnEnd();
      await bus.js.publish(writtenSubject(at, key), body, { timeout: 10_000 });
    },
    delete: async (key) => {
      await bus.jsm.streams.purge(WRITTEN.name, { filter: writtenSubject(at, key) });
    },
    entries: (options = {}) => readEntries(bus, at, options),
    lastSequence: async () => (await bus.jsm.streams.info(WRITTEN.name)).state.last_seq,
    clear: async () => {
      await bus.jsm.streams.purge(WRITTEN.name, { filter: writtenFilter(at) });
    },
  };
}

const PAGE_MAX = 500;
const PAGE_EXPIRES_MS = 5_000;
const READER_IDLE_MS = 120_000;

async function* readEntries(
  bus: Bus,
  at: TableAddress,
  options: { afterSequence?: number; signal?: AbortSignal },
): AsyncGenerator<RememberedKey> {
  // Pulled page by page and without acks: nothing is held but the page.
  const { name } = await bus.jsm.consumers.add(WRITTEN.name, {
    ack_policy: AckPolicy.None,
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: (options.afterSequence ?? 0) + 1,
    replay_policy: ReplayPolicy.Instant,
    filter_subject: writtenFilter(at),
    inactive_threshold: nanos(READER_IDLE_MS),
    mem_storage: true,
    num_replicas: 1,
  });
  const consumer = await bus.js.consumers.get(WRITTEN.name, name);
  try {
    let pendingCount = (await consumer.info()).num_pending;
    while (pendingCount > 0 && options.signal?.aborted !== true) {
      const max_messages = Math.min(PAGE_MAX, pendingCount);
      let received = 0;
      for await (const message of await consumer.fetch({
        max_messages,
        expires: PAGE_EXPIRES_MS,
      })) {
        received += 1;
        pendingCount = message.info.pending;
        const { subject, time: storedAt, seq: sequence } = message;
        const entry = parseEntry(message.data);
        if (entry !== null) yield { key: keyOfWrittenSubject(subject), entry, storedAt, sequence };
      }
      if (received === 0) pendingCount = (await consumer.info()).num_pending;
    }
  } finally {
    await consumer.delete().catch(() => false);
  }
}

function parseEntry(data: Uint8Array): WrittenEntry | null {
  try {
    return WrittenEntry.parse(JSON.parse(new TextDecoder().decode(data)));
  } catch {
    return null;
  }
}
