import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { type ChildServer, startChildServer } from './child-server.ts';
import { freePort } from './free-port.ts';

const run = promisify(execFile);

export interface LocalNats {
  readonly port: number;
  readonly url: string;
  /** The monitoring endpoint, by which others can see how the server is set up. */
  readonly monitorUrl: string;
  /** Such as `2.15.1`. */
  readonly version: string;
  readonly process: ChildServer;
}

export interface LocalNatsOptions {
  /** Path of nats-server. */
  binary: string;
  /** Where JetStream keeps its data, and where the configuration is written. */
  dataDir: string;
  port?: number;
  monitorPort?: number;
  /** True: JetStream syncs to disk before it acknowledges (`sync_interval: always`). */
  syncAlways: boolean;
  /** Given: clients must sign in with `landbridge` and this password. */
  password?: string;
  onLine?: (line: string) => void;
}

/** Starts nats-server with JetStream on the loopback address. Throws  ServerDidNotStart. */
export async function startLocalNats(options: LocalNatsOptions): Promise<LocalNats> {
  await mkdir(options.dataDir, { recursive: true, mode: 0o700 });
  const port = options.port ?? (await freePort());
  const monitorPort = options.monitorPort ?? (await freePort());
  const version = await natsVersion(options.binary);
  const file = join(options.dataDir, 'nats.conf');
  await writeFile(file, configuration({ ...options, port, monitorPort }), { mode: 0o600 });
  const child = await startChildServer({
    name: 'nats-server',
    command: options.binary,
    args: ['--config', file],
    ready: /Server is ready/,
    ...(options.onLine === undefined ? {} : { onLine: options.onLine }),
  });
  const account = options.password === undefined ? '' : `landbridge:${options.password}@`;
  return {
    port,
    version,
    process: child,
    url: `nats://${account}127.0.0.1:${port}`,
    monitorUrl: `http://127.0.0.1:${monitorPort}`,
  };
}

/** What `nats-server --version` says, such as `2.15.1`. */
export async function natsVersion(binary: string): Promise<string> {
  const { stdout } = await run(binary, ['--version']);
  const version = /v?(\d+\.\d+\.\d+)/.exec(stdout)?.[1];
  if (version === undefined)
    throw new Error(`${binary} did not tell its version: ${stdout.trim()}`);
  return version;
}

/**
 * The nats-server to run: `NATS_SERVER` (for the floor `NATS_SERVER_FLOOR`), else what
 * `npm start` or `npm test` fetched under `<root>/.landbridge/servers`, else one on PATH.
 */
export function findNatsServer(root: string, which: 'newest' | 'floor'): string {
  const named = process.env[which === 'newest' ? 'NATS_SERVER' : 'NATS_SERVER_FLOOR'];
  if (named !== undefined && named !== '') return named;
  const fetched = join(root, '.landbridge/servers', which, 'usr/sbin/nats-server');
  const onPath = (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((dir) => join(dir, 'nats-server'));
  const found = [fetched, ...(which === 'newest' ? onPath : [])].find(isExecutable);
  if (found !== undefined) return found;
  throw new Error(
    `No nats-server (${which}) was found: run \`npm test\` once, which fetches it, or set NATS_SERVER`,
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function configuration(options: LocalNatsOptions & { port: number; monitorPort: number }): string {
  return [
    `listen: "127.0.0.1:${options.port}"`,
    `http: "127.0.0.1:${options.monitorPort}"`,
    'server_name: landbridge',
    'max_payload: 8MB',
    'jetstream {',
    `  store_dir: ${JSON.stringify(join(options.dataDir, 'jetstream'))}`,
    ...(options.syncAlways ? ['  sync_interval: always'] : []),
    '}',
    ...(options.password === undefined
      ? []
      : [`authorization { user: landbridge, password: ${JSON.stringify(options.password)} }`]),
    '',
  ].join('\n');
}
