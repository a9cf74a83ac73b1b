import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DEFAULT_INSTANCE_SETTINGS,
  InstanceId,
  OptinConfiguration,
  Revision,
  RunId,
} from '@landbridge/contracts';
import { startService } from '@landbridge/embedded';
import { backlogOf, connectBus, publishDesired, seal } from '@landbridge/messaging';
import { createLog } from '@landbridge/telemetry';
import { startNats } from '@landbridge/testing';
import type { BenchSimulators } from '../system/simulators.ts';

/** The service of Opt-In/Out with one bidirectional run, and NATS; it goes away with both. */
export interface BenchOptin extends AsyncDisposable {
  /** Records that are not settled. */
  readonly backlog: () => Promise<number>;
}

export async function startOptin(
  { connections }: BenchSimulators,
  poll: { everySeconds: number },
): Promise<BenchOptin> {
  const logFolder = await mkdtemp(join(tmpdir(), 'landbridge-bench-optin-'));
  const key = randomBytes(32).toString('base64url');
  const nats = await startNats({ syncAlways: true });
  const bus = await connectBus({ url: nats.url, name: 'bench', log: createLog('bench', 'silent') });
  const service = await startService({
    folder: 'apps/optin-sync',
    name: 'optin-sync',
    env: { LANDBRIDGE_NATS_URL: nats.url, LANDBRIDGE_KEY: key, LANDBRIDGE_POLL_MS: '1000' },
    ready: /optin ready/,
    logFolder,
  });
  const at = { workflow: 'optin', instance: InstanceId.parse('bench') } as const;
  await publishDesired(bus, {
    ...at,
    state: 'running',
    runId: RunId.parse(randomUUID()),
    revision: Revision.parse(1),
    configuration: OptinConfiguration.parse({
      direction: 'bidirectional',
      source: 'poll',
      mappings: [{ dynamics: 'donotbulkemail', campaign: 'denyListEmail' }],
      poll,
    }),
    settings: DEFAULT_INSTANCE_SETTINGS,
    replays: [],
    sealedConnections: await seal(connections, key),
    position: '1',
    traceparent: null,
  });
  return {
    backlog: async () => {
      const { queued, pending } = await backlogOf(bus, at);
      return queued + pending;
    },
    [Symbol.asyncDispose]: async () => {
      await service.stop();
      await bus.close();
      await nats.stop();
      await rm(logFolder, { recursive: true, force: true });
    },
  };
}
