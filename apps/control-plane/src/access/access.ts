import type { Log } from '@landbridge/telemetry';
import { bearerAuthenticator, openAdminToken } from './admin-token.ts';
import type { Authenticator } from './authenticator.ts';
import { cookieAuthenticator, openSessions, type Sessions } from './sessions.ts';
import { openSignInLinks } from './sign-in-links.ts';

/** How people and scripts show who they are. */
export interface Access {
  authenticators: readonly Authenticator[];
  sessions: Sessions;
  /** The file with the administrator's token, for people to be told of. Not the token. */
  adminTokenPath: string;
  /** The administrator's token if this start made it, to be shown once; else null. */
  newAdminToken: string | null;
  /** A link under `origin` that signs the administrator in, once and within the hour. */
  newSignInLink(origin: string): string;
  redeemSignInCode(code: string): boolean;
}

/** `dataFolder` keeps the administrator's token; `key` is LANDBRIDGE_KEY, 32 bytes. */
export interface AccessOptions {
  key: Uint8Array;
  dataFolder: string;
  log: Log;
  now?: () => Date;
}

/** Access for one local administrator, by bearer token or by a browser's session. */
export async function openAccess(options: AccessOptions): Promise<Access> {
  const { token, path, isNew } = await openAdminToken(options.dataFolder, options.log);
  const sessions = openSessions(options.key, options.now);
  const links = openSignInLinks(options.now);
  return {
    authenticators: [bearerAuthenticator(token), cookieAuthenticator(sessions)],
    sessions,
    adminTokenPath: path,
    newAdminToken: isNew ? token : null,
    newSignInLink: (origin) => links.create(origin),
    redeemSignInCode: (code) => links.redeem(code),
  };
}

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|localhost)$/;

/** Says so when the API can be reached from other machines, in clear text. */
export function warnUnlessLoopback(host: string, log: Log): void {
  if (LOOPBACK.test(host)) return;
  log.warn(
    { host },
    'listening beyond this machine without TLS; put a proxy that ends TLS in front of it',
  );
}
