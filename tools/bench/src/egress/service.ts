import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DEFAULT_INSTANCE_SETTINGS,
  EgressConfiguration,
  InstanceId,
  Revision,
  RunId,
} from '@landbridge/contracts';
import { startService } from '@landbridge/embedded';
import { connectBus, publishDesired, seal } from '@landbridge/messaging';
import { createLog } from '@landbridge/telemetry';
import { startNats } from '@landbridge/testing';
import type { BenchSimulators } from '../system/simulators.ts';

/** The service of egress and NATS; it goes away with both. */
export interface BenchEgress extends AsyncDisposable {
  /** Starts a run of an instance that has read nothing yet; it ends with the service. */
  starts(name: string): Promise<void>;
}

/** `eventsPerReadMax`: of the journal. Throws  ServerDidNotStart. */
export async function startEgress(
  { connections }: BenchSimulators,
  options: { syncAlways: boolean; eventsPerReadMax: number },
): Promise<BenchEgress> {
  const logFolder = await mkdtemp(join(tmpdir(), 'landbridge-bench-egress-'));
  const key = randomBytes(32).toString('base64url');
  const nats = await startNats({ syncAlways: options.syncAlways });
  const bus = await connectBus({ url: nats.url, name: 'bench', log: createLog('bench', 'silent') });
  const service = await startService({
    folder: 'apps/egress',
    name: 'egress',
    env: { LANDBRIDGE_NATS_URL: nats.url, LANDBRIDGE_KEY: key },
    ready: /egress ready/,
    logFolder,
  });
  const { eventsPerReadMax } = options;
  return {
    starts: async (name) => {
      await publishDesired(bus, {
        workflow: 'egress',
        instance: InstanceId.parse(name),
        state: 'running',
        runId: RunId.parse(randomUUID()),
        revision: Revision.parse(1),
        configuration: EgressConfiguration.parse({
          events: { send: true, open: true, click: true, bounce: true },
          journal: { eventsPerReadMax, readEverySeconds: 1 },
        }),
        settings: DEFAULT_INSTANCE_SETTINGS,
        replays: [],
        sealedConnections: await seal(connections, key),
        position: '1',
        traceparent: null,
      });
    },
    [Symbol.asyncDispose]: async () => {
      await service.stop();
      await bus.close();
      await nats.stop();
      await rm(logFolder, { recursive: true, force: true });
    },
  };
}
