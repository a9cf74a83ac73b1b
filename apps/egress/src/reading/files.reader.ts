import type { EgressConfiguration, InstanceId } from '@landbridge/contracts';
import { logLayout, type LogLayout, logRowEvent } from '@landbridge/mapping';
import {
  type ReadBatch,
  type ReadContext,
  type Reader,
  RetryLater,
  RunFailedError,
} from '@landbridge/pipeline';
import {
  FileIncomplete,
  FileUnreadable,
  fingerprintOf,
  headingRepeated,
  type RowBatch,
  type SftpClient,
  SftpRefused,
} from '@landbridge/sftp';
import { identify } from '../events/identify.ts';
import { queuedAsItCame } from '../events/queued-event.ts';
import { type FoundEvent, sortEvents } from '../events/sort-events.ts';
import { sftpFailure } from '../schema/vendor-failures.ts';
import { type FilesCursor, filesCursor } from './files-cursor.ts';
import { finish, type LogFolder, logKindOf, lookAgain } from './log-folder.ts';
import { OpenFile } from './open-file.ts';

export type FilesReading = {
  instance: InstanceId;
  client: SftpClient;
  configuration: Pick<EgressConfiguration, 'events' | 'files'>;
  now?: () => Date;
};

/** The reader's table: what is counted and parked under it has no kind. */
export const FILES_TABLE = 'files';

/**
 * Reads delivery and tracking logs from SFTP, file by file. A file is archived or deleted only when
 * the cursor says that all of its rows are queued; one that changes while it is read is read again.
 */
export function createFilesReader(deps: FilesReading): Reader & { close(): Promise<void> } {
  const { client, configuration, now = () => new Date() } = deps;
  const { files } = configuration;
  const folder: LogFolder = { client, files, nowMs: () => now().getTime() };
  const open = new OpenFile(folder);
  const headings = JSON.stringify([files.deliveryColumns, files.trackingColumns]);
  const restMs = files.lookEverySeconds * 1_000;

  const nothing = (next: FilesCursor, more: boolean): ReadBatch => ({
    records: [],
    next,
    more,
    restMs,
    calls: 0,
  });

  async function readOn(at: FilesCursor, { signal }: ReadContext): Promise<ReadBatch> {
    if (at.done !== null) {
      const kept = await finish(folder, at.done, { kept: at.kept, signal });
      return nothing({ ...at, done: null, kept }, true);
    }
    const [file, ...rest] = at.ready;
    if (file === undefined) {
      const sinceMs = folder.nowMs() - (at.look?.atMs ?? 0);
      if (sinceMs < restMs && sinceMs >= 0)
        return { ...nothing(at, false), restMs: restMs - sinceMs };
      const next = await lookAgain(folder, at, { signal });
      return nothing(next, next.ready.length > 0);
    }
    try {
      const batch = await open.after(file, at.line, signal);
      if (batch === null) return nothing({ ...at, ready: rest, line: 0, done: file }, true);
      return batchOf(batch, file.name, at);
    } catch (error) {
      return setAside(error, at);
    }
  }

  function batchOf(batch: RowBatch, name: string, at: FilesCursor): ReadBatch {
    const layout = layoutOf(batch, name);
    const found = batch.rows.map(({ line, cells }): FoundEvent => ({
      extracted: cells === null ? BROKEN_LINE : logRowEvent(cells, layout),
      key: `${name}:${line}`,
      columns: () => ({ file: name, line, log: layout.kind, cells }),
    }));
    const readCount = at.readCount + found.length;
    const readAt = now().toISOString();
    const { instance } = deps;
    const of = { instance, readAt, source: FILES_TABLE, events: configuration.events };
    return {
      ...sortEvents(found, of),
      next: { ...at, line: batch.next.line, readCount },
      more: true,
      progress: { phase: 'changes', readCount, totalCount: null },
      calls: 0,
    };
  }

  function layoutOf({ headings }: RowBatch, name: string): LogLayout {
    const kind = logKindOf(folder, name) ?? 'delivery';
    const part = kind === 'delivery' ? 'deliveryColumns' : 'trackingColumns';
    const layout = logLayout(kind, headings, files[part]);
    if (layout.repeated.length > 0) throw headingRepeated(name, layout.repeated);
    if (layout.missing.length === 0) return layout;
    const message =
      `The file ${name} has no column for ${layout.missing.join(', ')} ` +
      `(it has ${headings.join(', ')}): name it in files.${part}`;
    const field = `files.${part}`;
    throw new RunFailedError({
      code: 'configurationInvalid',
      system: 'landbridge',
      message,
      field,
    });
  }

  /** What became of the first ready file, which cannot be read to its end. */
  function setAside(error: unknown, at: FilesCursor): ReadBatch {
    const [file, ...rest] = at.ready;
    const next = { ...at, ready: rest, line: 0 };
    const gone = error instanceof SftpRefused && error.kind === 'notFound';
    if (file === undefined || !(gone || isFileAtFault(error))) throw error;
    // It is seen again by a later look when it is whole; what was queued of it is the same then.
    if (!(error instanceof FileUnreadable)) return nothing(next, true);
    const { instance } = deps;
    const columns = { file: file.name, code: error.code, message: error.message };
    const unreadable = { source: FILES_TABLE, key: file.name, columns };
    const name = fingerprintOf(file);
    const known = { kept: [...at.kept, name], unreadable: [...at.unreadable, name] };
    return {
      ...nothing({ ...next, ...known }, true),
      records: [queuedAsItCame(unreadable, { instance, readAt: now().toISOString() })],
    };
  }

  return {
    table: FILES_TABLE,
    again: 'allTables',
    identify,
    async read(cursor, context) {
      try {
        return await readOn(filesCursor(cursor, headings), context);
      } catch (error) {
        throw told(error, files.folder);
      }
    },
    close: () => open.close(),
  };
}

const BROKEN_LINE = {
  outcome: 'rejected',
  rejection: {
    code: 'eventUnreadable',
    missing: [],
    message: 'The line has not as many cells as the file has headings',
  },
} satisfies FoundEvent['extracted'];

const isFileAtFault = (error: unknown): boolean =>
  error instanceof FileIncomplete || error instanceof FileUnreadable;

function told(error: unknown, folder: string): unknown {
  const failure = sftpFailure(error, folder);
  if (failure !== null) return new RunFailedError(failure, { cause: error });
  if (!(error instanceof SftpRefused)) return error;
  return new RetryLater(error.message, { cause: error, condition: 'SourceUnreachable' });
}
