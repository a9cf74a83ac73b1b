import { type CampaignClient, createCampaignClient, isCampaignError } from '@landbridge/campaign';
import type { IngressRun, ReplicaId } from '@landbridge/contracts';
import { createDynamicsClient } from '@landbridge/dynamics';
import type { Bus } from '@landbridge/messaging';
import { type End, neededConnection, openConnections, openSystemGates } from '@landbridge/pipeline';
import type { Log } from '@landbridge/telemetry';
import type { IngressConfig } from './config.ts';
import type { ReadingDeps } from './reading/reading-deps.ts';
import type { SchemaClients } from './schema/find-schema.ts';
import type { VerifyingDeps } from './verifying/verifying-deps.ts';
import type { RecordCalls } from './writing/campaign-records.ts';

/** The two systems of one run, each behind a limiter of its own. */
export type Ends = {
  dynamics: ReadingDeps['client'] & SchemaClients['dynamics'] & VerifyingDeps['dynamics'];
  campaign: RecordCalls &
    SchemaClients['campaign'] &
    VerifyingDeps['campaign'] &
    Pick<CampaignClient, 'probeAddressing'>;
  /** Tells one destination from another, for what is remembered of it. */
  destination: string;
  close(): Promise<void>;
};

export type EndsDeps = {
  bus: Bus;
  replica: ReplicaId;
  config: IngressConfig;
  log: Log;
  /** The wall clock, by which a day's budget ends. */
  now?: (() => Date) | undefined;
};

/**
 * Opens both clients with the run's own credentials and limits; nothing is sent yet.
 * Throws  RunFailedError (sealed with another key, or a connection is not set).
 */
export async function openEnds(
  run: IngressRun,
  { bus, replica, config, log, now }: EndsDeps,
): Promise<Ends> {
  const connections = await openConnections(run, config.key);
  const toDynamics = neededConnection(connections, 'dynamics');
  const toCampaign = neededConnection(connections, 'campaign');
  const gates = openSystemGates(run, { bus, replica, config, log, now });
  const dynamics = createDynamicsClient({
    connection: toDynamics,
    gate: gates.dynamics.gate,
    connectionsMax: gates.dynamics.inFlightMax,
    log,
  });
  const campaign = createCampaignClient({
    connection: toCampaign,
    gate: gates.campaign.gate,
    connectionsMax: gates.campaign.inFlightMax,
    log,
  });
  return {
    dynamics,
    campaign,
    destination: `${toCampaign.url} ${toCampaign.organizationId}`,
    close: async () => {
      await Promise.all([dynamics.close(), campaign.close()]);
      await gates.close();
    },
  };
}

/** Which end an error came from: Campaign is where ingress writes to. */
export const endOf = (error: unknown): End => (isCampaignError(error) ? 'destination' : 'source');
