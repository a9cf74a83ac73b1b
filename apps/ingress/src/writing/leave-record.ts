import type { QueuedRecord } from '@landbridge/contracts';
import { type Leaving, leavingOf, type WrittenEntry } from '@landbridge/messaging';
import type { SkipReason, WriteContext, WriteOutcome } from '@landbridge/pipeline';
import { isHeldByChildren, noteAbsence, stayAfterAll } from '../linking/children.ts';
import { keepOnly } from '../linking/parents.ts';
import { withEdges } from '../linking/standing.ts';
import type { TableWriting } from './record.writer.ts';
import { removeRecord } from './remove-record.ts';

/** Why a record that should go has not gone. */
const STILL_THERE: readonly SkipReason[] = [
  'waitingForChildren',
  'waitingForParent',
  'deleteHeld',
  'deleteDiscarded',
];

/** A record that was deleted at the source. */
export async function deleteRecord(
  record: QueuedRecord,
  entry: WrittenEntry | null,
  writing: TableWriting,
  context: WriteContext,
): Promise<WriteOutcome> {
  if (writing.mapping.applyDeletes) return leave(record, entry, 'deleted', writing, context);
  await goFromLinks(record, entry, 'deleted', writing);
  return { kind: 'skipped', reason: 'deletesNotApplied' };
}

/** A record that does not pass the filter: nothing of it is written, and what was may go. */
export async function leaveOut(
  record: QueuedRecord,
  entry: WrittenEntry | null,
  writing: TableWriting,
  context: WriteContext,
): Promise<WriteOutcome> {
  const filteredOut = { kind: 'skipped', reason: 'filteredOut' } as const;
  const { mapping, memory, linking } = writing;
  if (mapping.deleteFilteredOut) {
    const outcome = await leave(record, entry, 'filteredOut', writing, context);
    const isLeft = outcome.kind === 'skipped' && !STILL_THERE.includes(outcome.reason);
    return isLeft ? { ...outcome, ...filteredOut } : outcome;
  }
  if (linking !== null) await noteAbsence(record, 'filteredOut', { memory, linking });
  return filteredOut;
}

/** Deletes it in Campaign, once nothing refers to it any more. */
async function leave(
  record: QueuedRecord,
  entry: WrittenEntry | null,
  leaving: Leaving,
  writing: TableWriting,
  context: WriteContext,
): Promise<WriteOutcome> {
  const { memory, linking } = writing;
  if (linking !== null && (await isHeldByChildren(record, entry, leaving, { memory, linking }))) {
    return { kind: 'skipped', reason: 'waitingForChildren' };
  }
  const version = leaving === 'deleted' ? (entry?.version ?? null) : record.version;
  const extra = {
    ...(leaving === 'deleted' ? { deleted: true } : {}),
    ...(linking?.isTarget === true ? { absent: leaving } : {}),
  };
  const forgotten = { hash: null, version, ...(Object.keys(extra).length === 0 ? {} : { extra }) };
  const outcome = await removeRecord(record, entry, forgotten, leaving, writing, context);
  const isStillThere = outcome.kind === 'skipped' && STILL_THERE.includes(outcome.reason);
  if (outcome.kind === 'written' || (outcome.kind === 'skipped' && !isStillThere)) {
    await goFromLinks(record, entry, leaving, writing);
  } else if (isStillThere && linking !== null) {
    await stayAfterAll(record, await memory.get(record.key), { memory, linking });
  }
  return outcome;
}

/** Takes the record's own edges away, and tells those that wait for it that it will not come. */
async function goFromLinks(
  record: QueuedRecord,
  entry: WrittenEntry | null,
  leaving: Leaving,
  { memory, linking }: TableWriting,
): Promise<void> {
  if (linking === null) return;
  const isUnheardOf = entry === null && leaving === 'deleted';
  await noteAbsence(record, isUnheardOf ? 'missing' : leaving, { memory, linking });
  if (linking.parents.size > 0) {
    await keepOnly(record, [], entry, linking);
    // So that edges which a forgetful memory left behind are known for what they are.
    const now = (await memory.get(record.key)) ?? NEVER_WRITTEN;
    await memory.put(record.key, withEdges(now, { linked: [], waiting: [] }));
  }
  if (leavingOf(entry) !== null) await linking.edges.unmarkDeleting(record);
}

const NEVER_WRITTEN: WrittenEntry = { hash: null, version: null, extra: { deleted: true } };
