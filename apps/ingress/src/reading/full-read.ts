import type { TableMapping } from '@landbridge/contracts';
import type { ChangePage, DynamicsRow } from '@landbridge/dynamics';
import { columnNamed, columnsOf } from '@landbridge/mapping';
import { COMPLETE_SINCE } from '@landbridge/messaging';
import type { ReadBatch, ReadContext } from '@landbridge/pipeline';
import { cursorShape } from './cursor-shape.ts';
import { startSweep } from './deletion-sweep.ts';
import { Spending, type ReadingDeps } from './reading-deps.ts';
import type { CursorAt, TableCursor } from './table-cursor.ts';
import { upsertOf } from './to-queued.ts';

/** Clocks of two machines differ; rows modified this long before the start are looked at again. */
const CLOCK_MARGIN_MS = 5 * 60_000;

/** How a full read came to be. */
export type FullReadReason = {
  origin: 'load' | 'change';
  /** Look for deletions afterwards, even when one page told everything. */
  sweepAfter: boolean;
  /** Write each record, also where its values are known to be there. */
  replay?: boolean;
  /** The memory knows all that Landbridge ever wrote to where the records go now. */
  memoryComplete: boolean;
  /** For people, where an earlier cursor was given up. */
  cursorReset?: string;
};

/** The first page of a full read; change tracking begins with it. */
export async function beginFullRead(
  deps: ReadingDeps,
  reason: FullReadReason,
  context: ReadContext,
): Promise<ReadBatch> {
  const { mapping } = deps;
  const { table } = deps.metadata();
  const spending = new Spending();
  if (reason.memoryComplete) await markMemoryComplete(deps);
  const startedAt = new Date().toISOString();
  const totalCount = await countRows(deps, spending, context);
  const page = await spending.take(readTracked(deps, null, context.signal));
  const start = {
    schemaVersion: 1,
    shape: cursorShape(mapping, table),
    columns: columnsOf(mapping),
    target: targetOf(mapping),
    replayId: deps.replayId,
    replay: reason.replay ?? false,
    origin: reason.origin,
    startedAt,
    versionAtStart: highestVersion(page.rows),
    readCount: page.rows.length,
    totalCount,
    sweepAfter: reason.sweepAfter || page.nextLink !== null,
  } as const;
  const batch = loadBatch(deps, start, page, spending);
  return reason.cursorReset === undefined ? batch : { ...batch, cursorReset: reason.cursorReset };
}

/** The next page of a full read. */
export async function continueFullRead(
  cursor: CursorAt<'load'>,
  deps: ReadingDeps,
  context: ReadContext,
): Promise<ReadBatch> {
  const spending = new Spending();
  const page = await spending.take(readTracked(deps, cursor.link, context.signal));
  const progress = { ...cursor, readCount: cursor.readCount + page.rows.length };
  return loadBatch(deps, progress, page, spending);
}

/** Whether the tracked link already covers what changed while pages were read is not documented. */
export async function readOverlap(
  cursor: CursorAt<'overlap'>,
  deps: ReadingDeps,
  context: ReadContext,
): Promise<ReadBatch> {
  const spending = new Spending();
  const page = await spending.take(
    deps.client.readModifiedSince({
      table: deps.metadata().table,
      columns: columnsOf(deps.mapping),
      since: new Date(Date.parse(cursor.startedAt) - CLOCK_MARGIN_MS),
      link: cursor.link,
      pageRowsMax: deps.pageRowsMax,
      signal: context.signal,
    }),
  );
  const changed = page.rows.filter((row) => isNewer(row, cursor.versionAtStart));
  const readCount = cursor.readCount + changed.length;
  const next: TableCursor =
    page.nextLink === null
      ? trustDeltaLink({ ...cursor, readCount })
      : { ...cursor, readCount, link: page.nextLink };
  return {
    records: changed.map((row) => upsertOf(sourceOf(deps), row, readOf(cursor))),
    next,
    more: true,
    progress: { phase: 'overlap', readCount, totalCount: cursor.totalCount },
    calls: spending.calls,
  };
}

type FullReadState = Omit<CursorAt<'load'>, 'phase' | 'link'>;

function loadBatch(
  deps: ReadingDeps,
  state: FullReadState,
  page: ChangePage,
  spending: Spending,
): ReadBatch {
  return {
    records: page.rows.map((row) => upsertOf(sourceOf(deps), row, readOf(state))),
    next: afterPage(deps, state, page),
    more: true,
    progress: { phase: 'load', readCount: state.readCount, totalCount: state.totalCount },
    calls: spending.calls,
  };
}

function afterPage(deps: ReadingDeps, state: FullReadState, page: ChangePage): TableCursor {
  if (page.nextLink !== null) return { ...state, phase: 'load', link: page.nextLink };
  const overlap: CursorAt<'overlap'> = {
    ...state,
    phase: 'overlap',
    link: null,
    // The client promises one of the two links on a tracked page.
    deltaLink: page.deltaLink ?? '',
  };
  const dated = columnNamed(deps.metadata().table, 'modifiedon') !== undefined;
  return dated ? overlap : trustDeltaLink(overlap);
}

function trustDeltaLink(cursor: CursorAt<'overlap'>): CursorAt<'changes'> {
  const { schemaVersion, shape, columns, target, replayId } = cursor;
  return {
    schemaVersion,
    shape,
    columns,
    target,
    replayId,
    selection: null,
    phase: 'changes',
    link: cursor.deltaLink,
    takenAt: new Date().toISOString(),
    readCount: 0,
    sweep: cursor.sweepAfter ? startSweep({ replayed: cursor.origin === 'load' }) : null,
  };
}

function readTracked(deps: ReadingDeps, link: string | null, signal: AbortSignal) {
  return deps.client.readPage({
    table: deps.metadata().table,
    columns: columnsOf(deps.mapping),
    link,
    pageRowsMax: deps.pageRowsMax,
    trackChanges: true,
    signal,
  });
}

/** Only for the progress that people see: a failure costs nothing but the estimate. */
async function countRows(
  deps: ReadingDeps,
  spending: Spending,
  { signal, log }: ReadContext,
): Promise<number | null> {
  try {
    const { dynamicsTable } = deps.mapping;
    return await spending.take(deps.client.totalCount(dynamicsTable, { signal }));
  } catch (err) {
    signal.throwIfAborted();
    log.debug({ err }, 'the number of rows is not known; reading goes on without it');
    return null;
  }
}

/** From the first load on, a record that the memory does not know was never written. */
async function markMemoryComplete(deps: ReadingDeps): Promise<void> {
  if ((await deps.memory.get(COMPLETE_SINCE)) !== null) return;
  await deps.memory.put(COMPLETE_SINCE, { hash: null, version: null });
}

export const sourceOf = (deps: ReadingDeps) => ({
  instance: deps.instance,
  table: deps.mapping.dynamicsTable,
});

const readOf = ({ origin, replay }: Pick<FullReadState, 'origin' | 'replay'>) => ({
  origin,
  healing: origin === 'change',
  replay,
});

/** Where the records of a mapping go, and by which key. */
export const targetOf = ({ campaignResource, key }: TableMapping): string =>
  [campaignResource, key.dynamics, key.campaign].join(' ');

function highestVersion(rows: readonly DynamicsRow[]): string {
  return rows
    .map(({ version }) => BigInt(version ?? 0))
    .reduce((highest, version) => (version > highest ? version : highest), 0n)
    .toString();
}

/** A row without a version could be anything, so it is read again. */
function isNewer(row: DynamicsRow, versionAtStart: string): boolean {
  return row.version === null || BigInt(row.version) > BigInt(versionAtStart);
}
