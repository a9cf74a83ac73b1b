import type { OptinConfiguration } from '@landbridge/contracts';
import type { Cursor } from '@landbridge/messaging';
import {
  type ReadBatch,
  type ReadContext,
  type Reader,
  RunFailedError,
} from '@landbridge/pipeline';
import {
  disposeOf,
  endsWhole,
  fingerprintOf,
  fitsPattern,
  type SftpClient,
  type SftpFile,
  SftpRefused,
  unchangedFiles,
} from '@landbridge/sftp';
import type { RunVoice } from '@landbridge/pipeline';
import { readingError } from '../schema/vendor-failures.ts';
import { type ReadingsDeps, shapeOfPairs } from './campaign-readings.ts';
import { identifyContact } from './contact-record.ts';
import { raiseCondition, tellUnreadable } from './export-conditions.ts';
import { type ExportCursor, exportCursor } from './export-cursor.ts';
import { readExportFile } from './export-file.ts';
import { readContactsAgain } from './read-contacts-again.ts';

export type ExportDeps = ReadingsDeps & {
  files: OptinConfiguration['export'];
  sftp: SftpClient;
  voice: Pick<RunVoice, 'raise' | 'clear'>;
  /** Whether everything is settled that was queued until then. */
  settledUntil: (queuedAt: string) => Promise<boolean>;
  rowsMax: number;
  now: () => Date;
};

/** Reads the files of the daily export, each once: what is new in them is looked at. */
export function createExportReader(deps: ExportDeps): Reader {
  return {
    table: 'campaign_export',
    again: 'allTables',
    identify: identifyContact,
    readAgain: (keys) => readContactsAgain(keys, deps.instance),
    read: (saved, context) =>
      readNext(saved, deps, context).catch((error: unknown) => {
        throw readingError(error);
      }),
  };
}

async function readNext(
  saved: Cursor | null,
  deps: ExportDeps,
  context: ReadContext,
): Promise<ReadBatch> {
  const read = exportCursor(saved, configuredIn(deps), deps.now());
  const cursor = await putAway(read, deps, context);
  if (cursor.reading !== null) return readExportFile(cursor, cursor.reading, deps, context);
  const now = deps.now();
  const sinceLookMs = now.getTime() - Date.parse(cursor.lookedAt);
  const everyMs = deps.files.lookEverySeconds * 1_000;
  // A file is whole when two looks found it the same, so they must be apart.
  if (sinceLookMs < everyMs * ALMOST) return idle(cursor, everyMs - sinceLookMs);
  const found = await listFiles(deps, context);
  const names = new Set(found.map(fingerprintOf));
  const there = {
    ...cursor,
    look: found,
    lookedAt: now.toISOString(),
    done: cursor.done.filter((one) => names.has(one)),
    left: cursor.left.filter(({ file }) => names.has(file)),
  };
  const looked = tellUnreadable(there, deps.voice);
  const file = await nextFile(cursor, found, { ...deps, ...context });
  if (file === null) return idle(tellLate(looked, deps, now), everyMs);
  // The earlier look is kept, so that the files beside this one can be read right after it.
  const kept = { ...looked, look: cursor.look, lookedAt: cursor.lookedAt };
  return { ...idle({ ...kept, reading: { file, at: null, complaint: null } }, 0), more: true };
}

/** Timers wake a little early. */
const ALMOST = 0.95;
/** A file that lies there unchanged for so long will not get its last line’s end any more. */
const WHOLE_AFTER_MS = 15 * 60_000;

const idle = (next: ExportCursor, restMs: number): ReadBatch => ({
  records: [],
  next,
  more: false,
  restMs: Math.max(0, Math.ceil(restMs)),
  calls: 0,
});

async function listFiles(
  { sftp, files }: ExportDeps,
  { signal }: ReadContext,
): Promise<SftpFile[]> {
  try {
    const found = await sftp.list(files.folder, { signal });
    return found.filter(({ name }) => fitsPattern(name, files.files));
  } catch (error) {
    if (!(error instanceof SftpRefused) || error.kind !== 'notFound') throw error;
    const folder =
      files.folder === '' ? 'The connection’s directory' : `The folder ${files.folder}`;
    throw new RunFailedError(
      {
        code: 'configurationInvalid',
        system: 'campaign',
        field: 'export.folder',
        message: `${folder} is not on the SFTP server`,
      },
      { cause: error },
    );
  }
}

async function nextFile(
  { look, done }: ExportCursor,
  found: readonly SftpFile[],
  { sftp, files, now, signal }: ExportDeps & ReadContext,
): Promise<SftpFile | null> {
  for (const file of unchangedFiles(look, found)) {
    if (done.includes(fingerprintOf(file))) continue;
    const lyingMs = now().getTime() - file.modifiedAtS * 1_000;
    const path = [files.folder, file.name].filter(Boolean).join('/');
    if (lyingMs > WHOLE_AFTER_MS) return file;
    if (await endsWhole(sftp, path, { ...file, signal })) return file;
  }
  return null;
}

function tellLate(cursor: ExportCursor, { files, voice }: ExportDeps, now: Date): ExportCursor {
  const { lastFileAt } = cursor;
  const hours = (now.getTime() - Date.parse(lastFileAt)) / 3_600_000;
  if (hours <= files.lateAfterHours) return cursor;
  const message =
    `No file ${files.files} with opt-outs has come since ${lastFileAt}, for more than ` +
    `${files.lateAfterHours} h. Look whether Campaign’s export workflow runs; what people changed ` +
    'since then is not known here';
  return raiseCondition(cursor, 'ExportLate', message, voice);
}

/**
 * Does with the files whose rows are all settled as the configuration says. One of the same name
 * that came since is another file: it stays, and is read.
 */
async function putAway(
  cursor: ExportCursor,
  deps: ExportDeps,
  context: ReadContext,
): Promise<ExportCursor> {
  const { sftp, files, settledUntil, now } = deps;
  const finished: ExportCursor['finished'] = [];
  const settled: SftpFile[] = [];
  for (const { file, queuedAt } of cursor.finished) {
    if (queuedAt !== null && (await settledUntil(queuedAt))) settled.push(file);
    // The cursor says that it is read, so its rows are queued by now.
    else finished.push({ file, queuedAt: queuedAt ?? now().toISOString() });
  }
  if (settled.length > 0 && files.afterwards !== 'keep') {
    const present = new Set((await listFiles(deps, context)).map(fingerprintOf));
    for (const file of settled.filter((one) => present.has(fingerprintOf(one)))) {
      await disposeOf(sftp, file, { ...files, signal: context.signal });
    }
  }
  return { ...cursor, finished };
}

function configuredIn({ files, columns }: ExportDeps): Pick<ExportCursor, 'shape' | 'headings'> {
  return {
    shape: [files.folder, files.files, shapeOfPairs(columns)].join(' '),
    headings: JSON.stringify([files.keyColumn, files.columns, files.changedAtColumns]),
  };
}
