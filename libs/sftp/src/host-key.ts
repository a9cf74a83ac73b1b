import { createHash } from 'node:crypto';

/**
 * Whether the key that a server shows is the pinned one. `pinned`: a line of known_hosts or of a
 * public key file, the key alone in base64, or its fingerprint `SHA256:…`; several lines are
 * several keys.
 */
export function isPinned(pinned: string, shown: Buffer): boolean {
  const base64 = shown.toString('base64');
  const fingerprint = createHash('sha256').update(shown).digest('base64').replace(/=+$/, '');
  return pinned
    .split(/\r?\n/)
    .flatMap((line) => line.trim().split(/\s+/))
    .some((word) => word === base64 || word.replace(/=+$/, '') === `SHA256:${fingerprint}`);
}
