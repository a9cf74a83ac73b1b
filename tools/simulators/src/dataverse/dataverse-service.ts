import { randomUUID } from 'node:crypto';
import {
  json,
  text,
  type Incoming,
  type Reply,
  type Route,
  type Service,
} from '../http/exchange.ts';
import type { TokenMint } from '../tokens/token-mint.ts';
import { API_ROOT, apiRoute } from './api-routes.ts';
import { runBatch } from './batch.ts';
import { DataverseRefusal, errorReply } from './dataverse-errors.ts';
import { entraToken, isAudience, isTokenPath } from './entra.ts';
import type { Environment } from './environment.ts';
import type { LimitKeeper } from './limits.ts';
import type { References } from './payload.ts';
import { deltaRefusal } from './read-delta.ts';

export type DataverseServiceOptions = {
  env: Environment;
  mint: TokenMint;
  limits: LimitKeeper;
  origin: () => string;
};

/** How many requests at once the service advises. */
const DOP_HINT = '4';

/** Dataverse's Web API, with Entra's token endpoint on the same port. */
export function dataverseService(options: DataverseServiceOptions): Service {
  const { env, mint } = options;
  return {
    route: (request) => {
      if (!isTokenPath(request.path)) return guarded(options, request);
      return {
        call: 'token',
        template: '/{tenant}/oauth2/v2.0/token',
        key: null,
        apply: () => entraToken(env, request, mint),
      };
    },
    throttled: (retryAfter) =>
      errorReply(
        new DataverseRefusal(
          429,
          '0x80072322',
          'Number of requests exceeded the limit of 6000 over time window of 300 seconds.',
          retryAfter === null ? {} : { 'retry-after': retryAfter },
        ),
        false,
      ),
    unauthorized: () => unauthorized(env),
    deltaTokenRefused: (why) => errorReply(deltaRefusal(env, why), false),
    unavailable: (status) => unavailable(env, status),
  };
}

/** A request to the Web API: token, user and limits first, and every refusal as a reply. */
function guarded(options: DataverseServiceOptions, request: Incoming): Route {
  const { limits } = options;
  let route: Route;
  try {
    route = routeOf(options, request);
  } catch (error) {
    const reply = replyFor(error, request);
    route = { call: 'lost', template: request.path, key: null, apply: () => reply };
  }
  return {
    ...route,
    apply: () => {
      const startedMs = performance.now();
      let reply: Reply;
      try {
        reply = refusedAtTheGate(options, request) ?? route.apply();
      } catch (error) {
        reply = replyFor(error, request);
      }
      limits.spend(performance.now() - startedMs);
      return { ...reply, headers: { ...reply.headers, ...usualHeaders(limits) } };
    },
  };
}

function replyFor(error: unknown, request: Incoming): Reply {
  if (!(error instanceof DataverseRefusal)) throw error;
  return errorReply(
    error,
    /include-annotations="?\*/.test(String(request.headers['prefer'] ?? '')),
  );
}

function usualHeaders(limits: LimitKeeper): Record<string, string> {
  const id = randomUUID();
  return {
    'odata-version': '4.0',
    'x-ms-service-request-id': id,
    req_id: id,
    'x-ms-dop-hint': DOP_HINT,
    ...limits.headers(),
  };
}

function routeOf(options: DataverseServiceOptions, request: Incoming): Route {
  const { env } = options;
  const none: References = new Map();
  if (!request.path.startsWith(`${API_ROOT}/`)) {
    const reply = text(404, '', 'text/html');
    return { call: 'lost', template: request.path, key: null, apply: () => reply };
  }
  if (request.path !== `${API_ROOT}/$batch`) return apiRoute(env, request, none);
  return {
    call: 'batch',
    template: request.path,
    key: null,
    apply: () => {
      if (request.method !== 'POST') throw new DataverseRefusal(405, '', 'Only POST is served.');
      return runBatch(env, request, (inner, references) => innerReply(options, inner, references));
    },
  };
}

function innerReply(
  { env, limits }: DataverseServiceOptions,
  request: Incoming,
  references: References,
): Reply {
  try {
    if (env.switches.throttleInBatch === 'part') limits.admit(1);
    if (request.path.endsWith('/$batch')) {
      throw new DataverseRefusal(400, '0x80060888', 'A batch inside a batch is not allowed.');
    }
    const path = request.path.startsWith(API_ROOT)
      ? request.path
      : `${API_ROOT}/${request.path.replace(/^\//, '')}`;
    return apiRoute(env, { ...request, path }, references).apply();
  } catch (error) {
    return replyFor(error, request);
  }
}

function refusedAtTheGate(options: DataverseServiceOptions, request: Incoming): Reply | null {
  const { env, mint, limits, origin } = options;
  const { authorization } = request.headers;
  const token = authorization?.startsWith('Bearer ') ? authorization.slice(7) : '';
  const verdict = mint.check(token);
  if (verdict.kind !== 'good') return unauthorized(env);
  if (!isAudience(env, verdict.claims.audience, origin())) return unauthorized(env);
  if (!env.applicationUser) {
    throw new DataverseRefusal(403, '0x80072560', 'The user is not a member of the organization.');
  }
  limits.admit(request.inFlight);
  return null;
}

function unauthorized(env: Environment): Reply {
  const headers = {
    'www-authenticate':
      `Bearer authorization_uri=https://login.microsoftonline.com/${env.tenantId}/oauth2/authorize, ` +
      `resource_id=${env.api().replace(`${API_ROOT}/`, '/')}`,
  };
  switch (env.switches.unauthorizedBody) {
    case 'empty':
      return { status: 401, headers };
    case 'html':
      return { status: 401, headers, body: '<html><body>401 - Unauthorized</body></html>' };
    case 'json':
      return json(401, { error: { code: '0x80040220', message: 'Unauthorized' } }, headers);
  }
}

function unavailable(env: Environment, status: number): Reply {
  switch (env.switches.unavailableBody) {
    case 'empty':
      return { status };
    case 'html':
      return text(status, `<html><body><h2>${status}</h2></body></html>`, 'text/html');
    case 'json':
      return errorReply(
        new DataverseRefusal(
          status,
          status === 503 ? '0x8004A001' : '0x80040216',
          'An unexpected error occurred.',
        ),
        false,
      );
  }
}
