import type { EgressConfiguration } from '@landbridge/contracts';
import type { LogKind } from '@landbridge/mapping';
import {
  type Asking,
  disposeOf,
  endsWhole,
  fingerprintOf,
  fitsPattern,
  type SftpClient,
  type SftpFile,
  unchangedFiles,
} from '@landbridge/sftp';
import type { FilesCursor } from './files-cursor.ts';

/** Files that one look may bring; the others come with a later one. */
const READY_MAX = 200;
/** A file without an end to its last line is taken as whole when nobody wrote to it for so long. */
const SETTLED_AFTER_MS = 10 * 60_000;

export type LogFolder = {
  client: SftpClient;
  files: EgressConfiguration['files'];
  nowMs: () => number;
};

export const pathOf = ({ files }: LogFolder, name: string): string =>
  files.folder === '' ? name : `${files.folder}/${name}`;

/** Which log a file holds by its name; null: it is none of ours. */
export function logKindOf({ files }: LogFolder, name: string): LogKind | null {
  if (fitsPattern(name, files.deliveryLogs)) return 'delivery';
  return fitsPattern(name, files.trackingLogs) ? 'tracking' : null;
}

/** Looks at the folder; what two looks found unchanged is ready to be read. */
export async function lookAgain(
  folder: LogFolder,
  at: FilesCursor,
  asking: Asking,
): Promise<FilesCursor> {
  const { client, files, nowMs } = folder;
  const listed = await client.list(files.folder, asking);
  const ours = listed.filter(({ name }) => logKindOf(folder, name) !== null);
  const kept = at.kept.filter((known) => ours.some((file) => fingerprintOf(file) === known));
  const open = ours.filter((file) => !kept.includes(fingerprintOf(file)));
  const ready: SftpFile[] = [];
  for (const file of unchangedFiles(at.look?.files ?? [], open)) {
    if (ready.length === READY_MAX) break;
    if (await isWhole(folder, file, asking)) ready.push(file);
  }
  const unreadable = at.unreadable.filter((known) => kept.includes(known));
  return { ...at, look: { atMs: nowMs(), files: open }, ready, line: 0, kept, unreadable };
}

async function isWhole(folder: LogFolder, file: SftpFile, { signal }: Asking): Promise<boolean> {
  if (folder.nowMs() - file.modifiedAtS * 1_000 > SETTLED_AFTER_MS) return true;
  return endsWhole(folder.client, pathOf(folder, file.name), { ...file, signal });
}

/** Archives, deletes or remembers a file whose rows are all queued; one of its name that came since stays. */
export async function finish(
  folder: LogFolder,
  file: SftpFile,
  { kept, signal }: { kept: string[] } & Asking,
): Promise<string[]> {
  const { client, files } = folder;
  if (files.afterwards === 'keep') return [...kept, fingerprintOf(file)];
  const listed = await client.list(files.folder, { signal });
  const present = listed.find(({ name }) => name === file.name);
  if (present !== undefined && fingerprintOf(present) === fingerprintOf(file)) {
    await disposeOf(client, file, { ...files, signal });
  }
  return kept;
}
