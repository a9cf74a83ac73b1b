import { createHash } from 'node:crypto';
import type { CampaignAddressing } from '@landbridge/campaign';
import type {
  CampaignResourceMetadata,
  CampaignResourceSummary,
  Connections,
  DynamicsTableMetadata,
  DynamicsTableSummary,
  InstanceId,
} from '@landbridge/contracts';
import type { BindName } from '@landbridge/dynamics';
import type { ControlPlane } from '../control-plane.ts';
import { HttpProblem } from '../problems.ts';
import { openBriefMemory } from './brief-memory.ts';
import type { CampaignReader, Clients, DynamicsReader } from './clients.ts';
import { countTable, type TableCount } from './table-count.ts';

/** How long the two systems' metadata is taken as it was read, milliseconds. */
const METADATA_LIFE_MS = 60_000;
/** How long it is remembered how a resource's records are addressed; asking costs calls. */
const ADDRESSING_LIFE_MS = 10 * 60_000;
/** A person waits for the answer. */
const ANSWER_WITHIN_MS = 30_000;

type SystemName = 'dynamics' | 'campaign';

/** What to read, and whether what was read a moment ago will do. */
export interface MetadataRequest {
  instance: InstanceId;
  fresh: boolean;
}

/** A client, and what changes when its connection does. */
export interface Line<Reader> {
  client: Reader;
  fingerprint: string;
}

/**
 * The two systems of each instance; their metadata is kept for a minute.
 * Throws  HttpProblem (the connection is not set, or no answer in time) and the clients' errors.
 */
export interface Systems {
  /** The systems whose connection is set. */
  connected(instance: InstanceId): Promise<Record<SystemName, boolean>>;
  dynamics(instance: InstanceId): Promise<Line<DynamicsReader>>;
  campaign(instance: InstanceId): Promise<Line<CampaignReader>>;
  dynamicsTables(request: MetadataRequest): Promise<DynamicsTableSummary[]>;
  dynamicsTable(table: string, request: MetadataRequest): Promise<DynamicsTableMetadata>;
  /** Where a table's lookups lead, and under which name a write binds them. */
  dynamicsBinds(table: string, instance: InstanceId): Promise<BindName[]>;
  /** How many rows a table has; a count that is told to a person as one of now must be fresh. */
  dynamicsCount(table: string, request: MetadataRequest): Promise<TableCount>;
  /** How many records Campaign shows of a resource; null: it does not say. */
  campaignCount(resource: string, request: MetadataRequest): Promise<number | null>;
  campaignResources(request: MetadataRequest): Promise<CampaignResourceSummary[]>;
  campaignResource(resource: string, request: MetadataRequest): Promise<CampaignResourceMetadata>;
  /** How a resource's records are found by a key; null: they are not. */
  campaignAddressing(
    metadata: CampaignResourceMetadata,
    keyField: string,
    instance: InstanceId,
  ): Promise<CampaignAddressing | null>;
  close(): Promise<void>;
}

export interface SystemsOptions {
  controlPlane: Pick<ControlPlane, 'connections'>;
  clients: Clients;
  now?: () => number;
}

/** Tells connections apart without keeping their secrets a second time. */
const fingerprintOf = (connection: object): string =>
  createHash('sha256').update(JSON.stringify(connection)).digest('base64');

