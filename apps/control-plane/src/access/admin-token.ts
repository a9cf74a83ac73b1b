import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { chmod, link, mkdir, open, readFile, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '@landbridge/telemetry';
import type { Authenticator } from './authenticator.ts';
import { LOCAL_ADMINISTRATOR } from './principal.ts';

const TOKEN_FILE = 'admin-token';
const TOKEN_BYTES = 32;
const TOKEN = /^[A-Za-z0-9_-]{43,}$/;
const OWNER_ONLY = 0o600;

/** The token, and the file that keeps it from one start to the next. */
export interface AdminToken {
  token: string;
  path: string;
  /** This start made it: the moment to show it once. */
  isNew: boolean;
}

const isCode = (error: unknown, code: string): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === code;

/** Written whole under another name, then linked: nobody reads half, the first of two wins. */
async function createFile(folder: string, path: string): Promise<boolean> {
  const draft = join(folder, `.${TOKEN_FILE}-${randomUUID()}`);
  const file = await open(draft, 'wx', OWNER_ONLY);
  try {
    await file.writeFile(`${randomBytes(TOKEN_BYTES).toString('base64url')}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
    return false;
  } finally {
    await unlink(draft);
  }
}

async function readToken(path: string): Promise<string | null> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null;
    throw error;
  }
}

/**
 * The administrator's bearer token for scripts: made on the first start in `folder`, kept in a
 * file that only its owner reads, and the same on every later start.
 * Throws  Error when the file holds something else than a token.
 */
export async function openAdminToken(folder: string, log: Log): Promise<AdminToken> {
  const path = join(folder, TOKEN_FILE);
  await mkdir(folder, { recursive: true });
  const isNew = (await readToken(path)) === null && (await createFile(folder, path));
  const token = await readToken(path);
  if (token === null || !TOKEN.test(token)) {
    throw new Error(`${path} does not hold a token; delete the file to get a new one`);
  }
  if (((await stat(path)).mode & 0o077) !== 0) {
    log.warn({ path }, 'others could read the administrator’s token; closing the file to them');
    await chmod(path, OWNER_ONLY);
  }
  return { token, path, isNew };
}

const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Equal length whatever was sent, compared in constant time. */
const isSame = (one: Buffer, other: Buffer): boolean => timingSafeEqual(one, other);

/** Knows the holder of the administrator's token; refuses every other bearer token. */
export function bearerAuthenticator(token: string): Authenticator {
  const expected = digestOf(token);
  return async (request) => {
    const header = request.headers.authorization;
    if (header === undefined) return { kind: 'absent' };
    const sent = /^Bearer +(\S+)$/i.exec(header)?.[1];
    if (sent === undefined || !isSame(digestOf(sent), expected)) return { kind: 'refused' };
    return {
      kind: 'known',
      by: 'bearer',
      principal: { ...LOCAL_ADMINISTRATOR, kind: 'token', expiresAt: null },
    };
  };
}
