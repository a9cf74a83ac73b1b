import { createHash, hkdfSync } from 'node:crypto';
import { jwtVerify, SignJWT, errors } from 'jose';
import { z } from 'zod';
import type { Authenticator } from './authenticator.ts';
import { Grants, type Principal } from './principal.ts';

/**
 * Cookies do not tell ports apart: each installation's has a name of its own, so that several on
 * one machine do not sign each other out.
 */
export const SESSION_COOKIE_PREFIX = 'landbridge_session';

/** A working day: long enough not to interrupt, short enough for a lost laptop. */
const SESSION_SECONDS = 12 * 60 * 60;
const ISSUER = 'landbridge';
const KEY_INFO = 'landbridge session cookie v1';

const Claims = z.object({ sub: z.string(), name: z.string(), grants: Grants, exp: z.int() });

/** Proofs that a browser was signed in; any control plane with the same key knows them. */
export interface Sessions {
  cookieName: string;
  issue(principal: Principal): Promise<{ cookie: string; expiresAt: Date }>;
  /** Null: not one of ours, changed, or ended. */
  read(cookie: string): Promise<Principal | null>;
}

/** `key` is LANDBRIDGE_KEY, 32 bytes; cookies are signed with another key derived from it. */
export function openSessions(key: Uint8Array, now: () => Date = () => new Date()): Sessions {
  const signingKey = new Uint8Array(hkdfSync('sha256', key, new Uint8Array(), KEY_INFO, 32));
  const mark = createHash('sha256').update(signingKey).digest('hex').slice(0, 8);
  return {
    cookieName: `${SESSION_COOKIE_PREFIX}_${mark}`,
    issue: async (principal) => {
      const issuedAt = Math.floor(now().getTime() / 1_000);
      const cookie = await new SignJWT({ name: principal.name, grants: principal.grants })
        .setProtectedHeader({ alg: 'HS256' })
        .setIssuer(ISSUER)
        .setSubject(principal.id)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + SESSION_SECONDS)
        .sign(signingKey);
      return { cookie, expiresAt: new Date((issuedAt + SESSION_SECONDS) * 1_000) };
    },
    read: async (cookie) => {
      try {
        const { payload } = await jwtVerify(cookie, signingKey, {
          algorithms: ['HS256'],
          issuer: ISSUER,
          currentDate: now(),
        });
        const { sub, name, grants, exp } = Claims.parse(payload);
        return { kind: 'person', id: sub, name, grants, expiresAt: new Date(exp * 1_000) };
      } catch (error) {
        if (error instanceof errors.JOSEError || error instanceof z.ZodError) return null;
        throw error;
      }
    },
  };
}

/** Knows who holds a session cookie of ours. */
export function cookieAuthenticator(sessions: Sessions): Authenticator {
  return async (request) => {
    const cookie = request.cookies[sessions.cookieName];
    if (cookie === undefined) return { kind: 'absent' };
    const principal = await sessions.read(cookie);
    return principal === null ? { kind: 'refused' } : { kind: 'known', by: 'cookie', principal };
  };
}
