import {
  createCampaignClient,
  createCampaignJournal,
  type CampaignClient,
  type CampaignJournal,
} from '@landbridge/campaign';
import type { CampaignConnection, DynamicsConnection, SftpConnection } from '@landbridge/contracts';
import {
  createDynamicsClient,
  type DynamicsClient,
  type DynamicsRights,
  type DynamicsWrites,
} from '@landbridge/dynamics';
import { createSftpClient, type SftpClient } from '@landbridge/sftp';
import type { Log } from '@landbridge/telemetry';

/** What the control plane asks of Dynamics 365: what there is, and whether it may read it. */
export type DynamicsReader = Pick<
  DynamicsClient,
  | 'whoAmI'
  | 'tables'
  | 'table'
  | 'readPage'
  | 'row'
  | 'rowsByIds'
  | 'lastModified'
  | 'totalCount'
  | 'countTo5000'
  | 'changeTrackingExpiryDays'
  | 'close'
> &
  Pick<DynamicsWrites, 'bindNames' | 'offersCreateMultiple'> &
  DynamicsRights;

/** What the control plane asks of Campaign. It changes no record: `patchByKey` is for keys of nobody. */
export type CampaignReader = Pick<
  CampaignClient,
  | 'ping'
  | 'resources'
  | 'resource'
  | 'probeAddressing'
  | 'getByKey'
  | 'findByFilter'
  | 'patchByKey'
  | 'count'
  | 'close'
>;

/** What the control plane asks of the SFTP server: whether files can be had and put aside. */
export type SftpReader = Pick<SftpClient, 'list' | 'makeFolder' | 'close'>;

/** What the control plane asks of the journal: whether it can be read. */
export type JournalReader = Pick<CampaignJournal, 'readJournal' | 'close'>;

export type JournalConnection = CampaignConnection & { eventsUrl: string };

/** Opens a client for a connection. Nothing is sent before its first operation. */
export interface Clients {
  dynamics: (connection: DynamicsConnection) => DynamicsReader;
  campaign: (connection: CampaignConnection) => CampaignReader;
  journal: (connection: JournalConnection) => JournalReader;
  sftp: (connection: SftpConnection) => SftpReader;
}

/** A person waits for the answer. */
const SFTP_TIMEOUTS = { connectTimeoutMs: 15_000, answerTimeoutMs: 15_000 };

/** Clients of the real systems. */
export const openClients = (log: Log): Clients => ({
  dynamics: (connection) => createDynamicsClient({ connection, log }),
  campaign: (connection) => createCampaignClient({ connection, log }),
  journal: (connection) => createCampaignJournal({ connection, log }),
  sftp: (connection) => createSftpClient({ connection, ...SFTP_TIMEOUTS }),
});
