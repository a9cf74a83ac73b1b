import { setTimeout as sleep } from 'node:timers/promises';
import type { QueuedRecord } from '@landbridge/contracts';
import {
  type Bus,
  isTooLarge,
  type OutgoingRecord,
  partitionOfKey,
  publishRecords,
  QueueFull,
  storeDeadLetter,
  type TableAddress,
} from '@landbridge/messaging';
import { currentTraceparent, type Log, withSpan } from '@landbridge/telemetry';
import { backoffMs } from './backoff.ts';
import type { Hold } from './hold.ts';
import type { Reader } from './reader.ts';
import type { Reporter } from './reporter.ts';

export interface BatchContext {
  /** Of the cursor that the batch was read from. */
  revision: number;
  /** Of the tick: grows with every hand-out. */
  delivery: number;
  hold: Hold;
  signal: AbortSignal;
}

export interface BatchPublisher {
  /**
   * Queues all the records, waiting while the queue is full.
   * Throws  PublishFailed; the signal's reason; Error when the right to read was lost meanwhile.
   */
  publish(records: readonly QueuedRecord[], context: BatchContext): Promise<void>;
}

/** The records that go out between two looks at whether we still hold the tick. */
const CHUNK_MAX = 500;

export function batchPublisher(options: {
  bus: Bus;
  at: TableAddress;
  partitionCount: number;
  /** Of the queue: an instance that is made again under its name has another. */
  life: number;
  inFlightMax: number;
  reporter: Reporter;
  log: Log;
  onDead: () => void;
  identify?: Reader['identify'] | undefined;
}): BatchPublisher {
  const { bus, at, inFlightMax } = options;
  return {
    publish: async (records, context) => {
      if (records.length === 0) return;
      const attributes = { 'landbridge.table': at.table, 'landbridge.records': records.length };
      await withSpan(`queue ${at.table}`, { kind: 'producer', attributes }, async () => {
        for (let start = 0; start < records.length; start += CHUNK_MAX) {
          const chunk = records.slice(start, start + CHUNK_MAX);
          const fitting = await parkTooLarge(chunk, context, options);
          const outgoing = fitting.map((record) => toOutgoing(record, context, options));
          await publishChunk(bus, at, outgoing, { ...context, inFlightMax });
        }
      });
    },
  };
}

async function publishChunk(
  bus: Bus,
  at: TableAddress,
  outgoing: readonly OutgoingRecord[],
  { hold, signal, inFlightMax }: BatchContext & { inFlightMax: number },
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    signal.throwIfAborted();
    // A reader that was paused must not queue stale records behind newer ones.
    if (!hold.held) throw new Error('the tick was lost before its batch was queued');
    try {
      await publishRecords(bus, at, outgoing, { inFlightMax, signal });
      return;
    } catch (error) {
      if (!(error instanceof QueueFull)) throw error;
      await sleep(backoffMs(attempt, { capMs: 2_000 }), undefined, { signal });
    }
  }
}

/**
 * The id is the same when a batch is read again from the same cursor after a crash, and another one
 * when the record is read again on purpose. A delete has no version, so its id counts the reads.
 */
function toOutgoing(
  record: QueuedRecord,
  { revision, delivery }: BatchContext,
  { partitionCount, life, identify }: Parameters<typeof batchPublisher>[0],
): OutgoingRecord {
  const { instance, table, key, change, version } = record;
  const identity = identify?.(record);
  if (identity !== undefined) {
    const partition = partitionOfKey('', identity.together, partitionCount);
    return { record, partition, messageId: [instance, life, table, identity.sameness].join('/') };
  }
  const sameness = version ?? `read-${delivery}`;
  return {
    record,
    partition: partitionOfKey(table, key, partitionCount),
    messageId: [instance, life, table, revision, key, change, sameness].join('/'),
  };
}

/** What NATS would refuse for its size becomes a dead letter without its values. */
async function parkTooLarge(
  records: readonly QueuedRecord[],
  { revision }: BatchContext,
  { bus, at, reporter, log, onDead }: Parameters<typeof batchPublisher>[0],
): Promise<QueuedRecord[]> {
  const fitting: QueuedRecord[] = [];
  for (const record of records) {
    if (!isTooLarge(bus, record)) {
      fitting.push(record);
      continue;
    }
    const { table, key } = record;
    const id = `${revision}-${record.version ?? '0'}-${partitionOfKey(table, key, 2 ** 32)}`;
    const reason = { code: 'recordTooLarge', message: 'The record is larger than NATS takes' };
    const data = new TextEncoder().encode(JSON.stringify({ ...record, columns: {} }));
    const letter = { id, table, key, reason, attempts: 1 };
    await storeDeadLetter(bus, { ...at, ...letter, data, traceparent: currentTraceparent() });
    const body = { table, key, reason, attempts: 1 };
    await reporter.sendOnce({ kind: 'recordDead', deadLetterId: id, ...body }, id);
    log.warn(
      { table, key, code: reason.code, deadLetterId: id },
      'a record was refused and parked',
    );
    onDead();
  }
  return fitting;
}
