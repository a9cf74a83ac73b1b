import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { WorkflowName } from '@landbridge/contracts';
import {
  findNatsServer,
  isFree,
  startLocalNats,
  startLocalPostgres,
} from '@landbridge/local-servers';
import { type Api, connectApi } from './api.ts';
import { buildConsole } from './console-build.ts';
import { type DataFolder, openDataFolder } from './data-folder.ts';
import { createDatabase } from './database.ts';
import { startService } from './services.ts';
import { type Supervised, supervise } from './supervisor.ts';

const root = join(import.meta.dirname, '../../..');

export interface EverythingOptions {
  dataDir: string;
  /** Of the API and the console; null: a free one. */
  port: number | null;
  /** False: the page is not built, and `/` says so. */
  withConsole: boolean;
  /** Which data services run; all unless said otherwise. The others can be revived. */
  services?: readonly WorkflowName[];
  /** How many processes of ingress; 1 unless said otherwise. */
  ingressReplicas?: number;
  /** Starts what the services talk to, before they are there; it ends after them. */
  beforeServices?: (folder: DataFolder) => Promise<Stoppable>;
  /** True unless said otherwise: JetStream syncs to disk before it acknowledges. */
  syncAlways?: boolean;
  /** Which nats-server; the newest unless said otherwise. */
  natsServer?: 'newest' | 'floor';
  /** More variables for our services. */
  env?: Record<string, string>;
  say: (text: string) => void;
}

/** What ends with everything else. */
export interface Stoppable {
  stop(): Promise<void>;
}

/** A whole Landbridge on this machine. */
export interface Everything extends AsyncDisposable {
  readonly url: string;
  readonly api: Api;
  readonly adminToken: string;
  /** Works once; the newest that the control plane printed. */
  signInLink(): string;
  readonly postgres: Supervised;
  readonly nats: Supervised;
  readonly natsUrl: string;
  readonly natsMonitorUrl: string;
  readonly databaseUrl: string;
  readonly controlPlane: Supervised;
  readonly ingress: Supervised[];
  readonly egress: Supervised;
  readonly optin: Supervised;
  readonly folder: DataFolder;
  stop(): Promise<void>;
}

/** The port for the API and the console is not free. */
export class PortTaken extends Error {
  override readonly name = 'PortTaken';
  constructor(port: number) {
    super(
      `Port ${port} is taken by another program. Choose a free one, as in ` +
        `LANDBRIDGE_PORT=${port + 10} npm start`,
    );
  }
}

/**
 * Starts Postgres, NATS, the control plane and the data services as children, each restarted when
 * it ends unexpectedly. What they keep lies under `dataDir`; the next start goes on with it.
 * Throws  PortTaken, DataFolderInUse, DataFolderUnusable, ServerDidNotStart; then nothing is left running.
 */
