import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, isFree } from '@landbridge/local-servers';

/** What the embedded system remembers between two starts, all under one folder. */
export interface DataFolder {
  readonly path: string;
  /** A secret that is made once and kept in a file that only its owner may read. */
  secret(name: string): Promise<string>;
  /** The port that `name` had last time where it is still free, else another free one. */
  port(name: string): Promise<number>;
  folder(name: string): string;
  /** Lets go of the folder for the next start. */
  release(): Promise<void>;
}

/** Another embedded Landbridge uses the folder. */
export class DataFolderInUse extends Error {
  override readonly name = 'DataFolderInUse';
  constructor(path: string, pid: number) {
    super(
      `Landbridge already runs on the data in ${path} (process ${pid}). Stop it with Ctrl-C there, ` +
        'or give this one another folder, as in LANDBRIDGE_DATA=/tmp/landbridge-2 npm start',
    );
  }
}

/** The folder cannot be made or written to. `code`: the system's, such as `EACCES`. */
export class DataFolderUnusable extends Error {
  override readonly name = 'DataFolderUnusable';
  readonly code: string;
  constructor(path: string, code: string, options: ErrorOptions) {
    super(
      `Landbridge cannot keep its data in ${path} (${code}). Name a folder that you may write to, ` +
        'as in LANDBRIDGE_DATA=/tmp/landbridge npm start',
      options,
    );
    this.code = code;
  }
}

/** Takes the folder for this process. Throws  DataFolderInUse, DataFolderUnusable. */
export async function openDataFolder(path: string): Promise<DataFolder> {
  const lock = join(path, 'running.pid');
  const secrets = join(path, 'secrets');
  try {
    await mkdir(path, { recursive: true });
    await takeLock(path, lock);
    await mkdir(secrets, { recursive: true, mode: 0o700 });
  } catch (cause) {
    const code = systemCodeOf(cause);
    throw code === null ? cause : new DataFolderUnusable(path, code, { cause });
  }
  const portsFile = join(path, 'ports.json');
  const ports = await readPorts(portsFile);
  return {
    path,
    folder: (name) => join(path, name),
    secret: async (name) => {
      const file = join(secrets, name);
      if (!existsSync(file)) {
        await writeFile(file, randomBytes(32).toString('base64url'), { mode: 0o600 });
      }
      return readFile(file, 'utf8');
    },
    port: async (name) => {
      const last = ports[name];
      const port = last !== undefined && (await isFree(last)) ? last : await freePort();
      ports[name] = port;
      await writeFile(portsFile, `${JSON.stringify(ports, null, 2)}\n`);
      return port;
    },
    release: () => rm(lock, { force: true }),
  };
}

async function takeLock(path: string, lock: string): Promise<void> {
  for (;;) {
    try {
      await writeFile(lock, String(process.pid), { flag: 'wx' });
      return;
    } catch (error) {
      if (systemCodeOf(error) !== 'EEXIST') throw error;
      const pid = Number(await readFile(lock, 'utf8').catch(() => '0'));
      if (pid !== process.pid && (await runsLandbridge(pid))) throw new DataFolderInUse(path, pid);
      await rm(lock, { force: true });
    }
  }
}

/** A process id outlives its process; on Linux its command line tells who has it now. */
async function runsLandbridge(pid: number): Promise<boolean> {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return systemCodeOf(error) === 'EPERM';
  }
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => 'node');
  return commandLine.includes('node');
}

/** Such as `EACCES`; null: no call of the operating system failed. */
function systemCodeOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}

async function readPorts(file: string): Promise<Record<string, number>> {
  const text = await readFile(file, 'utf8').catch(() => '{}');
  const parsed: unknown = JSON.parse(text);
  if (typeof parsed !== 'object' || parsed === null) return {};
  return Object.fromEntries(
    Object.entries(parsed).filter((entry): entry is [string, number] => Number.isInteger(entry[1])),
  );
}
