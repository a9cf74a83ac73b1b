import type { Database } from './database.ts';
import type { DataverseSwitches } from './dataverse-switches.schema.ts';

/** What the parts of the Dataverse stand-in share. */
export type Environment = {
  db: Database;
  switches: DataverseSwitches;
  /** `http://host:port/api/data/v9.2/`, as links in replies begin. */
  api: () => string;
  tenantId: string;
  clientId: string;
  clientSecret: string;
  secretExpired: boolean;
  applicationUser: boolean;
  ids: SystemIds;
  tokenLifetimeS: number;
};

/** Ids of rows that are there from the beginning. */
export type SystemIds = {
  organization: string;
  user: string;
  team: string;
  businessUnit: string;
  currency: string;
};
