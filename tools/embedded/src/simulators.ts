import { type CampaignControl, steer } from '@landbridge/simulators';
import { z } from 'zod';
import type { DataFolder } from './data-folder.ts';
import type { DemoConnections } from './demo.ts';
import { startService } from './services.ts';
import { supervise } from './supervisor.ts';

/** The line of JSON that the simulators' process prints once it is ready. */
const Announcement = z.object({
  dynamics: z.looseObject({ url: z.string() }),
  campaign: z.looseObject({ url: z.string() }),
  sftp: z.looseObject({ host: z.string() }),
  control: z.object({ dataverse: z.string(), campaign: z.string() }),
});

export interface DemoSimulators {
  connections: DemoConnections;
  dynamicsUrl: string;
  campaignUrl: string;
  stop(): Promise<void>;
}

/** About what a Campaign instance takes for a call, so that there is something to watch. */
const CAMPAIGN_LATENCY_MS = 20;
const CHANGES_PER_MINUTE = 120;
/** Sends, opens, clicks, bounces and unsubscribes of people who got mail. */
const ACTS_PER_MINUTE = 120;
const ANNOUNCEMENT = /^\{"dynamics":/;

/** Starts the two stand-ins as a process whose state and ports outlive it. */
export async function startDemoSimulators(
  folder: DataFolder,
  options: { contacts: number },
  say: (text: string) => void,
): Promise<DemoSimulators> {
  const env = {
    LANDBRIDGE_DATAVERSE_PORT: String(await folder.port('simulated-dynamics')),
    LANDBRIDGE_DATAVERSE_CONTROL_PORT: String(await folder.port('simulated-dynamics-control')),
    LANDBRIDGE_CAMPAIGN_PORT: String(await folder.port('simulated-campaign')),
    LANDBRIDGE_CAMPAIGN_CONTROL_PORT: String(await folder.port('simulated-campaign-control')),
    LANDBRIDGE_SFTP_PORT: String(await folder.port('simulated-sftp')),
    LANDBRIDGE_SIMULATORS_CONTACTS: String(options.contacts),
    LANDBRIDGE_SIMULATORS_DATA: folder.folder('simulators'),
    LANDBRIDGE_SIMULATORS_CHANGES_PER_MINUTE: String(CHANGES_PER_MINUTE),
    LANDBRIDGE_SIMULATORS_ACTS_PER_MINUTE: String(ACTS_PER_MINUTE),
  };
  let announced = '';
  const child = await supervise(
    'simulators',
    () =>
      startService({
        folder: 'tools/simulators',
        name: 'simulators',
        env,
        ready: ANNOUNCEMENT,
        logFolder: folder.folder('logs'),
        onLine: (line) => {
          if (ANNOUNCEMENT.test(line)) announced = line;
        },
      }),
    say,
  );
  const { dynamics, campaign, sftp, control } = Announcement.parse(JSON.parse(announced));
  await steer<CampaignControl>(control.campaign).setLatency(CAMPAIGN_LATENCY_MS);
  return {
    connections: { dynamics, campaign, sftp },
    dynamicsUrl: dynamics.url,
    campaignUrl: campaign.url,
    stop: () => child.stop(),
  };
}