/** Gives `ask` a signal that aborts when a person would no longer wait. */
export async function inTime<Value>(ask: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
  try {
    return await ask(signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    const detail = `There was no answer within ${ANSWER_WITHIN_MS / 1_000} seconds.`;
    throw new HttpProblem({ kind: 'system-unreachable', detail }, { cause: error });
  }
}

/** One client for each instance, opened anew when the connection changed. */
function openLines<Name extends SystemName, Reader extends { close(): Promise<void> }>(
  name: Name,
  open: (connection: NonNullable<Connections[Name]>) => Reader,
  connections: ControlPlane['connections'],
) {
  const lines = new Map<InstanceId, Line<Reader>>();
  return {
    to: async (instance: InstanceId): Promise<Line<Reader>> => {
      const connection = (await connections.reveal(instance))[name];
      if (connection === undefined) {
        const detail = `The connection ${name} of this instance is not set.`;
        throw new HttpProblem({ kind: 'connection-missing', detail });
      }
      const known = lines.get(instance);
      const fingerprint = fingerprintOf(connection);
      if (known?.fingerprint === fingerprint) return known;
      const line = { fingerprint, client: open(connection) };
      lines.set(instance, line);
      void known?.client.close();
      return line;
    },
    close: async () => {
      await Promise.all([...lines.values()].map(({ client }) => client.close()));
    },
  };
}

/** Opens nothing yet: the first request for an instance opens its client. */
export function openSystems({ controlPlane, clients, now = Date.now }: SystemsOptions): Systems {
  const { connections } = controlPlane;
  const dynamics = openLines('dynamics', clients.dynamics, connections);
  const campaign = openLines('campaign', clients.campaign, connections);
  const tables = openBriefMemory<DynamicsTableSummary[]>(METADATA_LIFE_MS, now);
  const table = openBriefMemory<DynamicsTableMetadata>(METADATA_LIFE_MS, now);
  const counts = openBriefMemory<TableCount>(METADATA_LIFE_MS, now);
  const campaignCounts = openBriefMemory<number | null>(METADATA_LIFE_MS, now);
  const resources = openBriefMemory<CampaignResourceSummary[]>(METADATA_LIFE_MS, now);
  const resource = openBriefMemory<CampaignResourceMetadata>(METADATA_LIFE_MS, now);
  const addressings = openBriefMemory<CampaignAddressing | null>(ADDRESSING_LIFE_MS, now);
  const valueOf = async <Value>(reply: Promise<{ value: Value }>) => (await reply).value;
  const dynamicsTable: Systems['dynamicsTable'] = async (name, { instance, fresh }) => {
    const { client, fingerprint } = await dynamics.to(instance);
    return table.recall(`${fingerprint} ${name}`, fresh, () =>
      inTime((signal) => valueOf(client.table(name, { signal }))),
    );
  };
  const campaignResource: Systems['campaignResource'] = async (name, { instance, fresh }) => {
    const { client, fingerprint } = await campaign.to(instance);
    return resource.recall(`${fingerprint} ${name}`, fresh, () =>
      inTime((signal) => valueOf(client.resource(name, { signal }))),
    );
  };
  return {
    connected: async (instance) => {
      const set = await connections.reveal(instance);
      return { dynamics: set.dynamics !== undefined, campaign: set.campaign !== undefined };
    },
    dynamics: (instance) => dynamics.to(instance),
    campaign: (instance) => campaign.to(instance),
    dynamicsTables: async ({ instance, fresh }) => {
      const { client, fingerprint } = await dynamics.to(instance);
      return tables.recall(fingerprint, fresh, () =>
        inTime((signal) => valueOf(client.tables({ signal }))),
      );
    },
    dynamicsTable,
    dynamicsBinds: async (name, instance) => {
      const { client } = await dynamics.to(instance);
      return inTime((signal) => valueOf(client.bindNames(name, { signal })));
    },
    dynamicsCount: async (name, { instance, fresh }) => {
      const { client, fingerprint } = await dynamics.to(instance);
      const metadata = await dynamicsTable(name, { instance, fresh: false });
      return counts.recall(`${fingerprint} ${name}`, fresh, () =>
        inTime((signal) => countTable(client, metadata, signal)),
      );
    },
    campaignCount: async (name, { instance, fresh }) => {
      const { client, fingerprint } = await campaign.to(instance);
      const metadata = await campaignResource(name, { instance, fresh: false });
      return campaignCounts.recall(`${fingerprint} ${name}`, fresh, () =>
        inTime((signal) => valueOf(client.count(metadata, { signal }))),
      );
    },
    campaignResources: async ({ instance, fresh }) => {
      const { client, fingerprint } = await campaign.to(instance);
      return resources.recall(fingerprint, fresh, () =>
        inTime((signal) => valueOf(client.resources({ signal }))),
      );
    },
    campaignResource,
    campaignAddressing: async (metadata, keyField, instance) => {
      const { client, fingerprint } = await campaign.to(instance);
      return addressings.recall(`${fingerprint} ${metadata.resource} ${keyField}`, false, () =>
        inTime((signal) => valueOf(client.probeAddressing(metadata, keyField, { signal }))),
      );
    },
    close: async () => {
      await Promise.all([dynamics.close(), campaign.close()]);
    },
  };
}
