import { Connections } from '@landbridge/contracts';
import { CompactEncrypt, compactDecrypt } from 'jose';
import { SealBroken } from './errors.ts';

const KEY_BYTES = 32;

/**
 * The connections as a JWE (`dir`, A256GCM) that only holders of the key can open.
 * Shape   `key` is `LANDBRIDGE_KEY`: base64url of 32 bytes.
 * Throws  SealBroken (not such a key).
 */
export async function seal(connections: Connections, key: string): Promise<string> {
  const plain = new TextEncoder().encode(JSON.stringify(Connections.parse(connections)));
  return new CompactEncrypt(plain)
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
    .encrypt(keyBytes(key));
}

/**
 * What `seal` sealed.
 * Throws  SealBroken (another key, changed on the way, or not a sealed value at all).
 */
export async function unseal(jwe: string, key: string): Promise<Connections> {
  const bytes = keyBytes(key);
  const options = { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] };
  const opened = await compactDecrypt(jwe, bytes, options).catch((cause: unknown) => {
    throw new SealBroken('The sealed connections cannot be opened with LANDBRIDGE_KEY', { cause });
  });
  const parsed = Connections.safeParse(parseJson(opened.plaintext));
  if (parsed.success) return parsed.data;
  throw new SealBroken('The sealed value holds no connections');
}

function keyBytes(key: string): Uint8Array {
  const bytes = new Uint8Array(Buffer.from(key, 'base64url'));
  if (bytes.length === KEY_BYTES) return bytes;
  throw new SealBroken(
    `LANDBRIDGE_KEY must be ${KEY_BYTES} bytes in base64url, not ${bytes.length}`,
  );
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null;
  }
}
