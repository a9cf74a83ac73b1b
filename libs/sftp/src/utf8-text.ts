import { isUtf8 } from 'node:buffer';
import { FileUnreadable } from './errors.ts';

const LINE_FEED = 0x0a;
const ASCII_MAX = 0x7f;

/**
 * The same bytes, cut where no character is cut.
 * Throws  FileUnreadable at the first line that is no UTF-8: its text would be another one.
 */
export async function* utf8Text(
  path: string,
  chunks: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer> {
  let lineCount = 1;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const cut = bytes.findLastIndex((byte) => byte <= ASCII_MAX) + 1;
    const whole = bytes.subarray(0, cut);
    rest = bytes.subarray(cut);
    if (!isUtf8(whole)) throw notUtf8(path, lineCount + linesBeforeFault(whole));
    lineCount += linesIn(whole);
    yield whole;
  }
  if (!isUtf8(rest)) throw notUtf8(path, lineCount);
  yield rest;
}

function linesIn(bytes: Buffer): number {
  let count = 0;
  for (const byte of bytes) if (byte === LINE_FEED) count += 1;
  return count;
}

function linesBeforeFault(bytes: Buffer): number {
  let count = 0;
  for (let start = 0; start < bytes.length; count += 1) {
    const end = bytes.indexOf(LINE_FEED, start) + 1 || bytes.length;
    if (!isUtf8(bytes.subarray(start, end))) break;
    start = end;
  }
  return count;
}

function notUtf8(path: string, line: number): FileUnreadable {
  const why = `is not in UTF-8 in line ${line}: let Campaign extract it in UTF-8`;
  return new FileUnreadable(path, 'NOT_UTF8', why);
}
