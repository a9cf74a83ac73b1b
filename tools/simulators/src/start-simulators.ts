import { startCampaign, type CampaignSimulator } from './campaign/campaign.ts';
import type { SimulatorsConfig } from './config.ts';
import { startDataverse, type DataverseSimulator } from './dataverse/dataverse.ts';
import { letPeopleWork } from './people/people-at-work.ts';
import { keepPorts, keptPorts } from './store/kept-ports.ts';

export type Simulators = {
  dataverse: DataverseSimulator;
  campaign: CampaignSimulator;
  close(): Promise<void>;
};

/** Starts both simulators on the same data directory, at the addresses they had there before. */
export async function startSimulators(config: SimulatorsConfig): Promise<Simulators> {
  const { host, seed, callsKept, dataDirectory } = config;
  const ports = keptPorts(dataDirectory, {
    dataverse: config.dataverse,
    campaign: config.campaign,
  });
  const kept = dataDirectory === undefined ? {} : { dataDirectory };
  const dataverse = await startDataverse({
    ...{ host, seed, callsKept, ...kept, ...ports.dataverse },
    contacts: config.contacts,
    accounts: config.accounts,
    vehicles: config.vehicles,
    variety: config.variety,
  });
  const campaign = await startCampaign({
    ...{ host, seed, callsKept, ...kept, ...ports.campaign },
    actsPerMinute: config.actsPerMinute,
  });
  keepPorts(dataDirectory, {
    dataverse: { port: portOf(dataverse.url), controlPort: portOf(dataverse.controlUrl) },
    campaign: {
      port: portOf(campaign.url),
      controlPort: portOf(campaign.controlUrl),
      sftpPort: campaign.sftp.port,
    },
  });
  campaign.scheduleFiles(config.filesEveryS);
  const people = letPeopleWork(dataverse, config.changesPerMinute, seed);
  return {
    dataverse,
    campaign,
    close: async () => {
      people.stop();
      await Promise.all([dataverse.close(), campaign.close()]);
    },
  };
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}
