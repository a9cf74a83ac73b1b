import type { QueuedRecord, TableMapping } from '@landbridge/contracts';
import { isUnsure, standingOf, type WrittenEntry } from '@landbridge/messaging';
import type { RejectReason, WriteContext, WriteOutcome } from '@landbridge/pipeline';
import { callChildren, rewriteChildren } from '../linking/children.ts';
import { keepOnly, stopWaiting, waitInHiding } from '../linking/parents.ts';
import { heldEdges, isHidden, withEdges, without } from '../linking/standing.ts';
import { isAskedFor } from '../reading/to-queued.ts';
import { recordAt } from './campaign-records.ts';
import type { Mapped } from './map-linked-record.ts';
import { entryOfGone, keyMovedFrom, moveRecord, tellIfGone } from './move-record.ts';
import { putRecord } from './put-record.ts';
import type { TableWriting } from './record.writer.ts';
import { contentOf, contentToWrite, hashOf, type WrittenContent } from './remembered.ts';
import { outcomeOfRefusal } from './write-refusals.ts';

/** Writes a record whose parents are there. */
export async function writeMapped(
  record: QueuedRecord,
  mapped: Mapped,
  entry: WrittenEntry | null,
  writing: TableWriting,
  context: WriteContext,
): Promise<WriteOutcome> {
  const outcome = await bringToCampaign(record, mapped, entry, writing, context);
  if (outcome.kind !== 'rejected') return outcome;
  return tellIfGone(outcome, await writing.memory.get(record.key));
}

async function bringToCampaign(
  record: QueuedRecord,
  mapped: Mapped,
  entry: WrittenEntry | null,
  writing: TableWriting,
  context: WriteContext,
): Promise<WriteOutcome> {
  const written = contentOf(entry);
  const content = contentToWrite(mapped, writing.scope, isComplete(record, writing.mapping));
  const loads = record.origin === 'load' || written?.onInsert === '';
  const oldKey = keyMovedFrom(record, mapped.key, entry);
  const isThere = written !== null && isUnchanged(written, content, loads);
  if (isThere && oldKey === null && record.replay !== true) {
    await landed(record, mapped, entry, null, writing);
    if (context.attempt > 1 || isReread(record)) await release(record, writing);
    if (context.attempt > 1) await restore(record, writing);
    return { kind: 'skipped', reason: 'unchanged' };
  }
  const target = recordAt(writing.place, mapped.key, context.signal);
  const old = oldKey === null ? null : recordAt(writing.place, oldKey, context.signal);
  const calls = () => target.calls + (old?.calls ?? 0);
  try {
    const put = { mapped, loads, target };
    const wasWritten = written !== null && old === null;
    const attempt = isUnsure(entry) ? Math.max(2, context.attempt) : context.attempt;
    const tried = { ...context, attempt };
    const make = () => putRecord(record, put, { wasWritten, writing, context: tried });
    const noteGone = () => writing.memory.put(record.key, entryOfGone(entry, record.version));
    const result = old === null ? await make() : await moveRecord(make, old, noteGone);
    if (result === 'notOurs') return { kind: 'skipped', reason: 'notOurs', calls: target.calls };
    if (result === 'conflict') {
      const isWritten = wasWritten || isHidden(entry);
      const isOurs = isWritten || context.attempt > 1;
      const now = old === null ? entry : await writing.memory.get(record.key);
      return await conflict(record, mapped, now, { isOurs, isWritten, writing, calls: calls() });
    }
    const onInsert =
      loads || result === 'inserted' ? content.onInsert : (written?.onInsert ?? content.onInsert);
    const hash = hashOf({ ...content, onInsert });
    await landed(record, mapped, entry, { hash, version: record.version }, writing);
    writing.schema.noteWritten(record.key);
    const isNew = standingOf(entry) !== 'landed' || result === 'inserted';
    if (isNew || context.attempt > 1 || isReread(record)) await release(record, writing);
    if (result === 'inserted' || context.attempt > 1) await restore(record, writing);
    return { kind: 'written', calls: calls() };
  } catch (error) {
    return outcomeOfRefusal(error, writing, calls());
  }
}

