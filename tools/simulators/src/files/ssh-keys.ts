import { generateKeyPair } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import ssh2 from 'ssh2';

/**
 * Shape  both are private keys, RSA 2048 in PEM, as `ssh-keygen -m pem -t rsa` makes them: the
 *        client's and the server's own. (The Ed25519 keys that ssh2 makes are malformed at times.)
 */
export type SshKeys = { userKey: string; hostKey: string };

const rsaPair = promisify(generateKeyPair);
let made: Promise<SshKeys> | undefined;

/** The keys kept in `directory`, made at the first start; without one, the same for a process. */
export async function sshKeys(directory: string | undefined): Promise<SshKeys> {
  const file = directory === undefined ? null : join(directory, 'ssh-keys.json');
  if (file !== null && existsSync(file)) {
    return JSON.parse(readFileSync(file, 'utf8')) as SshKeys;
  }
  made ??= make();
  const keys = await made;
  if (file !== null) {
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, JSON.stringify(keys), { mode: 0o600 });
  }
  return keys;
}

async function make(): Promise<SshKeys> {
  const [userKey, hostKey] = await Promise.all([rsaKey(), rsaKey()]);
  return { userKey, hostKey };
}

async function rsaKey(): Promise<string> {
  const { privateKey } = await rsaPair('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'pkcs1', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  return privateKey;
}

/** `ssh-rsa AAAA…`, as a line of known_hosts or authorized_keys names a key. */
export function publicLine(privateKey: string): string {
  const key = parsed(privateKey);
  return `${key.type} ${key.getPublicSSH().toString('base64')}`;
}

/** Throws  Error when that is no private key. */
export function parsed(privateKey: string): ssh2.ParsedKey {
  const key = ssh2.utils.parseKey(privateKey);
  if (key instanceof Error) throw key;
  return key;
}
