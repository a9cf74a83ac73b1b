import type { FileAfterwards } from '@landbridge/contracts';
import type { Asking } from './ask.ts';
import { SftpRefused } from './errors.ts';
import type { SftpClient, SftpFile } from './sftp-client.ts';

/**
 * Does with a file what is configured for those whose rows are settled. One that is gone already is
 * done with. In the archive nothing is overwritten: a second file of the name gets its time and
 * size added.
 */
export async function disposeOf(
  client: SftpClient,
  file: SftpFile,
  how: { folder: string; afterwards: FileAfterwards; archiveFolder: string } & Asking,
): Promise<void> {
  const { signal } = how;
  const within = (...names: string[]) => [how.folder, ...names].filter(Boolean).join('/');
  const path = within(file.name);
  try {
    if (how.afterwards === 'delete') await client.remove(path, { signal });
    if (how.afterwards !== 'archive') return;
    await client.makeFolder(within(how.archiveFolder), { signal });
    try {
      await client.rename(path, within(how.archiveFolder, file.name), { signal });
    } catch (error) {
      if (!(error instanceof SftpRefused) || error.kind !== 'failed') throw error;
      const name = `${file.name}.${file.modifiedAtS}-${file.size}`;
      await client.rename(path, within(how.archiveFolder, name), { signal });
    }
  } catch (error) {
    if (!(error instanceof SftpRefused) || error.kind !== 'notFound') throw error;
  }
}
