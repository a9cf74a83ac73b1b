import { type CampaignClient, createCampaignClient } from '@landbridge/campaign';
import type { OptinRun, ReplicaId } from '@landbridge/contracts';
import {
  createDynamicsClient,
  type DynamicsClient,
  type DynamicsWrites,
  isDynamicsError,
} from '@landbridge/dynamics';
import type { Bus } from '@landbridge/messaging';
import { type End, neededConnection, openConnections, openSystemGates } from '@landbridge/pipeline';
import { createSftpClient, type SftpClient } from '@landbridge/sftp';
import type { Log } from '@landbridge/telemetry';
import type { OptinConfig } from './config.ts';

/** The two systems of one run, each behind a limiter of its own, and Campaign's files. */
export type Ends = {
  dynamics: Pick<
    DynamicsClient & DynamicsWrites,
    'table' | 'row' | 'readPage' | 'readModifiedSince' | 'changeRow'
  >;
  campaign: Pick<
    CampaignClient,
    | 'resource'
    | 'probeAddressing'
    | 'getByKey'
    | 'findByFilter'
    | 'patchHref'
    | 'patchByKey'
    | 'page'
  >;
  /** null: the run reads no files. */
  sftp: SftpClient | null;
  close(): Promise<void>;
};

/**
 * Opens the clients with the run's own credentials and limits; nothing is sent yet.
 * Throws  RunFailedError (sealed with another key, or a connection is not set).
 */
export async function openEnds(
  run: OptinRun,
  deps: { bus: Bus; replica: ReplicaId; config: OptinConfig; log: Log },
): Promise<Ends> {
  const { bus, replica, config, log } = deps;
  const connections = await openConnections(run, config.key);
  const files =
    run.configuration.source === 'export' ? neededConnection(connections, 'sftp') : null;
  const toDynamics = neededConnection(connections, 'dynamics');
  const toCampaign = neededConnection(connections, 'campaign');
  const gates = openSystemGates(run, { bus, replica, config, log });
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
  const sftp = files === null ? null : createSftpClient({ connection: files });
  return {
    dynamics,
    campaign,
    sftp,
    close: async () => {
      await Promise.all([dynamics.close(), campaign.close(), sftp?.close()]);
      await gates.close();
    },
  };
}

/** Which end an error came from: Dynamics 365 counts as the destination, as it does for the calls. */
export const endOf = (error: unknown): End => (isDynamicsError(error) ? 'destination' : 'source');
