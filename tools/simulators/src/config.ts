import { z } from 'zod';

const Port = z.coerce.number().int().min(0).max(65_535).default(0);
const Seconds = z.coerce.number().min(0).max(86_400).default(0);
const Count = z.coerce.number().int().min(0).max(10_000_000);

const Environment = z.object({
  LANDBRIDGE_SIMULATORS_HOST: z.string().default('127.0.0.1'),
  LANDBRIDGE_DATAVERSE_PORT: Port,
  LANDBRIDGE_DATAVERSE_CONTROL_PORT: Port,
  LANDBRIDGE_CAMPAIGN_PORT: Port,
  LANDBRIDGE_CAMPAIGN_CONTROL_PORT: Port,
  LANDBRIDGE_SFTP_PORT: Port,
  LANDBRIDGE_SIMULATORS_CONTACTS: Count.default(5_000),
  LANDBRIDGE_SIMULATORS_ACCOUNTS: Count.default(200),
  LANDBRIDGE_SIMULATORS_VEHICLES: Count.default(500),
  LANDBRIDGE_SIMULATORS_SEED: z.coerce.number().int().default(1),
  /** How many of the newest calls each log keeps; its counts are exact whatever it keeps. */
  LANDBRIDGE_SIMULATORS_CALLS_KEPT: Count.min(1).default(200_000),
  LANDBRIDGE_SIMULATORS_DATA: z.string().min(1).optional(),
  LANDBRIDGE_SIMULATORS_VARIETY: z.enum(['plain', 'edges']).default('plain'),
  /** How many changes a minute people make by themselves; 0: none. */
  LANDBRIDGE_SIMULATORS_CHANGES_PER_MINUTE: z.coerce.number().min(0).max(60_000).default(0),
  /** How many things a minute people do with their mail by themselves; 0: none. */
  LANDBRIDGE_SIMULATORS_ACTS_PER_MINUTE: z.coerce.number().min(0).max(6_000_000).default(0),
  /** Every how many seconds the workflows write log files and the opt-out export; 0: never. */
  LANDBRIDGE_SIMULATORS_LOGS_EVERY_S: Seconds,
  LANDBRIDGE_SIMULATORS_OPT_OUTS_EVERY_S: Seconds,
});

export type SimulatorsConfig = {
  host: string;
  dataverse: { port: number; controlPort: number };
  campaign: { port: number; controlPort: number; sftpPort: number };
  contacts: number;
  accounts: number;
  vehicles: number;
  seed: number;
  callsKept: number;
  dataDirectory: string | undefined;
  variety: 'plain' | 'edges';
  changesPerMinute: number;
  actsPerMinute: number;
  filesEveryS: { logs: number; optOuts: number };
};

/** Reads the environment. Throws  ZodError that names every fault at once. */
export function readConfig(environment: NodeJS.ProcessEnv): SimulatorsConfig {
  const read = Environment.parse(environment);
  return {
    host: read.LANDBRIDGE_SIMULATORS_HOST,
    dataverse: {
      port: read.LANDBRIDGE_DATAVERSE_PORT,
      controlPort: read.LANDBRIDGE_DATAVERSE_CONTROL_PORT,
    },
    campaign: {
      port: read.LANDBRIDGE_CAMPAIGN_PORT,
      controlPort: read.LANDBRIDGE_CAMPAIGN_CONTROL_PORT,
      sftpPort: read.LANDBRIDGE_SFTP_PORT,
    },
    contacts: read.LANDBRIDGE_SIMULATORS_CONTACTS,
    accounts: read.LANDBRIDGE_SIMULATORS_ACCOUNTS,
    vehicles: read.LANDBRIDGE_SIMULATORS_VEHICLES,
    seed: read.LANDBRIDGE_SIMULATORS_SEED,
    callsKept: read.LANDBRIDGE_SIMULATORS_CALLS_KEPT,
    dataDirectory: read.LANDBRIDGE_SIMULATORS_DATA,
    variety: read.LANDBRIDGE_SIMULATORS_VARIETY,
    changesPerMinute: read.LANDBRIDGE_SIMULATORS_CHANGES_PER_MINUTE,
    actsPerMinute: read.LANDBRIDGE_SIMULATORS_ACTS_PER_MINUTE,
    filesEveryS: {
      logs: read.LANDBRIDGE_SIMULATORS_LOGS_EVERY_S,
      optOuts: read.LANDBRIDGE_SIMULATORS_OPT_OUTS_EVERY_S,
    },
  };
}
