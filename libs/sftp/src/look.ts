import type { Asking } from './ask.ts';
import type { SftpClient, SftpFile } from './sftp-client.ts';

/** Names under which files are written before they are whole, and markers that they are. */
const UNFINISHED = /^\.|\.(part|partial|filepart|tmp|temp|writing|done|ready)$/i;

/** Whether `name` fits `pattern`, where `*` stands for anything; case does not count. */
export function fitsPattern(name: string, pattern: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'i').test(name) && !UNFINISHED.test(name);
}

/**
 * The files that two looks, some time apart, found the same: whoever writes them seems to be done.
 * Oldest first, then by name, which Campaign stamps with the time.
 */
export function unchangedFiles(before: readonly SftpFile[], now: readonly SftpFile[]): SftpFile[] {
  const earlier = new Set(before.map(fingerprintOf));
  return now
    .filter((file) => file.size > 0 && earlier.has(fingerprintOf(file)))
    .toSorted((a, b) => a.modifiedAtS - b.modifiedAtS || (a.name < b.name ? -1 : 1));
}

/** Names a file's content as well as SFTP can: a file that is written again has another. */
export function fingerprintOf({ name, size, modifiedAtS }: SftpFile): string {
  return `${name}|${modifiedAtS}|${size}`;
}

/**
 * Whether the last line of a plain file is ended, since Campaign ends each. A gzip's end is checked
 * as it is read.
 */
export async function endsWhole(
  client: SftpClient,
  path: string,
  { size, signal }: Pick<SftpFile, 'size'> & Asking,
): Promise<boolean> {
  if (isGzip(path)) return true;
  let last = '';
  const tail = await client.read(path, { from: Math.max(0, size - 1), until: size, signal });
  for await (const bytes of tail) last = String(bytes);
  return last === '\n' || last === '\r';
}

export function isGzip(path: string): boolean {
  return /\.(gz|gzip)$/i.test(path);
}
