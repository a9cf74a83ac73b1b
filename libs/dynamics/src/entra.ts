import type { DynamicsConnection } from '@landbridge/contracts';
import {
  lineOf,
  parseRetryAfter,
  type HttpLimits,
  type HttpReply,
  type HttpRequest,
  type Token,
} from '@landbridge/vendor-http';
import { z } from 'zod';
import { tokenEndpointOf } from './address.ts';
import { openDynamicsHttp } from './dynamics-http.ts';
import { DynamicsCredentialsRefused, DynamicsUnreachable } from './errors.ts';

export type Entra = { mint: () => Promise<Token>; close: () => Promise<void> };

const TOKEN_TIMEOUT_MS = 30_000;

const Granted = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number() });
const Refused = z.object({
  error: z.string(),
  error_description: z.string().optional(),
  error_codes: z.array(z.number()).optional(),
});
/** Refusals of OAuth that time heals; every other one wants a person. */
const HEALING = new Set(['temporarily_unavailable', 'server_error']);

/**
 * Asks Microsoft Entra for tokens by client credentials.
 * Throws  DynamicsCredentialsRefused (by Entra's `error`, since it sends `invalid_client` with more
 *         than one status), DynamicsUnreachable of reason `token` when it cannot say.
 * Source  Microsoft identity platform, "OAuth 2.0 client credentials flow".
 */
export function createEntra(
  connection: DynamicsConnection,
  scope: string,
  limits: HttpLimits,
): Entra {
  const endpoint = tokenEndpointOf(connection.tenantId, connection.authority);
  const http = openDynamicsHttp(endpoint.origin, {
    ...limits,
    connectionsMax: 1,
    headersTimeoutMs: Math.min(limits.headersTimeoutMs, TOKEN_TIMEOUT_MS),
    bodyTimeoutMs: Math.min(limits.bodyTimeoutMs, TOKEN_TIMEOUT_MS),
  });
  const request: HttpRequest = {
    method: 'POST',
    path: endpoint.path,
    shown: '/{tenant}/oauth2/v2.0/token',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
    },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: connection.clientId,
      client_secret: connection.clientSecret,
      scope,
    }).toString(),
  };
  return {
    async mint() {
      const reply = await http.send(request);
      const granted = Granted.safeParse(jsonOf(reply.text));
      if (reply.status === 200 && granted.success) {
        const { access_token: value, expires_in: lifetimeS } = granted.data;
        return { value, lifetimeMs: lifetimeS * 1_000 };
      }
      throw refusalOfToken(reply, request);
    },
    close: () => http.close(),
  };
}

function refusalOfToken(reply: HttpReply, request: HttpRequest): Error {
  const refused = Refused.safeParse(jsonOf(reply.text));
  const heals = reply.status === 429 || reply.status >= 500 || reply.status < 400;
  if (heals || !refused.success || HEALING.has(refused.data.error)) {
    const retryAfterMs = parseRetryAfter(reply.header('retry-after'), Date.now());
    return new DynamicsUnreachable(lineOf(request), 'token', { retryAfterMs });
  }
  return new DynamicsCredentialsRefused({
    code: refused.data.error,
    entraCodes: refused.data.error_codes ?? [],
    vendorText: refused.data.error_description ?? '',
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
