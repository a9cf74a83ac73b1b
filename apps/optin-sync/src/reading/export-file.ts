import type { QueuedRecord } from '@landbridge/contracts';
import { type OptoutColumns, optoutLayout, readOptouts } from '@landbridge/mapping';
import type { ReadBatch, ReadContext } from '@landbridge/pipeline';
import {
  FileIncomplete,
  FileUnreadable,
  fingerprintOf,
  headingRepeated,
  readRows,
  type RowBatch,
  SftpRefused,
} from '@landbridge/sftp';
import { sortReadings, type ToldProfile } from './campaign-readings.ts';
import { clearCondition, raiseCondition, tellUnreadable } from './export-conditions.ts';
import type { ExportCursor } from './export-cursor.ts';
import type { ExportDeps } from './export.reader.ts';
import { unreadableRowRecord } from './unreadable-row.ts';

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
    if (layout?.columns === null) {
      return leave(cursor, reading, layout.complaint ?? '', deps);
    }
    const found = readCells(batch, layout?.columns ?? null, reading, deps);
    const complaint = reading.complaint ?? layout?.complaint ?? found.complaint;
    const told =
      complaint === null
        ? cursor
        : raiseCondition(cursor, 'ExportUnreadable', complaint, deps.voice);
    const at = batch === null ? reading.at : batch.next;
    const next = ended
      ? finish(told, { ...reading, complaint }, deps)
      : { ...told, reading: { file: reading.file, at, complaint } };
    const { records, leftOut } = await sortReadings(
      found.profiles,
      { first: !cursor.anyRead, readAt: `${fingerprintOf(reading.file)}/${reading.at?.line ?? 0}` },
      deps,
    );
    return { records: [...found.letters, ...records], leftOut, next, more: true, calls: 0 };
  } catch (error) {
    const name = reading.file.name;
    if (error instanceof FileUnreadable) {
      return leave(cursor, reading, `${error.message}. It is left where it is`, deps);
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

/** Throws  FileUnreadable. */
function layoutOf(batch: RowBatch, { file }: Reading, deps: ExportDeps): Layout {
  const wanted = [...deps.columns.keys()];
  const { columns, missing, repeated } = optoutLayout(batch.headings, wanted, deps.files);
  if (repeated.length > 0) throw headingRepeated(file.name, repeated);
  const means = columns === null ? 'is left where it is' : 'says nothing of them';
  const complaint = `The file ${file.name} has no column for ${missing.join(', ')} and ${means}`;
  return { columns, complaint: missing.length === 0 ? null : complaint };
}

/** `letters`: rows that do not tell whom they are about. `complaint`: about the first that is amiss. */
type FoundRows = { profiles: ToldProfile[]; letters: QueuedRecord[]; complaint: string | null };

function readCells(
  batch: RowBatch | null,
  columns: OptoutColumns | null,
  { file }: Reading,
  { instance }: ExportDeps,
): FoundRows {
  const found: FoundRows = { profiles: [], letters: [], complaint: null };
  if (batch === null || columns === null) return found;
  for (const { line: row, cells } of batch.rows) {
    const complain = (what: string): void => {
      found.complaint ??= `In row ${row} of the file ${file.name} ${what}`;
    };
    if (cells === null) {
      complain('the cells do not fit the headings: it lies among the dead letters');
      found.letters.push(unreadableRowRecord({ file: file.name, row }, instance));
      continue;
    }
    const read = readOptouts((column) => cells[column], columns);
    if (read.outcome === 'read') found.profiles.push(read.reading);
    else {
      // Without a key it is nobody's row: a profile that comes from elsewhere.
      found.profiles.push({ key: read.key ?? '', attributes: null });
      if (read.key !== null) {
        complain(`${read.rejection.message}: both systems are asked about the contact`);
      }
    }
  }
  return found;
}

function finish(cursor: ExportCursor, reading: Reading, { now, voice }: ExportDeps): ExportCursor {
  const { file, complaint } = reading;
  const read: ExportCursor = {
    ...cursor,
    reading: null,
    complaint,
    done: [...cursor.done, fingerprintOf(file)],
    finished: [...cursor.finished, { file, queuedAt: null }],
    lastFileAt: now().toISOString(),
    anyRead: true,
  };
  return tellUnreadable(clearCondition(read, 'ExportLate', voice), voice);
}

/** The file is of no use as it is: it stays where it is, and a person is told. */
function leave(
  cursor: ExportCursor,
  { file }: Reading,
  complaint: string,
  { voice }: ExportDeps,
): ReadBatch {
  const name = fingerprintOf(file);
  const left = [...cursor.left, { file: name, complaint }];
  const next = { ...cursor, reading: null, done: [...cursor.done, name], left };
  return nothing(tellUnreadable(next, voice), true);
}

const nothing = (next: ExportCursor, more: boolean): ReadBatch => ({
  records: [],
  next,
  more,
  calls: 0,
});
