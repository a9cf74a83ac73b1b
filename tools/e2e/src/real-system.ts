import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEverything, type Everything } from '@landbridge/embedded';
import {
  startCampaign,
  startDataverse,
  type CampaignSimulator,
  type DataverseSimulator,
} from '@landbridge/simulators';

/** A whole Landbridge with one instance, `demo`, that is connected and not started yet. */
export interface RealSystem extends AsyncDisposable {
  landbridge: Everything;
  dynamics: DataverseSimulator;
  campaign: CampaignSimulator;
}

/** Starts every process, and two simulators with `contacts` people in Dynamics 365. */
export async function startRealSystem(contacts: number): Promise<RealSystem> {
  const dataDir = await mkdtemp(join(tmpdir(), 'landbridge-e2e-'));
  await chmod(dataDir, 0o755);
  const dynamics = await startDataverse({ contacts });
  // Slow enough to be seen at work.
  const campaign = await startCampaign({ latency: 20 });
  const landbridge = await startEverything({
    dataDir,
    port: null,
    withConsole: true,
    syncAlways: false,
    env: { LANDBRIDGE_POLL_MS: '200' },
    say: () => undefined,
  });
  const put = (path: string, body: unknown) => landbridge.api.request('PUT', path, { body });
  await put('/instances/demo', { name: 'Demo', production: false });
  await put('/instances/demo/connections/dynamics', dynamics.connection);
  await put('/instances/demo/connections/campaign', campaign.connection);
  return {
    landbridge,
    dynamics,
    campaign,
    async [Symbol.asyncDispose]() {
      await landbridge.stop();
      await Promise.all([dynamics.close(), campaign.close()]);
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
