import {
  type OptoutColumns,
  optoutLayout,
  type OptoutReading,
  readOptouts,
} from '@landbridge/mapping';
import type { LeftOut, ReadBatch, ReadContext } from '@landbridge/pipeline';
import {
  FileIncomplete,
  FileUnreadable,
  fingerprintOf,
  readRows,
  type RowBatch,
  SftpRefused,
} from '@landbridge/sftp';
import { sortReadings } from './campaign-readings.ts';
import { clearCondition, raiseCondition } from './export-conditions.ts';
import type { ExportCursor } from './export-cursor.ts';
import type { ExportDeps } from './export.reader.ts';

type Reading = NonNullable<ExportCursor['reading']>;

/**
 * The next rows of the file in hand. One that turns out not to be whole, or is gone, is looked for
 * again; one that cannot be read at all is left where it is, and a person is told.
 */
export async function readExportFile(
  cursor: ExportCursor,
  reading: Reading,
  deps: ExportDeps,
  context: ReadContext,
): Promise<ReadBatch> {
  try {
    const { batch, ended } = await nextRows(reading, deps, context);
    const layout = batch === null ? null : layoutOf(batch, reading, deps);
    const told = tellLayout(cursor, layout, deps);
    if (layout?.columns === null) return nothing({ ...leave(told, reading), reading: null }, true);
    const found = await rowsOf(batch, layout?.columns ?? null, cursor, reading, deps);
    const at = batch === null ? reading.at : batch.next;
    const next = ended
      ? finish(told, reading, deps)
      : { ...told, reading: { file: reading.file, at } };
    return { ...found, next, more: true, calls: 0 };
  } catch (error) {
    const name = reading.file.name;
    if (error instanceof FileUnreadable) {
      const message = `${error.message}. It is left where it is`;
      const told = raiseCondition(cursor, 'ExportUnreadable', message, deps.voice);
      return nothing({ ...leave(told, reading), reading: null }, true);
    }
    const gone = error instanceof SftpRefused && error.kind === 'notFound';
    if (!gone && !(error instanceof FileIncomplete)) throw error;
    context.log.warn({ file: name }, 'an export file changed while it was read; reading it later');
    return nothing({ ...cursor, reading: null, look: [] }, false);
  }
}

async function nextRows(
  { file, at }: Reading,
  { sftp, files, rowsMax }: ExportDeps,
  { signal }: ReadContext,
): Promise<{ batch: RowBatch | null; ended: boolean }> {
  const path = [files.folder, file.name].filter(Boolean).join('/');
  const rows = readRows(sftp, path, { file, cursor: at, batchRowsMax: rowsMax, signal });
  try {
    const first = await rows.next();
    if (first.done === true) return { batch: null, ended: true };
    // Only after its last rows does a file show whether it was whole.
    const isLast = first.value.rows.length < rowsMax;
    return { batch: first.value, ended: isLast && (await rows.next()).done === true };
  } finally {
    await rows.return(undefined);
  }
}

type Layout = { columns: OptoutColumns | null; complaint: string | null };

function layoutOf(batch: RowBatch, { file }: Reading, deps: ExportDeps): Layout {
  const { columns, missing } = optoutLayout(batch.headings, [...deps.columns.keys()], deps.files);
  const means = columns === null ? 'is left where it is' : 'says nothing of them';
  const complaint = `The file ${file.name} has no column for ${missing.join(', ')} and ${means}`;
  return { columns, complaint: missing.length === 0 ? null : complaint };
}

function tellLayout(
  cursor: ExportCursor,
  layout: Layout | null,
  { voice }: ExportDeps,
): ExportCursor {
  if (layout === null) return cursor;
  return layout.complaint === null
    ? clearCondition(cursor, 'ExportUnreadable', voice)
    : raiseCondition(cursor, 'ExportUnreadable', layout.complaint, voice);
}

async function rowsOf(
  batch: RowBatch | null,
  columns: OptoutColumns | null,
  cursor: ExportCursor,
  { file, at }: Reading,
  deps: ExportDeps,
): Promise<Pick<ReadBatch, 'records' | 'leftOut'>> {
  if (batch === null || columns === null) return { records: [] };
  const readings: OptoutReading[] = [];
  for (const { cells } of batch.rows) {
    const found = cells === null ? null : readOptouts((column) => cells[column], columns);
    if (found?.outcome === 'read') readings.push(found.reading);
  }
  const count = batch.rows.length - readings.length;
  const leftOut: LeftOut[] =
    count === 0 ? [] : [{ table: 'optin', reason: 'rowUnreadable', count }];
  const readAt = `${fingerprintOf(file)}/${at?.line ?? 0}`;
  const told = await sortReadings(readings, { first: !cursor.anyRead, readAt }, deps);
  return { records: told.records, leftOut: [...leftOut, ...told.leftOut] };
}

function finish(cursor: ExportCursor, reading: Reading, { now, voice }: ExportDeps): ExportCursor {
  const finishedAt = now().toISOString();
  return {
    ...leave(clearCondition(cursor, 'ExportLate', voice), reading),
    reading: null,
    finished: [...cursor.finished, { file: reading.file, finishedAt }],
    lastFileAt: finishedAt,
    anyRead: true,
  };
}

const leave = (cursor: ExportCursor, { file }: Reading): ExportCursor => ({
  ...cursor,
  done: [...cursor.done, fingerprintOf(file)],
});

const nothing = (next: ExportCursor, more: boolean): ReadBatch => ({
  records: [],
  next,
  more,
  calls: 0,
});
