import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TableMapping, WorkflowView } from '@landbridge/contracts';
import { type Everything, startEverything } from '@landbridge/embedded';
import { until } from '@landbridge/testing';
import type { BenchSimulators } from './simulators.ts';

/** A whole Landbridge whose data goes away with it. */
export interface BenchLandbridge extends AsyncDisposable {
  readonly everything: Everything;
  /** Registers an instance that is connected to the simulators; its workflow stands still. */
  instance(name: string, simulators: BenchSimulators): Promise<BenchInstance>;
}

export interface BenchInstance {
  readonly view: () => Promise<WorkflowView>;
  /** Saves these mappings in place of those that were there. */
  map(mappings: readonly TableMapping[]): Promise<void>;
  start(): Promise<void>;
  /** Until the workflow shows STOPPED. */
  stop(): Promise<void>;
}

const STATUS_TIMEOUT_MS = 60_000;

/** Nobody is there who could decide on deletes that wait. */
const SETTINGS = { massDeletes: { share: 1, count: 1_000_000 } };

/** `env`: more variables for the services. Throws  what `startEverything` throws. */
export async function startLandbridge(options: {
  syncAlways: boolean;
  env?: Record<string, string>;
}): Promise<BenchLandbridge> {
  const dataDir = await mkdtemp(join(tmpdir(), 'landbridge-bench-'));
  // Postgres runs as another user, who must get through.
  await chmod(dataDir, 0o755);
  const everything = await startEverything({
    dataDir,
    port: null,
    withConsole: false,
    syncAlways: options.syncAlways,
    ...(options.env === undefined ? {} : { env: options.env }),
    say: () => undefined,
  });
  return {
    everything,
    instance: (name, simulators) => openInstance(everything, name, simulators),
    [Symbol.asyncDispose]: async () => {
      await everything.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function openInstance(
  { api }: Everything,
  name: string,
  { connections }: BenchSimulators,
): Promise<BenchInstance> {
  const base = `/instances/${name}`;
  await api.request('PUT', base, { body: { name, production: false } });
  await api.request('PUT', `${base}/connections/dynamics`, { body: connections.dynamics });
  await api.request('PUT', `${base}/connections/campaign`, { body: connections.campaign });
  const put = async (path: string, body: object): Promise<void> => {
    const { headers } = await api.request('GET', path);
    await api.request('PUT', path, { body, headers: { 'if-match': headers.get('etag') ?? '' } });
  };
  await put(`${base}/settings`, SETTINGS);
  const view = () => api.workflow(name, 'ingress');
  return {
    view,
    map: (mappings) => put(`${base}/workflows/ingress/configuration`, { mappings }),
    start: async () => {
      await api.request('POST', `${base}/workflows/ingress/start`);
    },
    stop: async () => {
      await api.request('POST', `${base}/workflows/ingress/stop`);
      await until('the workflow to stop', view, ({ status }) => status === 'STOPPED', {
        timeoutMs: STATUS_TIMEOUT_MS,
      });
    },
  };
}
