import { QueuedRecord } from '@landbridge/contracts';
import type { Bus } from './bus.ts';
import { countMatching } from './count-matching.ts';
import { isStreamFull, PublishFailed, QueueFull } from './errors.ts';
import { AWAITED } from './streams.ts';
import {
  awaitedFilter,
  awaitedSubject,
  awaitedTableFilter,
  type TableAddress,
  type WorkflowAddress,
} from './subjects.ts';
import { tracedHeaders } from './trace-headers.ts';

/** A record that waits; `sequence` is its place in the stream, new each time it waits again. */
export interface AwaitedRecord {
  record: QueuedRecord;
  sequence: number;
}

const ACK_TIMEOUT_MS = 10_000;

/**
 * Lays the record aside until what it needs is there; laid aside twice, it waits once.
 * Throws  QueueFull, PublishFailed: then the record must stay where it is.
 */
export async function layAside(
  bus: Bus,
  at: WorkflowAddress,
  record: QueuedRecord,
  traceparent?: string | null,
): Promise<void> {
  const subject = awaitedSubject({ ...at, table: record.table }, record.key);
  const headers = tracedHeaders(traceparent);
  try {
    await bus.js.publish(subject, JSON.stringify(record), { headers, timeout: ACK_TIMEOUT_MS });
  } catch (cause) {
    if (isStreamFull(cause)) throw new QueueFull(AWAITED.name, { cause });
    throw new PublishFailed(subject, { cause });
  }
}

/** At most `limit` of the records that wait, in the order in which they began to, after `after`. */
export async function listAwaited(
  bus: Bus,
  at: WorkflowAddress,
  { after, limit }: { after: number; limit: number },
): Promise<AwaitedRecord[]> {
  const found: AwaitedRecord[] = [];
  for (let seq = after + 1; found.length < limit;) {
    const query = { seq, next_by_subj: awaitedFilter(at) };
    const stored = await bus.jsm.direct.getMessage(AWAITED.name, query);
    if (stored === null) break;
    const record = QueuedRecord.safeParse(stored.json());
    // What a later version laid aside stays there for it.
    if (record.success) found.push({ record: record.data, sequence: stored.seq });
    seq = stored.seq + 1;
  }
  return found;
}

/** It waits no longer; doing it twice is doing it once. */
export async function takeUp(bus: Bus, sequence: number): Promise<void> {
  try {
    await bus.jsm.streams.deleteMessage(AWAITED.name, sequence);
  } catch (error) {
    const stored = await bus.jsm.direct.getMessage(AWAITED.name, { seq: sequence });
    // The message of this sequence, or of a later one, or none: it is gone, as it should be.
    if (stored?.seq === sequence) throw error;
  }
}

/** How many of a table wait; the server counts. */
export const awaitedCount = (bus: Bus, at: TableAddress): Promise<number> =>
  countMatching(bus, AWAITED.name, awaitedTableFilter(at));
