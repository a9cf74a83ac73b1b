import type { QueuedRecord } from '@landbridge/contracts';
import type { DynamicsRow } from '@landbridge/dynamics';
import { columnsOf, evaluateFilter, filterColumns } from '@landbridge/mapping';
import type { RecordSelection } from '@landbridge/messaging';
import type { ReadContext } from '@landbridge/pipeline';
import { sourceOf } from './full-read.ts';
import type { ReadingDeps, Spending } from './reading-deps.ts';
import type { SelectionRead } from './table-cursor.ts';
import { upsertOf } from './to-queued.ts';

/** Shape   `selection` null: nobody chose anything. */
export type SelectedStep = { records: QueuedRecord[]; selection: SelectionRead | null };

/**
 * The next page of the records that a person chose, to be written again whatever is known of them.
 * How far it came is in the table's cursor, so a crash repeats a page and skips none; the choice is
 * taken away once the cursor says that it was read.
 */
export async function readSelected(
  before: SelectionRead | null,
  deps: ReadingDeps,
  spending: Spending,
  context: ReadContext,
): Promise<SelectedStep> {
  const asked = await deps.selections.next();
  if (asked === null) return { records: [], selection: null };
  if (before?.id === asked.id && before.done) {
    await deps.selections.done(asked.id);
    return { records: [], selection: null };
  }
  const columns = columnsToRead(asked, deps);
  const goesOn = before?.id === asked.id && before.columns.join() === columns.join();
  const link = goesOn ? before.link : null;
  const page = await spending.take(pageOf(asked, { columns, link }, deps, context));
  const records = page.rows
    .filter((row) => isChosen(row, asked, deps))
    .map((row) => upsertOf(sourceOf(deps), mappedPart(row, deps), REPLAYED));
  const done = page.nextLink === null;
  return { records, selection: { id: asked.id, columns, link: page.nextLink, done } };
}

const REPLAYED = { origin: 'load', healing: true, replay: true } as const;

function columnsToRead({ filter }: RecordSelection, { mapping }: ReadingDeps): string[] {
  const judged = filter === null ? [] : filterColumns(filter);
  return [...new Set([...columnsOf(mapping), ...judged])].sort();
}

function pageOf(
  { changedSince }: RecordSelection,
  { columns, link }: { columns: string[]; link: string | null },
  { client, metadata, pageRowsMax }: ReadingDeps,
  { signal }: ReadContext,
) {
  const page = { table: metadata().table, columns, link, pageRowsMax, signal };
  return changedSince === null
    ? client.readPage({ ...page, trackChanges: false })
    : client.readModifiedSince({ ...page, since: new Date(changedSince) });
}

function isChosen(row: DynamicsRow, { filter }: RecordSelection, { metadata }: ReadingDeps) {
  return evaluateFilter(filter, row.columns, metadata().table).verdict === 'passes';
}

/** What only the choice was judged by is not queued. */
function mappedPart(row: DynamicsRow, { mapping }: ReadingDeps): DynamicsRow {
  const wanted = new Set(columnsOf(mapping));
  const columns = Object.entries(row.columns).filter(([name]) => wanted.has(name));
  return { ...row, columns: Object.fromEntries(columns) };
}
