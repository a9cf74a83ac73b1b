import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { FileIncomplete, FileUnreadable } from './errors.ts';
import { isGzip } from './look.ts';
import { recordsIn } from './records-in.ts';
import { dialectOf } from './sniff.ts';
import type { SftpClient, SftpFile } from './sftp-client.ts';
import { codeOf } from './ssh-errors.ts';
import { utf8Text } from './utf8-text.ts';

/** Cells by heading; null: the line has not as many cells as there are headings. */
export type FileRow = { line: number; cells: Record<string, string> | null };

/** `line`: rows read so far, of the file that the other fields name; store it whole. */
export type FileCursor = { file: string; modifiedAtS: number; size: number; line: number };

export type RowBatch = { headings: string[]; rows: FileRow[]; next: FileCursor };

const HEAD_BYTES_MAX = 65_536;

/**
 * The rows of one delimited file after `cursor`, in batches, as they are asked for; no more of the
 * file is held than a batch. A cursor of another file, or of this one before it was written again,
 * counts for nothing.
 * Shape   the first line has the headings; rows are numbered from 1.
 * Throws  FileIncomplete (it was cut off, or grew meanwhile), FileUnreadable, SftpRefused,
 *         SftpUnreachable. Batches that came before hold whole rows.
 */
export async function* readRows(
  client: SftpClient,
  path: string,
  read: { file: SftpFile; cursor: FileCursor | null; batchRowsMax: number; signal?: AbortSignal },
): AsyncGenerator<RowBatch> {
  const { file, batchRowsMax, signal } = read;
  const key = { file: path, modifiedAtS: file.modifiedAtS, size: file.size };
  const skip = isOf(key, read.cursor) ? read.cursor.line : 0;
  let line = 0;
  let headings: string[] | null = null;
  let rows: FileRow[] = [];
  try {
    for await (const cells of recordsOf(client, path, { size: file.size, signal })) {
      signal?.throwIfAborted();
      if (headings === null) {
        headings = cells;
        continue;
      }
      line += 1;
      if (line <= skip) continue;
      rows.push({ line, cells: byHeading(headings, cells) });
      if (rows.length < batchRowsMax) continue;
      yield { headings, rows, next: { ...key, line } };
      rows = [];
    }
  } catch (error) {
    throw readingError(path, error);
  }
  if (headings !== null && rows.length > 0) yield { headings, rows, next: { ...key, line } };
  const { size, modifiedAtS } = await client.stat(path, { signal });
  if (size !== file.size || modifiedAtS !== file.modifiedAtS) throw new FileIncomplete(path);
}

async function* recordsOf(
  client: SftpClient,
  path: string,
  { size, signal }: { size: number; signal: AbortSignal | undefined },
): AsyncGenerator<string[]> {
  const raw = await client.read(path, { from: 0, until: size, signal });
  const ignore = () => undefined;
  raw.on('error', ignore);
  const plain: Readable = isGzip(path) ? pipeline(raw, createGunzip(), ignore) : raw;
  const chunks: AsyncIterator<Buffer> = plain[Symbol.asyncIterator]();
  const head: Buffer[] = [];
  let headBytes = 0;
  try {
    while (headBytes < HEAD_BYTES_MAX && !head.some((bytes) => bytes.includes('\n'))) {
      const next = await chunks.next();
      if (next.done === true) break;
      head.push(next.value);
      headBytes += next.value.length;
    }
    const dialect = dialectOf(Buffer.concat(head).toString('utf8'));
    yield* recordsIn(utf8Text(path, following(head, chunks)), dialect);
  } finally {
    raw.destroy();
  }
}

async function* following(head: readonly Buffer[], rest: AsyncIterator<Buffer>) {
  yield* head;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) {
    yield next.value;
  }
}

function isOf(key: Omit<FileCursor, 'line'>, cursor: FileCursor | null): cursor is FileCursor {
  return (
    cursor?.file === key.file && cursor.modifiedAtS === key.modifiedAtS && cursor.size === key.size
  );
}

function byHeading(headings: readonly string[], cells: readonly string[]): FileRow['cells'] {
  if (cells.length !== headings.length) return null;
  return Object.fromEntries(headings.map((heading, index) => [heading, cells[index] ?? '']));
}

/** A parser's message quotes the line, so that only its code is kept. */
function readingError(path: string, error: unknown): unknown {
  const code = codeOf(error);
  if (code === 'Z_BUF_ERROR') return new FileIncomplete(path, { cause: error });
  if (typeof code === 'string' && /^(Z_|CSV_)/.test(code)) return new FileUnreadable(path, code);
  return error;
}
