/**
 * The server said no, and time does not mend it. `credentials`: the user or key; `hostKey`: it is not
 * the pinned server, nothing was sent to it; `keyUnreadable`: the private key cannot be used at
 * all; `forbidden`, `notFound`: of a file or folder; `failed`: the server gives no reason.
 */
export class SftpRefused extends Error {
  override readonly name = 'SftpRefused';
  readonly kind: 'credentials' | 'hostKey' | 'keyUnreadable' | 'forbidden' | 'notFound' | 'failed';
  constructor(what: string, kind: SftpRefused['kind'], options?: ErrorOptions) {
    super(`The SFTP server refused ${what}: ${kind}`, options);
    this.kind = kind;
  }
}

/** No connection, or it broke: time heals it. */
export class SftpUnreachable extends Error {
  override readonly name = 'SftpUnreachable';
  readonly reason: 'connect' | 'timeout' | 'broken';
  constructor(what: string, reason: SftpUnreachable['reason'], options?: ErrorOptions) {
    super(`No answer of the SFTP server to ${what}: ${reason}`, options);
    this.reason = reason;
  }
}

/** The file was not whole yet, or changed while it was read: read it again later. */
export class FileIncomplete extends Error {
  override readonly name = 'FileIncomplete';
  readonly file: string;
  constructor(file: string, options?: ErrorOptions) {
    super(`The file ${file} is not whole yet`, options);
    this.file = file;
  }
}

/**
 * The file is no delimited text, or no gzip although its name says so, or its headings are unclear.
 * `code`: the parser's, `HEADING_REPEATED` or `NOT_UTF8`. `why`: in words, without a word of its rows.
 */
export class FileUnreadable extends Error {
  override readonly name = 'FileUnreadable';
  readonly file: string;
  readonly code: string;
  constructor(file: string, code: string, why = `cannot be read (${code})`) {
    super(`The file ${file} ${why}`);
    this.file = file;
    this.code = code;
  }
}

/** Nobody knows which of the columns is meant. */
export function headingRepeated(file: string, headings: readonly string[]): FileUnreadable {
  const names = headings.map((heading) => `"${heading}"`).join(', ');
  const why = `has the heading ${names} more than once: extract it anew, or name other headings in the settings`;
  return new FileUnreadable(file, 'HEADING_REPEATED', why);
}