/** Remembers the write with its edges; `hash` null: only the edges are new. */
async function landed(
  record: QueuedRecord,
  { key, parents }: Mapped,
  entry: WrittenEntry | null,
  wrote: Pick<WrittenEntry, 'hash' | 'version'> | null,
  { memory, linking }: TableWriting,
): Promise<void> {
  const held = heldEdges(entry);
  const isSame =
    held.waiting.length === 0 &&
    held.linked.length === parents.length &&
    without(parents, held.linked).length === 0;
  // Whoever asked for it may have marked the edge once more, after it was taken away.
  if (linking !== null && isAskedFor(record)) await stopWaiting(record, parents, linking);
  if (wrote === null && isSame) return;
  if (linking !== null && !isSame) await keepOnly(record, parents, entry, linking);
  const own = wrote === null ? entry : withOwnKey(wrote, key === record.key ? null : key);
  await memory.put(record.key, withEdges(own, { linked: [...parents], waiting: [] }));
}

const withOwnKey = (wrote: Pick<WrittenEntry, 'hash' | 'version'>, key: string | null) => ({
  ...wrote,
  ...(key === null ? {} : { extra: { key } }),
});

async function release(record: QueuedRecord, { linking }: TableWriting): Promise<void> {
  if (linking?.isTarget === true) await callChildren(record, linking);
}

/** Of a record that was made, or may have been made by an earlier attempt. */
async function restore(record: QueuedRecord, { linking }: TableWriting): Promise<void> {
  if (linking?.isTarget === true) await rewriteChildren(record, linking);
}

/** Read again on purpose or in full, so that whoever waits may have been missed before. */
const isReread = (record: QueuedRecord): boolean => record.origin === 'load' || isAskedFor(record);

/** Whether every value that only an insert writes was read. */
function isComplete(record: QueuedRecord, { fields }: TableMapping): boolean {
  return fields.every(
    ({ dynamics, applyUpdates }) => applyUpdates || record.columns[dynamics] !== undefined,
  );
}

function isUnchanged(written: WrittenContent, content: WrittenContent, loads: boolean): boolean {
  return written.followed === content.followed && (!loads || written.onInsert === content.onInsert);
}

/**
 * Not there under its own key, and yet a unique value of it is taken: by another record. Or it is
 * ours, and Campaign hides it because a parent is gone, or because a link is empty: then nothing
 * that comes to Campaign would show it again, so a person is asked.
 */
async function conflict(
  record: QueuedRecord,
  { keyField, parents }: Mapped,
  entry: WrittenEntry | null,
  {
    isOurs,
    isWritten,
    writing,
    calls,
  }: { isOurs: boolean; isWritten: boolean; writing: TableWriting; calls: number },
): Promise<WriteOutcome> {
  const { linking, memory, mapping } = writing;
  if (isOurs && linking !== null && parents.length > 0) {
    await waitInHiding(record, parents, entry, { memory, linking });
    return { kind: 'skipped', reason: 'waitingForParent', calls };
  }
  const reason =
    isWritten && mapping.links.length > 0 ? hiddenByCampaign(mapping) : duplicateValue(keyField);
  const { message } = reason;
  return { kind: 'rejected', reason, cause: new Error(message), calls };
}

function duplicateValue(keyField: string): RejectReason {
  const message = `Campaign has another record with a value that must be unique, and none with this ${keyField}`;
  return { code: 'duplicateValue', message };
}

function hiddenByCampaign({ links }: TableMapping): RejectReason {
  const attributes = [...new Set(links.map(({ campaign }) => campaign))].join(', ');
  const message =
    `Landbridge wrote it, and Campaign neither shows it nor takes it anew: a link of cardinality 1 hides ` +
    `records for which it is empty. Make the cardinality of ${attributes} 0 or 1 in Campaign and retry; ` +
    `or else another record has a value of it that must be unique`;
  return { code: 'hiddenByCampaign', message };
}
