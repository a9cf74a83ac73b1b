import {
  type CampaignClient,
  createCampaignClient,
  createCampaignJournal,
  createCampaignTokens,
} from '@landbridge/campaign';
import type { Connections, EgressRun, ReplicaId } from '@landbridge/contracts';
import {
  createDynamicsClient,
  type DynamicsClient,
  type DynamicsWrites,
  isDynamicsError,
} from '@landbridge/dynamics';
import type { Bus } from '@landbridge/messaging';
import {
  type End,
  neededConnection,
  openConnections,
  openSystemGates,
  type Reader,
  RunFailedError,
} from '@landbridge/pipeline';
import { createSftpClient } from '@landbridge/sftp';
import type { Log } from '@landbridge/telemetry';
import type { EgressConfig } from './config.ts';
import { createFilesReader } from './reading/files.reader.ts';
import { createJournalReader } from './reading/journal.reader.ts';

/** The two systems of one run, each behind a limiter of its own, and the reader of its source. */
export type Ends = {
  dynamics: DynamicsClient & DynamicsWrites;
  campaign: Pick<CampaignClient, 'findByFilter' | 'resource'>;
  source: Reader;
  close(): Promise<void>;
};

export type EndsDeps = {
  bus: Bus;
  replica: ReplicaId;
  config: EgressConfig;
  log: Log;
};

type Closing = { close(): Promise<unknown> };

/**
 * Opens all clients with the run's own credentials and limits; nothing is sent yet.
 * Throws  RunFailedError (sealed with another key, or a connection is not set).
 */
export async function openEnds(
  run: EgressRun,
  { bus, replica, config, log }: EndsDeps,
): Promise<Ends> {
  const connections = await openConnections(run, config.key);
  const connection = neededConnection(connections, 'campaign');
  const toDynamics = neededConnection(connections, 'dynamics');
  const gates = openSystemGates(run, { bus, replica, config, log });
  const dynamics = createDynamicsClient({
    connection: toDynamics,
    gate: gates.dynamics.gate,
    connectionsMax: gates.dynamics.inFlightMax,
    createMultipleRowsMax: config.bulkRowsMax,
    log,
  });
  const tokens = createCampaignTokens(connection);
  const campaign = createCampaignClient({ connection, tokens, gate: gates.campaign.gate, log });
  const { reader, closing } = sourceOf(run, connections, { tokens, log });
  return {
    dynamics,
    campaign,
    source: reader,
    close: async () => {
      await Promise.all([dynamics, campaign, ...closing].map((client: Closing) => client.close()));
      await tokens.close();
      await gates.close();
    },
  };
}

function sourceOf(
  { instance, configuration }: EgressRun,
  connections: Connections,
  { tokens, log }: { tokens: ReturnType<typeof createCampaignTokens>; log: Log },
): { reader: Reader; closing: Closing[] } {
  if (configuration.source === 'files') {
    const client = createSftpClient({ connection: neededConnection(connections, 'sftp') });
    const reader = createFilesReader({ instance, client, configuration });
    // The client first: a file that is being read ends with it.
    return { reader, closing: [{ close: () => client.close().then(() => reader.close()) }] };
  }
  const campaign = neededConnection(connections, 'campaign');
  const { eventsUrl } = campaign;
  if (eventsUrl === undefined) {
    const message =
      'The connection "campaign" has no eventsUrl: the address of the Adobe I/O Events journal';
    throw new RunFailedError({
      code: 'configurationInvalid',
      system: 'landbridge',
      field: 'eventsUrl',
      message,
    });
  }
  const client = createCampaignJournal({ connection: { ...campaign, eventsUrl }, tokens, log });
  const reader = createJournalReader({ instance, address: eventsUrl, client, configuration });
  return { reader, closing: [client] };
}

/** Which end an error came from: Dynamics 365 is where egress writes to. */
export const endOf = (error: unknown): End => (isDynamicsError(error) ? 'destination' : 'source');
