import type { QueuedRecord } from '@landbridge/contracts';
import { mapKey } from '@landbridge/mapping';
import type { WrittenEntry } from '@landbridge/messaging';
import type { WriteContext, WriteOutcome } from '@landbridge/pipeline';
import type { DeletePermit } from '../deleting/delete-guard.ts';
import { isUnsure } from '../linking/standing.ts';
import { recordAt } from './campaign-records.ts';
import type { TableWriting } from './record.writer.ts';
import { COMPLETE_SINCE, contentOf } from './remembered.ts';
import { outcomeOfRefusal } from './write-refusals.ts';

/** Deletes at the destination what was written there; `forgotten` is remembered in its place. */
export async function removeRecord(
  record: QueuedRecord,
  entry: WrittenEntry | null,
  forgotten: WrittenEntry,
  writing: TableWriting,
  context: WriteContext,
): Promise<WriteOutcome> {
  if (entry !== null && contentOf(entry) === null && !isUnsure(entry)) {
    return { kind: 'skipped', reason: 'alreadyGone' };
  }
  const key = await keyToRemove(record, entry, writing);
  if (key === null) return { kind: 'skipped', reason: 'neverWritten' };
  const cause = record.change === 'delete' ? 'deleted' : 'filteredOut';
  const permit = await writing.deletes.ask(record, entry, cause);
  if (!permit.granted) return { kind: 'skipped', reason: permit.reason };
  const target = recordAt(writing.place, key, context.signal);
  try {
    const answer = await target.remove();
    await writing.memory.put(record.key, forgotten);
    await settlePermit(permit, answer === 'done');
    if (answer === 'done') return { kind: 'written', calls: target.calls };
    const reason = entry === null ? 'neverWritten' : 'alreadyGone';
    return { kind: 'skipped', reason, calls: target.calls };
  } catch (error) {
    await permit.undone();
    return outcomeOfRefusal(error, writing, target.calls);
  }
}

/** Nothing that was gone already counts as a delete. */
async function settlePermit(
  permit: Extract<DeletePermit, { granted: true }>,
  isDone: boolean,
): Promise<void> {
  if (!isDone) await permit.undone();
  await permit.done();
}

/** null: nothing of ours can be there. A memory that forgot something cannot say so. */
async function keyToRemove(
  record: QueuedRecord,
  entry: WrittenEntry | null,
  { memory, mapping, schema }: TableWriting,
): Promise<string | null> {
  const remembered = entry?.extra?.['key'];
  if (typeof remembered === 'string') return remembered;
  const isForgotten = !isUnsure(entry) && (await memory.get(COMPLETE_SINCE)) === null;
  if (entry === null && !isForgotten) return null;
  const { table } = schema.metadata;
  // Of a record that is gone only its id is left.
  const isUnknown = entry === null || isUnsure(entry);
  if (isUnknown && mapping.key.dynamics !== table.primaryId) return null;
  const mapped = mapKey({ [mapping.key.dynamics]: record.key }, mapping, schema.metadata, mapping);
  return mapped.ok ? mapped.value : null;
}
