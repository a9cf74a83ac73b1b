import { generateKeyPairSync } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readSync,
  existsSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  type Stats,
} from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2, { type SFTPWrapper } from 'ssh2';

const { STATUS_CODE } = ssh2.utils.sftp;
const rsa = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'pkcs1', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  }).privateKey;
export const USER_KEY = rsa();
export const OTHER_KEY = rsa();
// Not Ed25519: ssh2 makes malformed ones at times.
const hostKey = rsa();
export const HOST_KEY = publicLine(hostKey);

function publicLine(privateKey: string): string {
  const key = ssh2.utils.parseKey(privateKey);
  if (key instanceof Error) throw key;
  return `${key.type} ${key.getPublicSSH().toString('base64')}`;
}

/** A real SFTP server on loopback over a folder of this machine; it takes one user's key. */
export async function startSftp() {
  const root = mkdtempSync(join(tmpdir(), 'landbridge-sftp-test-'));
  mkdirSync(join(root, 'exports'));
  const reads: Reads = { bytes: 0, breakAfter: Infinity, breakListing: false };
  const sockets = new Set<Socket>();
  const known = ssh2.utils.parseKey(USER_KEY);
  if (known instanceof Error) throw known;
  const ssh = new ssh2.Server({ hostKeys: [hostKey] }, (client) => {
    client.on('error', () => client.end());
    client.on('authentication', (context) => {
      const mine = context.method === 'publickey' && known.getPublicSSH().equals(context.key.data);
      if (mine) context.accept();
      else context.reject(['publickey']);
    });
    client.on('session', (accept) => {
      accept().on('sftp', (acceptSftp) => {
        serve(acceptSftp(), root, reads, () => sockets.forEach((socket) => socket.destroy()));
      });
    });
  });
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    ssh.injectSocket(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    folder: join(root, 'exports'),
    reads,
    cut: () => sockets.forEach((socket) => socket.destroy()),
    connection: {
      ...{ host: '127.0.0.1', user: 'demo', privateKey: USER_KEY, directory: 'exports' },
      port: typeof address === 'object' ? (address?.port ?? 0) : 0,
    },
    async [Symbol.asyncDispose]() {
      sockets.forEach((socket) => socket.destroy());
      await new Promise((resolve) => server.close(resolve));
      rmSync(root, { recursive: true });
    },
  };
}

/** `breakAfter`, `breakListing`: a request at which the connection breaks instead of an answer. */
type Reads = { bytes: number; breakAfter: number; breakListing: boolean };

function serve(sftp: SFTPWrapper, root: string, reads: Reads, breakOff: () => void): void {
  const at = (path: string) => join(root, join('/', path));
  const numberOf = (handle: Buffer) => handle.readUInt32BE(0);
  const listings = new Map<number, string>();
  let handles = 1_000_000;
  const handleOf = (id: number) => {
    const handle = Buffer.alloc(4);
    handle.writeUInt32BE(id);
    return handle;
  };
  const answering = (id: number, work: () => void) => {
    try {
      work();
    } catch (error) {
      sftp.status(
        id,
        /ENOENT/.test(String(error)) ? STATUS_CODE.NO_SUCH_FILE : STATUS_CODE.FAILURE,
      );
    }
  };
  const done = (id: number) => sftp.status(id, STATUS_CODE.OK);
  sftp.on('OPEN', (id, path) =>
    answering(id, () => sftp.handle(id, handleOf(openSync(at(path), 'r')))),
  );
  sftp.on('READ', (id, handle, offset, length) =>
    answering(id, () => {
      if (reads.bytes >= reads.breakAfter) {
        breakOff();
        return;
      }
      const data = Buffer.alloc(length);
      const count = readSync(numberOf(handle), data, 0, length, offset);
      reads.bytes += count;
      if (count === 0) sftp.status(id, STATUS_CODE.EOF);
      else sftp.data(id, data.subarray(0, count));
    }),
  );
  sftp.on('FSTAT', (id, handle) =>
    answering(id, () => sftp.attrs(id, attributesOf(fstatSync(numberOf(handle))))),
  );
  const stat = (id: number, path: string) =>
    answering(id, () => sftp.attrs(id, attributesOf(statSync(at(path)))));
  sftp.on('STAT', stat);
  sftp.on('LSTAT', stat);
  sftp.on('OPENDIR', (id, path) =>
    answering(id, () => {
      readdirSync(at(path));
      listings.set(++handles, path);
      sftp.handle(id, handleOf(handles));
    }),
  );
  sftp.on('READDIR', (id, handle) =>
    answering(id, () => {
      if (reads.breakListing) {
        breakOff();
        return;
      }
      const path = listings.get(numberOf(handle));
      if (path === undefined) {
        sftp.status(id, STATUS_CODE.EOF);
        return;
      }
      listings.delete(numberOf(handle));
      const names = readdirSync(at(path)).map((filename) => ({
        ...{ filename, longname: filename },
        attrs: attributesOf(statSync(join(at(path), filename))),
      }));
      sftp.name(id, names);
    }),
  );
  sftp.on('CLOSE', (id, handle) =>
    answering(id, () => {
      if (numberOf(handle) < 1_000_000) closeSync(numberOf(handle));
      done(id);
    }),
  );
  sftp.on('RENAME', (id, from, to) =>
    answering(id, () => {
      if (existsSync(at(to))) {
        sftp.status(id, STATUS_CODE.FAILURE);
        return;
      }
      renameSync(at(from), at(to));
      done(id);
    }),
  );
  sftp.on('REMOVE', (id, path) =>
    answering(id, () => {
      unlinkSync(at(path));
      done(id);
    }),
  );
  sftp.on('MKDIR', (id, path) =>
    answering(id, () => {
      mkdirSync(at(path));
      done(id);
    }),
  );
}

function attributesOf({ mode, uid, gid, size, atimeMs, mtimeMs }: Stats) {
  const [atime, mtime] = [atimeMs, mtimeMs].map((ms) => Math.floor(ms / 1_000));
  return { mode, uid, gid, size, atime: atime ?? 0, mtime: mtime ?? 0 };
}
