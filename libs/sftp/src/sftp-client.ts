import { Readable } from 'node:stream';
import type { SftpConnection } from '@landbridge/contracts';
import type { FileEntryWithStats, Stats } from 'ssh2';
import { ask, type Asking, type Request } from './ask.ts';
import { SftpRefused, SftpUnreachable } from './errors.ts';
import { openSession, type Session } from './session.ts';

/** A file in a folder. Units  `modifiedAtS`: seconds since 1970, all that SFTP tells. */
export type SftpFile = { name: string; size: number; modifiedAtS: number };

/**
 * One server in one user's name; paths are relative to the connection's directory. It connects at
 * the first operation and again after a break, and repeats nothing by itself. A server that does not
 * answer is given up after a while, whatever is asked of it.
 * Throws  SftpRefused, SftpUnreachable, or the reason of a signal that is aborted.
 */
export type SftpClient = {
  /** The files of a folder, without folders and links. */
  list(folder: string, asking?: Asking): Promise<SftpFile[]>;
  stat(path: string, asking?: Asking): Promise<Omit<SftpFile, 'name'>>;
  /** Bytes from `from` up to but without `until`, as they are asked for; ends in the same errors. */
  read(path: string, range: { from: number; until: number } & Asking): Promise<Readable>;
  /** Within the server, in one step; refused where `to` exists. */
  rename(from: string, to: string, asking?: Asking): Promise<void>;
  remove(path: string, asking?: Asking): Promise<void>;
  /** Makes a folder and those above it; one that is there stays. */
  makeFolder(folder: string, asking?: Asking): Promise<void>;
  /** For good: what is under way ends as broken. Takes two seconds at most. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

export type SftpClientOptions = {
  connection: SftpConnection;
  /** Until the server is ready to be asked. Default 20,000. */
  connectTimeoutMs?: number;
  /** Until one request is answered; of a file, each piece is one. Default 60,000. */
  answerTimeoutMs?: number;
  /** Between two questions whether a silent server is there; the fourth finds it gone. Default 10,000. */
  keepaliveMs?: number;
};

const CHUNK_BYTES = 65_536;

/** Nothing is sent before the first operation. */
export function createSftpClient(options: SftpClientOptions): SftpClient {
  const { connection, answerTimeoutMs = 60_000 } = options;
  const { connectTimeoutMs = 20_000, keepaliveMs = 10_000 } = options;
  const closing = new AbortController();
  let session: Promise<Session> | null = null;

  const at = (path: string) =>
    [connection.directory.replace(/\/+$/, ''), path].filter(Boolean).join('/');

  function connected(): Promise<Session> {
    if (session !== null) return session;
    const mine = openSession({ connection, connectTimeoutMs, keepaliveMs }, closing.signal);
    const forget = () => {
      if (session === mine) session = null;
    };
    mine.then(({ lost }) => {
      if (lost.aborted) forget();
      else lost.addEventListener('abort', forget);
    }, forget);
    session = mine;
    return mine;
  }

  async function request<Answer>(what: string, { signal }: Asking, work: Request<Answer>) {
    return ask(await unlessAborted(connected(), signal), work, { what, answerTimeoutMs, signal });
  }

  const done = (what: string, asking: Asking, work: Request<undefined>): Promise<undefined> =>
    request<undefined>(what, asking, (sftp, answer) =>
      work(sftp, (error) => answer(error, undefined)),
    );

  async function* bytesOf(path: string, range: { from: number; until: number } & Asking) {
    const { from, until, signal } = range;
    const own = await unlessAborted(connected(), signal);
    const how = { what: 'a file', answerTimeoutMs, signal };
    const handle = await ask<Buffer>(own, (sftp, answer) => sftp.open(at(path), 'r', answer), how);
    try {
      for (let position = from; position < until;) {
        const length = Math.min(CHUNK_BYTES, until - position);
        const chunk = await ask<Buffer>(
          own,
          (sftp, answer) =>
            sftp.read(handle, Buffer.alloc(length), 0, length, position, (error, _count, bytes) =>
              answer(error, bytes),
            ),
          how,
        );
        if (chunk.length === 0) return;
        yield chunk;
        position += chunk.length;
      }
    } finally {
      // Nobody waits for it: where it fails, the connection is lost, and the handle with it.
      const closeFile: Request<undefined> = (sftp, answer) =>
        sftp.close(handle, (error) => answer(error, undefined));
      ask(own, closeFile, { what: 'a file', answerTimeoutMs }).catch(() => undefined);
    }
  }

  async function close(): Promise<void> {
    const open = session;
    closing.abort(new SftpUnreachable('the connection', 'broken'));
    session = null;
    const ending = await open?.catch(() => null);
    await ending?.end();
  }

  return {
    async list(folder, asking = {}) {
      const entries = await request<FileEntryWithStats[]>(
        'the list of a folder',
        asking,
        (sftp, answer) => sftp.readdir(at(folder) || '.', answer),
      );
      return entries.filter(({ attrs }) => attrs.isFile()).map(fileOf);
    },
    stat: async (path, asking = {}) =>
      sizeOf(
        await request<Stats>('the size of a file', asking, (sftp, answer) =>
          sftp.stat(at(path), answer),
        ),
      ),
    read: async (path, range) =>
      Readable.from(bytesOf(path, range), { objectMode: false, highWaterMark: CHUNK_BYTES }),
    rename: (from, to, asking = {}) =>
      done('a rename', asking, (sftp, answer) =>
        sftp.rename(at(from), at(to), (error) => answer(error, undefined)),
      ),
    remove: (path, asking = {}) =>
      done('a removal', asking, (sftp, answer) =>
        sftp.unlink(at(path), (error) => answer(error, undefined)),
      ),
    async makeFolder(folder, asking = {}) {
      const names = folder.split('/').filter(Boolean);
      for (const index of names.keys()) {
        const path = names.slice(0, index + 1).join('/');
        try {
          await done('a new folder', asking, (sftp, answer) =>
            sftp.mkdir(at(path), (error) => answer(error, undefined)),
          );
        } catch (error) {
          // Whether it is there already, no server tells in the same way: it shows.
          if (!(error instanceof SftpRefused)) throw error;
          await request<Stats>('a folder', asking, (sftp, answer) => sftp.stat(at(path), answer));
        }
      }
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

const sizeOf = ({ size, mtime }: Stats): Omit<SftpFile, 'name'> => ({ size, modifiedAtS: mtime });

const fileOf = ({ filename, attrs }: FileEntryWithStats): SftpFile => ({
  name: filename,
  size: attrs.size,
  modifiedAtS: attrs.mtime,
});

/** The connection comes about for all who wait for it; one of them may go. */
async function unlessAborted<Value>(
  work: Promise<Value>,
  signal: AbortSignal | undefined,
): Promise<Value> {
  if (signal === undefined) return work;
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort);
  try {
    signal.throwIfAborted();
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
