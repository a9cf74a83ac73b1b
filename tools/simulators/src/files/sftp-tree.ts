import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmdirSync,
  statSync,
  unlinkSync,
  writeSync,
  type Stats,
} from 'node:fs';
import { join, posix } from 'node:path';
import ssh2 from 'ssh2';

const { OPEN_MODE, STATUS_CODE } = ssh2.utils.sftp;

/** Ends the work on an SFTP request with a status that is not OK. */
export class SftpRefusal extends Error {
  override readonly name = 'SftpRefusal';
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

type Handle = { path: string; file: number | null; entries: ssh2.FileEntry[] | null };

/** A folder of this machine as an SFTP user sees it: the folder is `/`, and nothing lies outside. */
export class SftpTree {
  readonly #root: string;
  readonly #handles = new Map<number, Handle>();
  #next = 1;

  constructor(root: string) {
    this.#root = root;
  }

  real(path: string): string {
    return posix.resolve('/', path);
  }

  pathOf(handle: Buffer): string {
    return this.#handles.get(handle.readUInt32BE(0))?.path ?? '';
  }

  open(path: string, flags: number): Buffer {
    const local = this.#local(path);
    const mode = flags & OPEN_MODE.WRITE ? 'r+' : 'r';
    if (flags & OPEN_MODE.CREAT) {
      const isThere = existsSync(local);
      if (isThere && flags & OPEN_MODE.EXCL) {
        throw new SftpRefusal(STATUS_CODE.FAILURE, 'The file is already there');
      }
      if (!isThere) closeSync(openSync(local, 'w'));
    }
    const file = openSync(local, mode);
    if (flags & OPEN_MODE.TRUNC) ftruncateSync(file);
    return this.#keep({ path: this.real(path), file, entries: null });
  }

  openDirectory(path: string): Buffer {
    const local = this.#local(path);
    const entries = readdirSync(local).map((filename) => entryOf(filename, join(local, filename)));
    return this.#keep({ path: this.real(path), file: null, entries });
  }

  /** What is left of a directory's list; an empty list is its end. */
  list(handle: Buffer): ssh2.FileEntry[] {
    const known = this.#known(handle);
    const entries = known.entries ?? [];
    known.entries = [];
    return entries;
  }

  read(handle: Buffer, offset: number, length: number): Buffer {
    const data = Buffer.alloc(Math.min(length, 256 * 1024));
    return data.subarray(0, readSync(this.#file(handle), data, 0, data.length, offset));
  }

  write(handle: Buffer, offset: number, data: Buffer): void {
    writeSync(this.#file(handle), data, 0, data.length, offset);
  }

  close(handle: Buffer): void {
    const { file } = this.#known(handle);
    this.#handles.delete(handle.readUInt32BE(0));
    if (file !== null) closeSync(file);
  }

  closeAll(): void {
    for (const { file } of this.#handles.values()) if (file !== null) closeSync(file);
    this.#handles.clear();
  }

  attributes(path: string): ssh2.Attributes {
    return attributesOf(statSync(this.#local(path)));
  }

  attributesOfHandle(handle: Buffer): ssh2.Attributes {
    return attributesOf(fstatSync(this.#file(handle)));
  }

  remove(path: string): void {
    unlinkSync(this.#local(path));
  }

  makeDirectory(path: string): void {
    mkdirSync(this.#local(path));
  }

  removeDirectory(path: string): void {
    rmdirSync(this.#local(path));
  }

  /** As version 3 of the protocol has it: a file that is there already is not replaced. */
  rename(from: string, to: string): void {
    if (existsSync(this.#local(to))) {
      throw new SftpRefusal(STATUS_CODE.FAILURE, `${to} is already there`);
    }
    renameSync(this.#local(from), this.#local(to));
  }

  #local(path: string): string {
    return join(this.#root, this.real(path));
  }

  #keep(handle: Handle): Buffer {
    const id = this.#next++;
    this.#handles.set(id, handle);
    const key = Buffer.alloc(4);
    key.writeUInt32BE(id);
    return key;
  }

  #known(handle: Buffer): Handle {
    const known = handle.length === 4 ? this.#handles.get(handle.readUInt32BE(0)) : undefined;
    if (known === undefined) throw new SftpRefusal(STATUS_CODE.FAILURE, 'The handle is not open');
    return known;
  }

  #file(handle: Buffer): number {
    const { file } = this.#known(handle);
    if (file === null) throw new SftpRefusal(STATUS_CODE.FAILURE, 'The handle is a directory');
    return file;
  }
}

function attributesOf(stats: Stats): ssh2.Attributes {
  return {
    mode: stats.mode,
    uid: 1_000,
    gid: 1_000,
    size: stats.size,
    atime: Math.floor(stats.atimeMs / 1_000),
    mtime: Math.floor(stats.mtimeMs / 1_000),
  };
}

function entryOf(filename: string, local: string): ssh2.FileEntry {
  const stats = statSync(local);
  const kind = stats.isDirectory() ? 'drwxr-xr-x' : '-rw-r--r--';
  const day = stats.mtime.toISOString().slice(0, 16).replace('T', ' ');
  const longname = `${kind} 1 demo demo ${String(stats.size).padStart(12)} ${day} ${filename}`;
  return { filename, longname, attrs: attributesOf(stats) };
}
