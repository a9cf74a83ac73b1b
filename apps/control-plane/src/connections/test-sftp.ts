import type {
  ConnectionTest,
  EgressConfiguration,
  OptinConfiguration,
  SftpConnection,
} from '@landbridge/contracts';
import { SftpRefused, SftpUnreachable } from '@landbridge/sftp';
import type { SftpReader } from '../metadata/clients.ts';
import { runSteps, type Explain, type Step } from './checks.ts';

/** What Adobe's Control Panel, or whoever keeps the server, must be asked to do. */
const REMEDIES: Readonly<Record<SftpRefused['kind'], string>> = {
  credentials:
    'Check the user, and install the public half of this key on the server: for Campaign’s own SFTP in the Control Panel, SFTP, Key Management.',
  hostKey:
    'The server shows another key than the hostKey that is set. If the server was changed on purpose, ask its keeper for the new key and save it here; if not, do not connect.',
  keyUnreadable: 'Save the private key again: whole, in PEM or OpenSSH form, without a passphrase.',
  forbidden: 'Give the user the right to list, read, write and rename in this directory.',
  notFound:
    'Make the folder on the server, or correct its name in the connection or configuration.',
  failed: 'Ask the keeper of the server for the reason: its log has it.',
};

const UNREACHABLE_REMEDY =
  'Check host and port, and that this server’s address is on the SFTP server’s allow list: for Campaign’s own in the Control Panel, SFTP, IP allowlisting.';

const explain: Explain = (error) => {
  if (error instanceof SftpRefused) {
    return { message: `${error.message}.`, remedy: REMEDIES[error.kind] };
  }
  if (error instanceof SftpUnreachable) {
    return { message: `${error.message}.`, remedy: UNREACHABLE_REMEDY };
  }
  return null;
};

/** The folders that the two workflows read from, if they read files at all. */
export type SftpUses = {
  egress: Pick<EgressConfiguration, 'source' | 'files'>;
  optin: Pick<OptinConfiguration, 'direction' | 'source' | 'export'>;
};

type Place = Pick<EgressConfiguration['files'], 'folder' | 'afterwards' | 'archiveFolder'>;

/** Tries what is needed of the SFTP server; at most an archive's folder is made. */
export function testSftp(
  client: SftpReader,
  { hostKey }: Pick<SftpConnection, 'hostKey'>,
  uses: SftpUses,
): Promise<ConnectionTest> {
  const places: Place[] = [
    ...(uses.egress.source === 'files' ? [uses.egress.files] : []),
    ...(uses.optin.source === 'export' && uses.optin.direction !== 'disabled'
      ? [uses.optin.export]
      : []),
  ];
  const pinned =
    hostKey === undefined
      ? 'No hostKey is set, so that any server at this address is taken for it: save one.'
      : 'The server shows the key that is set.';
  const steps: Step[] = [
    {
      check: 'signIn',
      isFoundation: true,
      tryIt: async () => {
        const files = await client.list('');
        return `The directory has ${files.length} files. ${pinned}`;
      },
    },
    ...places.flatMap((place) => stepsOfPlace(client, place)),
  ];
  return runSteps(steps, explain);
}

function stepsOfPlace(client: SftpReader, place: Place): Step[] {
  const { folder, afterwards } = place;
  const named = folder === '' ? 'the directory' : folder;
  const list: Step = {
    check: `list:${folder}`,
    tryIt: async () => `${(await client.list(folder)).length} files are in ${named}.`,
  };
  if (afterwards === 'keep') return [list];
  if (afterwards === 'delete') {
    const message = `Not tried: it would take a file away from ${named}.`;
    return [list, { check: `delete:${folder}`, tryIt: async () => message }];
  }
  const archive = [folder, place.archiveFolder].filter(Boolean).join('/');
  const write: Step = {
    check: `write:${archive}`,
    tryIt: async () => {
      await client.makeFolder(archive);
      return `${archive} is there for the files that are done.`;
    },
  };
  return [list, write];
}
