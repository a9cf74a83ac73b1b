import { join } from 'node:path';
import { CampaignConnection, DynamicsConnection } from '@landbridge/contracts';
import { startChildServer } from '@landbridge/local-servers';
import {
  type CampaignControl,
  type DataverseControl,
  type Remote,
  steer,
} from '@landbridge/simulators';
import { z } from 'zod';

const root = join(import.meta.dirname, '../../../..');
/** Benches count calls and do not look at them; a long log would be memory of the simulators. */
const CALLS_KEPT = '1000';
const READY_MS_PER_CONTACT = 1;
const ANNOUNCEMENT = /^\{"dynamics":/;
const Announcement = z.object({
  dynamics: DynamicsConnection,
  campaign: CampaignConnection,
  control: z.object({ dataverse: z.string(), campaign: z.string() }),
});

/** Both stand-ins in a process of their own, so that all contenders meet the same ones. */
export interface BenchSimulators extends AsyncDisposable {
  readonly connections: { dynamics: DynamicsConnection; campaign: CampaignConnection };
  readonly dynamics: Remote<DataverseControl>;
  readonly campaign: Remote<CampaignControl>;
}

/** Throws  ServerDidNotStart. */
export async function startBenchSimulators(contacts: number): Promise<BenchSimulators> {
  let announced = '';
  const child = await startChildServer({
    name: 'simulators',
    command: process.execPath,
    args: [join(root, 'tools/simulators/src/main.ts')],
    cwd: root,
    env: {
      ...process.env,
      LANDBRIDGE_SIMULATORS_CONTACTS: String(contacts),
      LANDBRIDGE_SIMULATORS_CALLS_KEPT: CALLS_KEPT,
    },
    ready: ANNOUNCEMENT,
    readyTimeoutMs: 120_000 + contacts * READY_MS_PER_CONTACT,
    onLine: (line) => {
      if (ANNOUNCEMENT.test(line)) announced = line;
    },
  });
  const { dynamics, campaign, control } = Announcement.parse(JSON.parse(announced));
  return {
    connections: { dynamics, campaign },
    dynamics: steer<DataverseControl>(control.dataverse),
    campaign: steer<CampaignControl>(control.campaign),
    [Symbol.asyncDispose]: async () => {
      await child.stop();
    },
  };
}
