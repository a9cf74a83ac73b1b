import { QueuedRecord, type QueuedRecord as Queued } from '@landbridge/contracts';
import type { Consumer, JsMsg } from '@nats-io/jetstream';
import type { Bus } from './bus.ts';
import { batchesOf, partitionOf } from './consumers.ts';
import { ensureConsumer } from './ensure-streams.ts';
import { isStreamFull, PublishFailed, QueueFull } from './errors.ts';
import { queueStream } from './streams.ts';
import {
  partitionConsumer,
  queueFilter,
  queueSubject,
  tableOfQueueSubject,
  token,
  type WorkflowAddress,
} from './subjects.ts';
import { tracedHeaders } from './trace-headers.ts';
import { turnEnd } from './turn-end.ts';

/** A record on its way into the queue. */
export interface OutgoingRecord {
  record: Queued;
  partition: number;
  /** The same when the same change is published again, so that JetStream keeps one of them. */
  messageId: string;
}

export interface PublishOptions {
  /** How many may wait for their acknowledgement at once. */
  inFlightMax?: number;
  signal?: AbortSignal;
}

const IN_FLIGHT_MAX = 256;
/** Once as many wait as may, the next go out together, when so many of them are stored. */
const RESUME_SHARE = 0.5;
const ACK_TIMEOUT_MS = 10_000;

/**
 * Publishes the records in their order and waits until each is stored.
 * A key's later record goes out only when its earlier one is stored: else a refusal in the middle
 * could leave the later one in front of the earlier one that is published again.
 * Throws  QueueFull; PublishFailed (some are stored, some not: publish all of them again).
 */
export async function publishRecords(
  bus: Bus,
  at: WorkflowAddress,
  records: readonly OutgoingRecord[],
  options: PublishOptions = {},
): Promise<void> {
  const inFlightMax = options.inFlightMax ?? IN_FLIGHT_MAX;
  const resumeAt = Math.floor(inFlightMax * RESUME_SHARE);
  let room = Promise.withResolvers<undefined>();
  const carried = tracedHeaders();
  const inFlight = new Map<string, Promise<void>>();
  const failures: unknown[] = [];
  for (const outgoing of records) {
    const key = `${outgoing.record.table}/${outgoing.record.key}`;
    const earlier = inFlight.get(key);
    if (earlier !== undefined) await earlier;
    if (inFlight.size >= inFlightMax) {
      room = Promise.withResolvers<undefined>();
      await room.promise;
    }
    if (failures.length > 0) break;
    options.signal?.throwIfAborted();
    const stored = publishOne(bus, at, outgoing, carried)
      .catch((error: unknown) => void failures.push(error))
      .finally(() => {
        inFlight.delete(key);
        if (inFlight.size <= resumeAt) room.resolve(undefined);
      });
    inFlight.set(key, stored);
  }
  await Promise.all(inFlight.values());
  if (failures.length > 0) throw failures[0];
}

async function publishOne(
  bus: Bus,
  at: WorkflowAddress,
  { record, partition, messageId }: OutgoingRecord,
  headers: ReturnType<typeof tracedHeaders>,
): Promise<void> {
  const subject = queueSubject({ ...at, table: record.table }, partition);
  await turnEnd();
  try {
    await bus.js.publish(subject, JSON.stringify(record), {
      msgID: token(messageId),
      headers,
      timeout: ACK_TIMEOUT_MS,
    });
  } catch (cause) {
    if (isStreamFull(cause)) throw new QueueFull(queueStream(at.workflow), { cause });
    throw new PublishFailed(subject, { cause });
  }
}

/** Whether the server would refuse the record for its size. */
export const isTooLarge = (bus: Bus, record: Queued): boolean =>
  Buffer.byteLength(JSON.stringify(record)) >
  (bus.connection.info?.max_payload ?? DEFAULT_PAYLOAD_MAX) - HEADER_ROOM;

const DEFAULT_PAYLOAD_MAX = 1024 * 1024;
const HEADER_ROOM = 4 * 1024;

/**
 * One partition's consumer, declared if it was not there: one message at a time, in order, or many
 * at a time. A workflow always opens its partitions the same way.
 */
export async function openPartition(
  bus: Bus,
  at: WorkflowAddress,
  partition: number,
  handOut: 'oneByOne' | 'inBatches' = 'oneByOne',
): Promise<Consumer> {
  const stream = queueStream(at.workflow);
  const declare = handOut === 'oneByOne' ? partitionOf : batchesOf;
  await ensureConsumer(bus.jsm, stream, declare(at, partition));
  return bus.js.consumers.get(stream, partitionConsumer(at, partition));
}

/** A message of the queue, read; `record` is null when it is none of ours. */
export interface ReadMessage {
  record: Queued | null;
  /** By its subject, also when the message is unreadable. */
  table: string;
  /** Which fields do not fit, without their values; empty when readable. */
  faults: string;
}

export function readMessage(message: JsMsg): ReadMessage {
  const table = tableOfQueueSubject(message.subject) ?? '';
  const parsed = QueuedRecord.safeParse(parseJson(message));
  if (parsed.success) return { record: parsed.data, table, faults: '' };
  const faults = parsed.error.issues
    .map(({ path, code }) => `${path.join('.') || 'the message'}: ${code}`)
    .join('; ');
  return { record: null, table, faults };
}

/** A queue's length, exactly. */
export interface Backlog {
  /** Waiting for a writer. */
  queued: number;
  /** Handed to a writer and not settled, or resting until it is tried again. */
  pending: number;
  /** When the oldest was queued; null when there is none. */
  oldestAt: Date | null;
}

/** Asks JetStream, which knows: a settled message is not in the stream any more. */
export async function backlogOf(bus: Bus, at: WorkflowAddress): Promise<Backlog> {
  const count = await queuedCount(bus, at);
  if (count === 0) return { queued: 0, pending: 0, oldestAt: null };
  const stream = queueStream(at.workflow);
  const query = { seq: 1, next_by_subj: queueFilter(at) };
  const oldest = await bus.jsm.direct.getMessage(stream, query);
  const pending = Math.min(count, await pendingCount(bus, at));
  return { queued: count - pending, pending, oldestAt: oldest?.time ?? null };
}

/** Queued and pending together: what the reader's bound is about. */
export async function queuedCount(bus: Bus, at: WorkflowAddress): Promise<number> {
  const subjects_filter = queueFilter(at);
  const { state } = await bus.jsm.streams.info(queueStream(at.workflow), { subjects_filter });
  return Object.values(state.subjects ?? {}).reduce((sum, count) => sum + count, 0);
}

async function pendingCount(bus: Bus, at: WorkflowAddress): Promise<number> {
  const prefix = `${token(at.workflow)}_${token(at.instance)}_`;
  let sum = 0;
  for await (const consumer of bus.jsm.consumers.list(queueStream(at.workflow))) {
    if (consumer.name.startsWith(prefix)) sum += consumer.num_ack_pending;
  }
  return sum;
}

function parseJson(message: JsMsg): unknown {
  try {
    return message.json();
  } catch {
    return null;
  }
}
