import type { QueuedRecord } from '@landbridge/contracts';
import { mapKey } from '@landbridge/mapping';
import {
  COMPLETE_SINCE,
  type EdgeEnd,
  isUnsure,
  type Leaving,
  type WrittenEntry,
} from '@landbridge/messaging';
import type { SkipReason, WriteContext, WriteOutcome } from '@landbridge/pipeline';
import type { DeletePermit } from '../deleting/delete-guard.ts';
import { isHidden } from '../linking/standing.ts';
import type { TableLinking } from '../linking/table-linking.ts';
import { type CampaignRecordAt, recordAt } from './campaign-records.ts';
import type { TableWriting } from './record.writer.ts';
import { type Hiding, mayBeHidden, removeHidden } from './remove-hidden.ts';
import { contentOf } from './remembered.ts';
import { outcomeOfRefusal } from './write-refusals.ts';

/** Deletes at the destination what was written there; `forgotten` is remembered in its place. */
export async function removeRecord(
  record: QueuedRecord,
  entry: WrittenEntry | null,
  forgotten: WrittenEntry,
  leaving: Leaving,
  writing: TableWriting,
  context: WriteContext,
): Promise<WriteOutcome> {
  if (entry !== null && contentOf(entry) === null && !isUnsure(entry)) {
    return { kind: 'skipped', reason: 'alreadyGone' };
  }
  const key = await keyToRemove(record, entry, writing);
  if (key === null) return { kind: 'skipped', reason: 'neverWritten' };
  const cause = record.change === 'delete' ? 'deleted' : 'filteredOut';
  const permit = isHidden(entry) ? PERMITTED : await writing.deletes.ask(record, entry, cause);
  if (!permit.granted) return { kind: 'skipped', reason: permit.reason };
  const target = recordAt(writing.place, key, context.signal);
  const parents: Pick<CampaignRecordAt, 'calls'>[] = [];
  const lookUp = (linking: TableLinking) => (parent: EdgeEnd) => {
    const found = linking.lookUp(parent, context.signal);
    parents.push(found);
    return found;
  };
  const calls = () => [target, ...parents].reduce((sum, one) => sum + one.calls, 0);
  const { linking, memory } = writing;
  try {
    const answer = await target.remove();
    const end =
      answer === 'absent' && mayBeHidden(entry, linking)
        ? await removeHidden(record, entry, forgotten, leaving, {
            writing,
            linking,
            target,
            lookUp: lookUp(linking),
          })
        : ENDS[answer];
    if (end === 'removed' || end === 'gone') await memory.put(record.key, forgotten);
    await settlePermit(permit, end === 'removed');
    if (end === 'removed') return { kind: 'written', calls: calls() };
    return { kind: 'skipped', reason: whyNot(end, entry), calls: calls() };
  } catch (error) {
    await permit.undone();
    return outcomeOfRefusal(error, writing, calls());
  }
}

const ENDS = { done: 'removed', absent: 'gone' } as const;

/** What Campaign hides was let through when it was first to be deleted. */
const PERMITTED: DeletePermit = {
  granted: true,
  done: async () => undefined,
  undone: async () => undefined,
};

function whyNot(end: Exclude<Hiding, 'removed'>, entry: WrittenEntry | null): SkipReason {
  if (end === 'waits') return 'waitingForParent';
  return entry === null ? 'neverWritten' : 'alreadyGone';
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
