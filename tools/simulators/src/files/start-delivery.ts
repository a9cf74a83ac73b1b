import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CampaignState } from '../campaign/campaign-state.ts';
import type { CallLog } from '../control/call-log.ts';
import type { FaultBook } from '../control/fault-book.ts';
import type { MailLog } from '../mail/mail-log.ts';
import { CampaignFiles } from './campaign-files.ts';
import { FileDrop } from './file-drop.ts';
import { SftpServer } from './sftp-server.ts';
import { publicLine, sshKeys } from './ssh-keys.ts';

/** Ready to PUT as the API's `sftp` connection; `hostKey` is a line as known_hosts has it. */
export type SftpConnectionBody = {
  host: string;
  port: number;
  user: string;
  privateKey: string;
  hostKey: string;
  directory: string;
};

/** The folder that the manual lets an administrator make by hand. */
const DIRECTORY = 'd365_loads/exports';
const USER = 'demo';

export type DeliveryOptions = {
  host: string;
  sftpPort?: number;
  dataDirectory?: string;
  faults: FaultBook;
  log: CallLog;
};

export type Delivery = {
  files: CampaignFiles;
  server: SftpServer;
  connection: SftpConnectionBody;
  close: () => Promise<void>;
};

/** Starts SFTP on its own port, with the folder that Campaign's workflows write to. */
export async function startDelivery(
  state: CampaignState,
  mail: MailLog,
  options: DeliveryOptions,
): Promise<Delivery> {
  const { host, dataDirectory, faults, log } = options;
  const root =
    dataDirectory === undefined
      ? mkdtempSync(join(tmpdir(), 'landbridge-sftp-'))
      : join(dataDirectory, 'sftp');
  const drop = new FileDrop(join(root, DIRECTORY), () => state.switches);
  const files = new CampaignFiles(state, mail, drop);
  const keys = await sshKeys(dataDirectory);
  const server = new SftpServer({
    ...{ host, user: USER, keys, root, faults, log },
    port: options.sftpPort ?? 0,
  });
  await server.open();
  return {
    files,
    server,
    connection: {
      ...{ host, port: server.port, user: USER, directory: DIRECTORY },
      privateKey: keys.userKey,
      hostKey: publicLine(keys.hostKey),
    },
    close: async () => {
      files.stop();
      drop.stop();
      await server.shut();
      if (dataDirectory === undefined) rmSync(root, { recursive: true, force: true });
    },
  };
}
