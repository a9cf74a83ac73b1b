import { SftpRefused, SftpUnreachable } from './errors.ts';

const STATUS = {
  noSuchFile: 2,
  permissionDenied: 3,
  failure: 4,
  badMessage: 5,
  unsupported: 8,
} as const;

/** Why a connection did not come about. `wrongHost`: the server showed another key. */
export function openingError(error: unknown, wrongHost: boolean): Error {
  const what = 'the connection';
  if (wrongHost) return new SftpRefused(what, 'hostKey', { cause: error });
  if (levelOf(error) === 'client-authentication') {
    return new SftpRefused(what, 'credentials', { cause: error });
  }
  if (/privateKey|private key/i.test(String(error))) {
    // The parser's message may quote the key, so that it is not kept as the cause.
    return new SftpRefused(what, 'keyUnreadable');
  }
  return new SftpUnreachable(what, isTimeout(error) ? 'timeout' : 'connect', { cause: error });
}

/** Whether ssh2 gave the server up because it said nothing. */
export function isTimeout(error: unknown): boolean {
  return levelOf(error) === 'client-timeout';
}

/** Why something that was asked for did not come about. */
export function operationError(what: string, error: unknown): Error {
  switch (codeOf(error)) {
    case STATUS.noSuchFile:
      return new SftpRefused(what, 'notFound', { cause: error });
    case STATUS.permissionDenied:
      return new SftpRefused(what, 'forbidden', { cause: error });
    case STATUS.failure:
    case STATUS.badMessage:
    case STATUS.unsupported:
      return new SftpRefused(what, 'failed', { cause: error });
    default:
      return new SftpUnreachable(what, 'broken', { cause: error });
  }
}

function levelOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'level' in error ? error.level : null;
}

/** Whatever an error names as its code: ssh2 counts, node and parsers have words. */
export function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
}
