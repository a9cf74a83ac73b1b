import type { QueuedRecord } from '@landbridge/contracts';
import type { ChangePage } from '@landbridge/dynamics';
import { columnsOf } from '@landbridge/mapping';
import type { ReadBatch, ReadContext } from '@landbridge/pipeline';
import { sweepChunk } from './deletion-sweep.ts';
import { readSelected } from './selected-read.ts';
import { Spending, type ReadingDeps } from './reading-deps.ts';
import type { CursorAt, Sweep } from './table-cursor.ts';
import { deleteOf, upsertOf } from './to-queued.ts';

/** A link that told nothing new is kept, but not for so long that Dataverse forgets it. */
const LINK_AGE_MAX_MS = 60 * 60_000;
const CHANGE = { origin: 'change', healing: false } as const;

/** What changed since the link; between changes, the next step of a sweep where one is due. */
export async function readChanges(
  cursor: CursorAt<'changes'>,
  deps: ReadingDeps,
  context: ReadContext,
): Promise<ReadBatch> {
  const spending = new Spending();
  const page = await spending.take(
    deps.client.readPage({
      table: deps.metadata().table,
      columns: columnsOf(deps.mapping),
      link: cursor.link,
      pageRowsMax: deps.pageRowsMax,
      trackChanges: true,
      signal: context.signal,
    }),
  );
  const changes = await recordsOf(page, deps, spending, context);
  await announce(changes, deps);
  const moved = afterPage(cursor, page, changes.length);
  if (page.nextLink !== null) return batch(changes, moved, true, spending);
  if (cursor.sweep === null) return readChosen(changes, moved, deps, spending, context);
  // Without deletes there is nothing to look for, now or when they are switched on again.
  if (!deps.mapping.applyDeletes) {
    return batch(changes, { ...moved, sweep: null }, false, spending);
  }
  const step = await sweepChunk(cursor.sweep, deps, spending, context);
  await announce(step.records, deps);
  const swept = { ...moved, sweep: step.next };
  return {
    ...batch([...changes, ...step.records], swept, step.more, spending),
    progress: step.next === null ? following(swept) : deletionsIn(step.next),
  };
}

const following = ({ readCount }: CursorAt<'changes'>) =>
  ({ phase: 'changes', readCount, totalCount: null }) as const;

const deletionsIn = ({ checkedCount }: Sweep) =>
  ({ phase: 'deletions', readCount: checkedCount, totalCount: null }) as const;

/** Between changes, the next page of the records that a person chose, where there are any. */
async function readChosen(
  changes: QueuedRecord[],
  moved: CursorAt<'changes'>,
  deps: ReadingDeps,
  spending: Spending,
  context: ReadContext,
): Promise<ReadBatch> {
  const { records, selection } = await readSelected(moved.selection, deps, spending, context);
  const next = { ...moved, selection };
  return batch([...changes, ...records], next, selection !== null && !selection.done, spending);
}

/** Before any of them is queued, so that of too many deletes not one goes through. */
async function announce(
  records: readonly QueuedRecord[],
  { deletes, mapping }: ReadingDeps,
): Promise<void> {
  const gone = records.filter(({ change }) => change === 'delete').map(({ key }) => key);
  if (gone.length > 0 && mapping.applyDeletes) await deletes.announce(gone);
}

function afterPage(
  cursor: CursorAt<'changes'>,
  page: ChangePage,
  count: number,
): CursorAt<'changes'> {
  const ageMs = Date.now() - Date.parse(cursor.takenAt);
  const nothingNew = count === 0 && page.nextLink === null;
  if (nothingNew && ageMs < LINK_AGE_MAX_MS) return cursor;
  return {
    ...cursor,
    link: page.nextLink ?? page.deltaLink ?? cursor.link,
    takenAt: new Date().toISOString(),
    readCount: cursor.readCount + count,
  };
}

/**
 * Changed rows, then deletes, as Dataverse orders them. A row that was deleted and made again with
 * its old id shows as both, in either order: so each deleted id is looked up, and what exists goes
 * as it is now.
 */
async function recordsOf(
  page: ChangePage,
  deps: ReadingDeps,
  spending: Spending,
  { signal }: ReadContext,
): Promise<QueuedRecord[]> {
  const source = { instance: deps.instance, table: deps.mapping.dynamicsTable };
  const upserts = page.rows.map((row) => upsertOf(source, row, CHANGE));
  if (page.deletedIds.length === 0) return upserts;
  const rows = await spending.take(
    deps.client.rowsByIds({
      table: deps.metadata().table,
      columns: columnsOf(deps.mapping),
      ids: page.deletedIds,
      signal,
    }),
  );
  const alive = new Set(rows.map(({ id }) => id.toLowerCase()));
  const deletes = page.deletedIds
    .filter((id) => !alive.has(id.toLowerCase()))
    .map((id) => deleteOf(source, id));
  return [...upserts, ...rows.map((row) => upsertOf(source, row, CHANGE)), ...deletes];
}

function batch(
  records: QueuedRecord[],
  next: CursorAt<'changes'>,
  more: boolean,
  { calls }: Spending,
): ReadBatch {
  // A table without news is polled every second: that is no progress to report.
  return {
    records,
    next,
    more,
    calls,
    ...(records.length === 0 ? {} : { progress: following(next) }),
  };
}
