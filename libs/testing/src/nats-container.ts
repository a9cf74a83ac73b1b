import { connect } from 'node:net';
import { freePort } from '@landbridge/local-servers';
import { GenericContainer, type StartedTestContainer, Wait } from 'testcontainers';
import { containerPower } from './container-power.ts';
import type { NatsServer } from './nats.ts';
import { until } from './until.ts';

const IMAGES = { newest: 'nats:2.15', floor: 'nats:2.10' } as const;

/** nats-server in a container, on a port that stays the same when it is started again. */
export async function startNatsContainer(
  server: 'newest' | 'floor',
  syncAlways: boolean,
): Promise<NatsServer> {
  const port = await freePort();
  const content = [
    'server_name: landbridge',
    'max_payload: 8MB',
    `jetstream { store_dir: "/data"${syncAlways ? ', sync_interval: always' : ''} }`,
    '',
  ].join('\n');
  const container: StartedTestContainer = await new GenericContainer(IMAGES[server])
    .withCopyContentToContainer([{ content, target: '/etc/landbridge-nats.conf' }])
    .withCommand(['--config', '/etc/landbridge-nats.conf'])
    .withExposedPorts({ container: 4222, host: port })
    .withWaitStrategy(Wait.forLogMessage(/Server is ready/))
    .start();
  const { output } = await container.exec(['nats-server', '--version']);
  const power = await containerPower(container);
  return {
    url: `nats://${container.getHost()}:${port}`,
    version: /(\d+\.\d+\.\d+)/.exec(output)?.[1] ?? 'unknown',
    stop: () => power.remove(),
    [Symbol.asyncDispose]: () => power.remove(),
    kill: () => power.kill(),
    restart: async () => {
      await power.kill().catch(() => undefined);
      await power.start();
      await until('nats-server to accept connections again', () => accepts(port), Boolean);
    },
  };
}

async function accepts(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    // A proxy of the engine may accept before the server does: it speaks first.
    socket.once('data', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', reject);
    socket.once('close', () => resolve(false));
  });
}
