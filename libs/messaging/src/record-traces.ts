import { QueuedRecord } from '@landbridge/contracts';
import type { Bus } from './bus.ts';
import { partitionOfKey } from './partition-of-key.ts';
import { partitionOf } from './consumers.ts';
import { queueStream, WRITTEN } from './streams.ts';
import { partitionsKey, queueSubject, type TableAddress, writtenSubject } from './subjects.ts';
import { WrittenEntry } from './written-memory.ts';

/** What is remembered of a record's last write, and when it was put. */
export interface RememberedWrite {
  entry: WrittenEntry;
  storedAt: Date;
}

/** null: never written, forgotten, or unreadable. */
export async function rememberedWrite(
  bus: Bus,
  at: TableAddress,
  key: string,
): Promise<RememberedWrite | null> {
  const query = { last_by_subj: writtenSubject(at, key) };
  const stored = await bus.jsm.direct.getMessage(WRITTEN.name, query);
  if (stored === null) return null;
  const entry = WrittenEntry.safeParse(jsonOf(stored.data));
  return entry.success ? { entry: entry.data, storedAt: stored.time } : null;
}

/** A record's message in the queue. `handedOut`: a writer has it, or had it and will get it again. */
export interface QueuedTrace {
  record: QueuedRecord;
  queuedAt: Date;
  handedOut: boolean;
}

/** Shape   `searchedAll` false: the queue is longer than `lookedAtCount` messages. */
export interface QueueSearch {
  messages: QueuedTrace[];
  lookedAtCount: number;
  searchedAll: boolean;
}

/** A person waits for the answer: so far, and no farther. */
const LOOK_COUNT_MAX = 2_000;
const LOOK_MS_MAX = 400;

/**
 * The messages of one record, oldest first, among those of its table and partition. The queue is
 * not touched: nothing is consumed, and no consumer may be made beside those that write.
 */
export async function searchQueue(
  bus: Bus,
  at: TableAddress,
  key: string,
  bounds: { countMax?: number; msMax?: number } = {},
): Promise<QueueSearch> {
  const { countMax = LOOK_COUNT_MAX, msMax = LOOK_MS_MAX } = bounds;
  const nothing = { messages: [], lookedAtCount: 0, searchedAll: true };
  const count = await partitionCount(bus, at);
  if (count === null) return nothing;
  const partition = partitionOfKey(at.table, key, count);
  const stream = queueStream(at.workflow);
  const next_by_subj = queueSubject(at, partition);
  const startedMs = performance.now();
  const found: Omit<QueuedTrace, 'handedOut'>[] = [];
  const sequences: number[] = [];
  let [seq, lookedAtCount] = [1, 0];
  for (;;) {
    const stored = await bus.jsm.direct.getMessage(stream, { seq, next_by_subj });
    if (stored === null) break;
    if (lookedAtCount >= countMax || performance.now() - startedMs > msMax) {
      const handedOut = await handedOutUntil(bus, at, partition);
      return { messages: traces(found, sequences, handedOut), lookedAtCount, searchedAll: false };
    }
    lookedAtCount += 1;
    seq = stored.seq + 1;
    const record = QueuedRecord.safeParse(jsonOf(stored.data));
    if (!record.success || record.data.key !== key) continue;
    found.push({ record: record.data, queuedAt: stored.time });
    sequences.push(stored.seq);
  }
  if (found.length === 0) return { ...nothing, lookedAtCount };
  const handedOut = await handedOutUntil(bus, at, partition);
  return { messages: traces(found, sequences, handedOut), lookedAtCount, searchedAll: true };
}

const traces = (
  found: readonly Omit<QueuedTrace, 'handedOut'>[],
  sequences: readonly number[],
  handedOutUntilSeq: number,
): QueuedTrace[] =>
  found.map((one, index) => ({ ...one, handedOut: (sequences[index] ?? 0) <= handedOutUntilSeq }));

/** The last message of the partition that a writer was handed; 0: none ever. */
async function handedOutUntil(bus: Bus, at: TableAddress, partition: number): Promise<number> {
  const name = partitionOf(at, partition).durable_name;
  try {
    const info = await bus.jsm.consumers.info(queueStream(at.workflow), name);
    return info.delivered.stream_seq;
  } catch {
    return 0;
  }
}

/** The agreed number of partitions; null: no run has agreed on one yet. */
async function partitionCount(bus: Bus, at: TableAddress): Promise<number | null> {
  const entry = await bus.cursors.get(partitionsKey(at));
  const count = entry === null ? Number.NaN : Number(entry.string());
  return Number.isInteger(count) && count > 0 ? count : null;
}

function jsonOf(data: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(data));
  } catch {
    return null;
  }
}
