import { QueuedRecord } from '@landbridge/contracts';
import type { StoredMsg } from '@nats-io/jetstream';
import { headers, type MsgHdrs } from '@nats-io/nats-core';
import type { Bus } from './bus.ts';
import { DEAD_LETTERS } from './streams.ts';
import {
  deadFilter,
  deadIdFilter,
  deadSubject,
  token,
  tokenText,
  type WorkflowAddress,
} from './subjects.ts';

/** A message that its destination refused, whole, and why. `message` holds nothing personal. */
export interface DeadLetter extends WorkflowAddress {
  /** The same for the same message, so that storing it again replaces it. */
  id: string;
  table: string;
  key: string;
  reason: { code: string; message: string };
  attempts: number;
  since: Date;
  /** null: the message was unreadable; `data` still has it. */
  record: QueuedRecord | null;
  data: Uint8Array;
  traceparent: string | null;
}

export type NewDeadLetter = Omit<DeadLetter, 'since' | 'record'>;

const HEADER = {
  id: 'Landbridge-Id',
  table: 'Landbridge-Table',
  key: 'Landbridge-Key',
  code: 'Landbridge-Reason-Code',
  reason: 'Landbridge-Reason',
  attempts: 'Landbridge-Attempts',
  traceparent: 'traceparent',
} as const;

/**
 * Keeps the message for a person to look at.
 * Throws  QueueFull-like refusals of JetStream as they are: then the message must stay queued.
 */
export async function storeDeadLetter(bus: Bus, letter: NewDeadLetter): Promise<void> {
  // A table's name from an unreadable message may hold anything, and still becomes one token.
  const subject = deadSubject({ ...letter }, letter.id);
  await bus.js.publish(subject, letter.data, { headers: toHeaders(letter), timeout: 10_000 });
}

/** null: there is none of this id (any more). */
export async function getDeadLetter(
  bus: Bus,
  at: WorkflowAddress,
  id: string,
): Promise<DeadLetter | null> {
  const stored = await find(bus, at, id);
  return stored === null ? null : toLetter(at, stored);
}

/** Takes the letter away; doing it twice is doing it once. */
export async function deleteDeadLetter(bus: Bus, at: WorkflowAddress, id: string): Promise<void> {
  await bus.jsm.streams.purge(DEAD_LETTERS.name, { filter: deadIdFilter(at, id) });
}

/** At most `limit` letters, oldest first; `afterId` continues a list after its last id. */
export async function listDeadLetters(
  bus: Bus,
  at: WorkflowAddress,
  { limit, afterId = null }: { limit: number; afterId?: string | null },
): Promise<DeadLetter[]> {
  const letters: DeadLetter[] = [];
  const last = afterId === null ? null : await find(bus, at, afterId);
  let seq = (last?.seq ?? 0) + 1;
  while (letters.length < limit) {
    const query = { seq, next_by_subj: deadFilter(at) };
    const stored = await bus.jsm.direct.getMessage(DEAD_LETTERS.name, query);
    if (stored === null) break;
    letters.push(toLetter(at, stored));
    seq = stored.seq + 1;
  }
  return letters;
}

async function find(bus: Bus, at: WorkflowAddress, id: string): Promise<StoredMsg | null> {
  const query = { seq: 1, next_by_subj: deadIdFilter(at, id) };
  return bus.jsm.direct.getMessage(DEAD_LETTERS.name, query);
}

/** Header values are one line of ASCII; a token is that, whatever the text. */
function toHeaders(letter: NewDeadLetter): MsgHdrs {
  const carried = headers();
  carried.set(HEADER.id, token(letter.id));
  carried.set(HEADER.table, token(letter.table));
  carried.set(HEADER.key, token(letter.key));
  carried.set(HEADER.code, token(letter.reason.code));
  carried.set(HEADER.reason, encodeURIComponent(letter.reason.message));
  carried.set(HEADER.attempts, String(letter.attempts));
  if (letter.traceparent !== null) carried.set(HEADER.traceparent, letter.traceparent);
  return carried;
}

function toLetter(at: WorkflowAddress, stored: StoredMsg): DeadLetter {
  const read = (name: string): string => stored.header.get(name);
  const traceparent = read(HEADER.traceparent);
  return {
    workflow: at.workflow,
    instance: at.instance,
    id: tokenText(read(HEADER.id)),
    table: tokenText(read(HEADER.table)),
    key: tokenText(read(HEADER.key)),
    reason: {
      code: tokenText(read(HEADER.code)),
      message: decodeURIComponent(read(HEADER.reason)),
    },
    attempts: Number(read(HEADER.attempts)),
    since: stored.time,
    record: toRecord(stored.data),
    data: stored.data,
    traceparent: traceparent === '' ? null : traceparent,
  };
}

function toRecord(data: Uint8Array): QueuedRecord | null {
  try {
    return QueuedRecord.parse(JSON.parse(new TextDecoder().decode(data)));
  } catch {
    return null;
  }
}
