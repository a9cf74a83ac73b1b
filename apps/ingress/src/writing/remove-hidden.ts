import type { QueuedRecord } from '@landbridge/contracts';
import { type EdgeEnd, type Leaving, leavingOf, type WrittenEntry } from '@landbridge/messaging';
import { noteAbsence } from '../linking/children.ts';
import { keepOnly, stopWaiting } from '../linking/parents.ts';
import { heldEdges, isHidden, union, withEdges, withHidden, without } from '../linking/standing.ts';
import { edgeOf, type TableLinking } from '../linking/table-linking.ts';
import { type CampaignRecordAt, KeyNotUnique } from './campaign-records.ts';
import type { TableWriting } from './record.writer.ts';
import { contentOf } from './remembered.ts';

/**
 * What became of a record that was ours and that Campaign did not find when it was to be deleted.
 * Shape   `removed`: it was there after all. `gone`: nothing that is known could hide it.
 *         `waits`: it is deleted as soon as a parent of it is shown again. `unsure`: no parent hides
 *         it, but a link of it may be empty, and Campaign hides that, too; the memory keeps it.
 */
export type Hiding = 'removed' | 'gone' | 'waits' | 'unsure';

/** Whether a record that Campaign does not find may be there and only not shown. */
export const mayBeHidden = (
  entry: WrittenEntry | null,
  linking: TableLinking | null,
): linking is TableLinking =>
  linking !== null && linking.parents.size > 0 && (contentOf(entry) !== null || isHidden(entry));

/**
 * Where the cardinality of a link is 1, Campaign shows a record only while its parent is there, and
 * shows it again later. So the deletion of what it does not find is kept until the parent is there.
 * As with every edge it is put first, and the parent is looked at afterwards.
 */
export async function removeHidden(
  record: QueuedRecord,
  entry: WrittenEntry | null,
  forgotten: WrittenEntry,
  leaving: Leaving,
  {
    writing: { memory, mapping },
    linking,
    target,
    lookUp,
  }: {
    writing: Pick<TableWriting, 'memory' | 'mapping'>;
    linking: TableLinking;
    target: Pick<CampaignRecordAt, 'remove'>;
    lookUp: (parent: EdgeEnd) => Pick<CampaignRecordAt, 'exists'>;
  },
): Promise<Hiding> {
  const parents = await parentsOf(record, entry, linking);
  for (const parent of parents) await linking.edges.wait(edgeOf(parent, record), 'leaving');
  if (await areShown(parents, lookUp)) {
    const isRemoved = parents.length > 0 && (await target.remove()) === 'done';
    await stopWaiting(record, parents, linking);
    if (isRemoved) return 'removed';
    if (parents.length >= mapping.links.length) return 'gone';
    await memory.put(record.key, withHidden(forgotten, entry));
    return 'unsure';
  }
  const { linked, waiting } = heldEdges(entry);
  const before = withEdges(entry, { linked, waiting: without(waiting, parents) });
  await keepOnly(record, [], before, linking);
  const kept = withHidden(forgotten, entry);
  await memory.put(record.key, withEdges(kept, { linked: [], waiting: parents }));
  // To those that refer to it, it has gone.
  await noteAbsence(record, leaving, { memory, linking });
  if (leavingOf(entry) !== null) await linking.edges.unmarkDeleting(record);
  return 'waits';
}

/** What Campaign's copy may refer to: what it was written with, also where that is given up since. */
async function parentsOf(
  record: QueuedRecord,
  entry: WrittenEntry | null,
  { edges }: TableLinking,
): Promise<EdgeEnd[]> {
  const { linked, waiting } = heldEdges(entry);
  const givenUp: EdgeEnd[] = [];
  for await (const { parentTable, parentKey } of edges.givenUpBy(record)) {
    givenUp.push({ table: parentTable, key: parentKey });
  }
  return union(union(linked, isHidden(entry) ? waiting : []), givenUp);
}

async function areShown(
  parents: readonly EdgeEnd[],
  lookUp: (parent: EdgeEnd) => Pick<CampaignRecordAt, 'exists'>,
): Promise<boolean> {
  for (const parent of parents) {
    if (!(await isShown(lookUp(parent)))) return false;
  }
  return true;
}

async function isShown(parent: Pick<CampaignRecordAt, 'exists'>): Promise<boolean> {
  try {
    return await parent.exists();
  } catch (error) {
    if (error instanceof KeyNotUnique) return true;
    throw error;
  }
}
