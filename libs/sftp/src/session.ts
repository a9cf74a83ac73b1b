import { Socket } from 'node:net';
import type { SftpConnection } from '@landbridge/contracts';
import ssh2, { type SFTPWrapper } from 'ssh2';
import { SftpRefused, SftpUnreachable } from './errors.ts';
import { isPinned } from './host-key.ts';
import { isTimeout, openingError } from './ssh-errors.ts';

/** One connection, which is either of use or lost for good. */
export type Session = {
  readonly sftp: SFTPWrapper;
  /** Aborted with a SftpUnreachable when the connection is of no use any more. */
  readonly lost: AbortSignal;
  /** Breaks it off, because the server does not answer. */
  giveUp(): void;
  /** Says farewell; a server that does not answer it is waited for no longer than a moment. */
  end(): Promise<void>;
};

export type SessionOptions = {
  connection: SftpConnection;
  /** Until the server is ready to be asked. */
  connectTimeoutMs: number;
  /** A server that says nothing is asked so often whether it is there; after three times it is not. */
  keepaliveMs: number;
};

const FAREWELL_MS = 2_000;
const KEEPALIVES_MAX = 3;

/**
 * Connects with a key alone, no password; without Nagle, which would hold every answer up.
 * The socket is ours, because ssh2 leaves one half-open that the server has closed.
 * Throws  SftpRefused, SftpUnreachable; also as soon as `closing` is aborted.
 */
export async function openSession(options: SessionOptions, closing: AbortSignal): Promise<Session> {
  const { host, port } = options.connection;
  const ssh = new ssh2.Client();
  const socket = new Socket();
  const lost = new AbortController();
  const lose = (reason: SftpUnreachable['reason'], cause?: unknown): void => {
    socket.destroy();
    if (!lost.signal.aborted) lost.abort(new SftpUnreachable('the connection', reason, { cause }));
  };
  const closed = new Promise((resolve) => socket.once('close', resolve));
  const opened = Promise.withResolvers<SFTPWrapper>();
  opened.promise.catch(() => undefined);
  let wrongHost = false;
  ssh.on('error', (error) => {
    opened.reject(openingError(error, wrongHost));
    lose(isTimeout(error) ? 'timeout' : 'broken', error);
  });
  ssh.on('end', () => lose('broken'));
  ssh.on('close', () => lose('broken'));
  ssh.on('ready', () => {
    ssh.sftp((error, sftp) => {
      if (error) opened.reject(openingError(error, wrongHost));
      else opened.resolve(sftp);
    });
  });
  const stop = () => lose('broken', closing.reason);
  const late = setTimeout(() => lose('timeout'), options.connectTimeoutMs);
  lost.signal.addEventListener('abort', () => opened.reject(lost.signal.reason));
  closing.addEventListener('abort', stop, { once: true });
  try {
    closing.throwIfAborted();
    ssh.connect({ ...handshake(options, (wrong) => (wrongHost = wrong)), sock: socket });
    socket.setNoDelay(true).connect({ host, port });
    const sftp = await opened.promise;
    // A channel alone may end, or hold what is no SFTP; what is asked then is never answered.
    for (const event of ['end', 'close', 'error'] as const) sftp.on(event, () => lose('broken'));
    return {
      sftp,
      lost: lost.signal,
      giveUp: () => lose('timeout'),
      end: async () => {
        ssh.end();
        const farewell = setTimeout(() => lose('broken'), FAREWELL_MS);
        await closed;
        clearTimeout(farewell);
      },
    };
  } catch (error) {
    lose('broken', error);
    const isTold = error instanceof SftpRefused || error instanceof SftpUnreachable;
    throw isTold ? error : openingError(error, wrongHost);
  } finally {
    clearTimeout(late);
    closing.removeEventListener('abort', stop);
  }
}

function handshake(
  { connection, keepaliveMs }: SessionOptions,
  onHost: (wrong: boolean) => void,
): ssh2.ConnectConfig {
  const { user, privateKey, hostKey } = connection;
  return {
    username: user,
    privateKey,
    // The whole of it has a timeout of its own.
    readyTimeout: 0,
    keepaliveInterval: keepaliveMs,
    keepaliveCountMax: KEEPALIVES_MAX,
    hostVerifier: (shown: Buffer) => {
      const wrong = hostKey !== undefined && !isPinned(hostKey, shown);
      onHost(wrong);
      return !wrong;
    },
  };
}
