/** Both simulators as a process; prints one line of JSON: connections and control addresses. */
import { once } from 'node:events';
import { readConfig } from './config.ts';
import { startSimulators } from './start-simulators.ts';

const simulators = await startSimulators(readConfig(process.env));
const { dataverse, campaign } = simulators;
process.stdout.write(
  `${JSON.stringify({
    dynamics: dataverse.connection,
    campaign: campaign.connection,
    sftp: campaign.sftp,
    control: { dataverse: dataverse.controlUrl, campaign: campaign.controlUrl },
  })}\n`,
);
await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
await simulators.close();
