import type { CampaignConnection } from '@landbridge/contracts';
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
import { openCampaignHttp } from './campaign-http.ts';
import { CampaignRequestError, CampaignUnreachable } from './errors.ts';

export type Ims = { mint: () => Promise<Token>; close: () => Promise<void> };

const TOKEN_TIMEOUT_MS = 30_000;

const Granted = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number() });
const Refused = z.object({ error: z.string() });
/** Refusals of OAuth that time heals; every other one wants a person. */
const HEALING = new Set(['temporarily_unavailable', 'server_error']);

/**
 * Asks Adobe's IMS for tokens by client credentials.
 * Throws  CampaignRequestError of kind `credentials`, CampaignUnreachable of reason `token` when
 *         IMS cannot say.
 * Source  Adobe Developer Console, "Server to server authentication".
 */
export function createIms(connection: CampaignConnection, limits: HttpLimits): Ims {
  const endpoint = tokenEndpointOf(connection.imsUrl);
  const http = openCampaignHttp(endpoint.origin, {
    ...limits,
    connectionsMax: 1,
    headersTimeoutMs: Math.min(limits.headersTimeoutMs, TOKEN_TIMEOUT_MS),
    bodyTimeoutMs: Math.min(limits.bodyTimeoutMs, TOKEN_TIMEOUT_MS),
  });
  const request: HttpRequest = {
    method: 'POST',
    path: endpoint.path,
    shown: '/ims/token/v3',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
    },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: connection.clientId,
      client_secret: connection.clientSecret,
      scope: connection.scopes.join(','),
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
  const retryAfterMs = parseRetryAfter(reply.header('retry-after'), Date.now());
  const heals = reply.status === 429 || reply.status >= 500 || reply.status < 400;
  if (heals || !refused.success || HEALING.has(refused.data.error)) {
    return new CampaignUnreachable(lineOf(request), 'token', { retryAfterMs });
  }
  return new CampaignRequestError(lineOf(request), {
    status: reply.status,
    code: refused.data.error,
    kind: 'credentials',
    field: null,
    retryAfterMs,
    requestId: reply.header('x-request-id'),
    vendorText: reply.text,
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
