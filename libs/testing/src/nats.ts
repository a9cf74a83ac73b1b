import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findNatsServer, type LocalNats, startLocalNats } from '@landbridge/local-servers';
import { startNatsContainer } from './nats-container.ts';

const root = join(import.meta.dirname, '../../..');

/** A nats-server of the test's own, with an empty JetStream that goes with it. */
export interface NatsServer extends AsyncDisposable {
  readonly url: string;
  readonly version: string;
  /** kill -9; `restart()` brings it back on the same data and port. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * `server`: the newest (2.15) or the floor (2.10.27) that Landbridge promises to work on; in a
 * container when `npm test` found a Docker engine (`LANDBRIDGE_TEST_SERVERS=containers`).
 */
export async function startNats(
  options: { server?: 'newest' | 'floor'; syncAlways?: boolean } = {},
): Promise<NatsServer> {
  const server = options.server ?? 'newest';
  const syncAlways = options.syncAlways ?? false;
  return process.env['LANDBRIDGE_TEST_SERVERS'] === 'containers'
    ? startNatsContainer(server, syncAlways)
    : startEmbedded(server, syncAlways);
}

async function startEmbedded(server: 'newest' | 'floor', syncAlways: boolean): Promise<NatsServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'landbridge-nats-'));
  const binary = findNatsServer(root, server);
  const start = (port?: number): Promise<LocalNats> =>
    startLocalNats({ binary, dataDir, syncAlways, ...(port === undefined ? {} : { port }) });
  let nats = await start();
  const stop = async (): Promise<void> => {
    await nats.process.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  return {
    url: nats.url,
    version: nats.version,
    stop,
    [Symbol.asyncDispose]: stop,
    kill: async () => {
      await nats.process.kill();
    },
    restart: async () => {
      await nats.process.kill();
      nats = await start(nats.port);
    },
  };
}