export async function startEverything(options: EverythingOptions): Promise<Everything> {
  // The folder first: where Landbridge runs on it already, the port is its own.
  const folder = await openDataFolder(options.dataDir);
  const started: Stoppable[] = [];
  const stop = async (): Promise<void> => {
    for (const child of started.toReversed()) await child.stop();
    await folder.release();
  };
  try {
    if (options.port !== null && !(await isFree(options.port))) throw new PortTaken(options.port);
    return await startAll(options, folder, started, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startAll(
  options: EverythingOptions,
  folder: DataFolder,
  started: Stoppable[],
  stop: () => Promise<void>,
): Promise<Everything> {
  const { say } = options;
  const keep = (child: Supervised): Supervised => {
    started.push(child);
    return child;
  };
  const consoleDir = options.withConsole ? await buildConsole(say) : '';
  if (options.beforeServices !== undefined) started.push(await options.beforeServices(folder));
  const servers = await startServers(options, folder, keep);
  const port = options.port ?? (await folder.port('control-plane'));
  const env = {
    ...(await commonEnvironment(options, folder, servers)),
    LANDBRIDGE_CONSOLE_DIR: consoleDir,
  };
  let signInLink = '';
  const controlPlane = keep(
    await supervise(
      'control-plane',
      () =>
        startService({
          folder: 'apps/control-plane',
          name: 'control-plane',
          env: {
            ...env,
            LANDBRIDGE_DATABASE_URL: servers.databaseUrl,
            LANDBRIDGE_PORT: String(port),
          },
          ready: /control-plane ready/,
          logFolder: folder.folder('logs'),
          onLine: (line) => {
            signInLink = /https?:\/\/[^\s"]+\/sign-in\?code=[^\s"]+/.exec(line)?.[0] ?? signInLink;
          },
        }),
      say,
    ),
  );
  const isWanted = (workflow: WorkflowName) => options.services?.includes(workflow) ?? true;
  const startData = async (
    app: string,
    name: string,
    workflow: WorkflowName,
  ): Promise<Supervised> => {
    const ready = new RegExp(`${workflow} ready`);
    const service = { folder: `apps/${app}`, name, env, ready, logFolder: folder.folder('logs') };
    const asleep = !isWanted(workflow);
    return keep(await supervise(name, () => startService(service), say, { asleep }));
  };
  const ingress: Supervised[] = [];
  for (let replica = 1; replica <= (options.ingressReplicas ?? 1); replica += 1) {
    const name = replica === 1 ? 'ingress' : `ingress-${replica}`;
    ingress.push(await startData('ingress', name, 'ingress'));
  }
  const egress = await startData('egress', 'egress', 'egress');
  const optin = await startData('optin-sync', 'optin-sync', 'optin');
  const url = `http://127.0.0.1:${port}`;
  const adminToken = (await readFile(join(folder.path, 'admin-token'), 'utf8')).trim();
  return {
    url,
    adminToken,
    api: connectApi(url, adminToken),
    signInLink: () => signInLink,
    ...servers,
    controlPlane,
    ingress,
    egress,
    optin,
    folder,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

async function startServers(
  options: EverythingOptions,
  folder: DataFolder,
  keep: (child: Supervised) => Supervised,
): Promise<Pick<Everything, 'postgres' | 'nats' | 'natsUrl' | 'natsMonitorUrl' | 'databaseUrl'>> {
  const dataDir = folder.folder('postgres');
  if (!existsSync(join(dataDir, 'PG_VERSION'))) options.say('Making the database …');
  const password = await folder.secret('postgres-password');
  const postgresPort = await folder.port('postgres');
  let databaseUrl = '';
  const postgres = keep(
    await supervise(
      'postgres',
      async () => {
        const server = await startLocalPostgres({ dataDir, password, port: postgresPort });
        await createDatabase(server.url('postgres'), 'landbridge');
        databaseUrl = server.url('landbridge');
        return server.process;
      },
      options.say,
    ),
  );
  const natsPort = await folder.port('nats');
  const natsPassword = await folder.secret('nats-password');
  const monitorPort = await folder.port('nats-monitor');
  let natsUrl = '';
  let natsMonitorUrl = '';
  const nats = keep(
    await supervise(
      'nats-server',
      async () => {
        const server = await startLocalNats({
          binary: findNatsServer(root, options.natsServer ?? 'newest'),
          dataDir: folder.folder('nats'),
          port: natsPort,
          monitorPort,
          password: natsPassword,
          syncAlways: options.syncAlways ?? true,
        });
        natsUrl = server.url;
        natsMonitorUrl = server.monitorUrl;
        return server.process;
      },
      options.say,
    ),
  );
  return { postgres, nats, natsUrl, natsMonitorUrl, databaseUrl };
}

async function commonEnvironment(
  options: EverythingOptions,
  folder: DataFolder,
  servers: Pick<Everything, 'natsUrl' | 'natsMonitorUrl'>,
): Promise<Record<string, string>> {
  return {
    LANDBRIDGE_HOST: '127.0.0.1',
    LANDBRIDGE_PORT: '0',
    LANDBRIDGE_NATS_URL: servers.natsUrl,
    LANDBRIDGE_NATS_MONITOR_URL: servers.natsMonitorUrl,
    LANDBRIDGE_KEY: await folder.secret('key'),
    LANDBRIDGE_DATA: folder.path,
    ...options.env,
  };
}
