import type { QueuedRecord } from '@landbridge/contracts';
import {
  deleteDeadLetter,
  getDeadLetter,
  partitionOfKey,
  publishRecords,
  readRetry,
  type RetryRequest,
} from '@landbridge/messaging';
import { withSpan } from '@landbridge/telemetry';
import type { Consumer, JsMsg } from '@nats-io/jetstream';
import type { BatchPublisher } from './batch-publisher.ts';
import type { ReaderLoopDeps } from './reader-loop.ts';
import type { ReadContext } from './reader.ts';

interface Asked {
  message: JsMsg;
  request: RetryRequest;
}

/** Whatever waited for one parent comes at once. */
const BATCH_MAX = 500;
const FETCH_EXPIRES_MS = 1_000;

/**
 * Reads again what was asked for, queues it, and takes the dead letters away that it was parked as.
 * Done by whoever holds the table's tick, so that it stays in order with what is read anyway.
 */
export async function readAgain(
  retries: Consumer,
  deps: ReaderLoopDeps,
  context: ReadContext,
): Promise<'more' | 'done'> {
  const { reader, at } = deps;
  const asked = await fetchAsked(retries, deps);
  if (asked.length === 0) return 'done';
  await withSpan(`read ${at.table} again`, {}, async () => {
    if (reader.readAgain === undefined) return queueLetters(asked, deps);
    const keys = [...new Set(asked.map(({ request }) => request.key))];
    const found = await reader.readAgain(keys, context);
    deps.onCalls(found.calls);
    await queueAgain(asked, found.records, deps);
    for (const { request } of asked) await takeAway(request, deps);
  });
  for (const { message } of asked) message.ack();
  deps.onReadAgain(asked.length);
  return asked.length === BATCH_MAX ? 'more' : 'done';
}

async function takeAway({ deadLetterId }: RetryRequest, { bus, at }: ReaderLoopDeps) {
  if (deadLetterId !== null) await deleteDeadLetter(bus, at, deadLetterId);
}

/** What was refused, as it was then; what waited waits anew, and the unreadable stays a letter. */
async function queueLetters(asked: readonly Asked[], deps: ReaderLoopDeps): Promise<void> {
  const { bus, at } = deps;
  for (const one of asked) {
    const { deadLetterId } = one.request;
    const letter = deadLetterId === null ? null : await getDeadLetter(bus, at, deadLetterId);
    if (letter?.record == null) continue;
    await queueAgain([one], [{ ...letter.record, readAt: new Date().toISOString() }], deps);
    await takeAway(one.request, deps);
  }
}

async function queueAgain(
  asked: readonly Asked[],
  records: Parameters<BatchPublisher['publish']>[0],
  { bus, at, partitionCount, limits, reader }: ReaderLoopDeps,
): Promise<void> {
  // Asked for again after a crash, it is the same request and so the same message.
  const sequences = new Map(asked.map(({ message, request }) => [request.key, message.seq]));
  const keysOf = (isChosen: (request: RetryRequest) => boolean) =>
    new Set(asked.filter(({ request }) => isChosen(request)).map(({ request }) => request.key));
  const replayed = keysOf(({ replay }) => replay === true);
  const rewritten = keysOf(({ rewrite }) => rewrite === true);
  const asAsked = (record: QueuedRecord): QueuedRecord => {
    if (replayed.has(record.key)) return asReplay(record);
    return rewritten.has(record.key) ? asRewrite(record) : record;
  };
  const outgoing = records.map((record) => ({
    record: asAsked(record),
    partition:
      reader.identify === undefined
        ? partitionOfKey(record.table, record.key, partitionCount)
        : partitionOfKey('', reader.identify(record).together, partitionCount),
    messageId: ['again', at.instance, at.table, record.key, sequences.get(record.key) ?? 0].join(
      '/',
    ),
  }));
  await publishRecords(bus, at, outgoing, { inFlightMax: limits.publishInFlightMax });
}

/** Written whatever is known of it, with the values that only a load writes. */
const asReplay = (record: QueuedRecord): QueuedRecord =>
  record.change === 'delete' ? record : { ...record, origin: 'load', replay: true };

/** Written whatever is known of it, and nothing of it that follows no changes. */
const asRewrite = (record: QueuedRecord): QueuedRecord =>
  record.change === 'delete' ? record : { ...record, replay: true };

async function fetchAsked(retries: Consumer, { log, at }: ReaderLoopDeps): Promise<Asked[]> {
  const { num_pending, num_ack_pending } = await retries.info();
  const max_messages = Math.min(BATCH_MAX, num_pending + num_ack_pending);
  if (max_messages === 0) return [];
  const asked: Asked[] = [];
  for await (const message of await retries.fetch({ max_messages, expires: FETCH_EXPIRES_MS })) {
    const request = readRetry(message);
    if (request !== null) asked.push({ message, request });
    else {
      log.error({ table: at.table, sequence: message.seq }, 'an unreadable retry is thrown away');
      message.term('unreadable');
    }
  }
  return asked;
}
