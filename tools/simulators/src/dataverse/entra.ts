import { randomUUID } from 'node:crypto';
import { json, type Incoming, type Reply } from '../http/exchange.ts';
import type { TokenMint } from '../tokens/token-mint.ts';
import type { Environment } from './environment.ts';

const PATH = /^\/([^/]+)\/oauth2\/v2\.0\/token$/;

export function isTokenPath(path: string): boolean {
  return PATH.test(path);
}

/** `POST /{tenant}/oauth2/v2.0/token`: a token for client credentials, or an AADSTS error. */
export function entraToken(env: Environment, request: Incoming, mint: TokenMint): Reply {
  const refuse = (status: number, error: string, code: number, message: string): Reply =>
    json(status, {
      error,
      error_description: `AADSTS${code}: ${message} Trace ID: ${randomUUID()} Correlation ID: ${randomUUID()} Timestamp: ${stamp()}`,
      error_codes: [code],
      timestamp: stamp(),
      trace_id: randomUUID(),
      correlation_id: randomUUID(),
    });
  const client = env.switches.invalidClientStatus;
  const tenant = PATH.exec(request.path)?.[1] ?? '';
  if (request.method !== 'POST') return json(405, { error: 'invalid_request' });
  if (tenant !== env.tenantId) {
    const code = env.switches.unknownTenantCode;
    return refuse(400, 'invalid_request', code, `Tenant '${tenant}' not found.`);
  }
  const type = request.headers['content-type'] ?? '';
  const form = new URLSearchParams(
    type.startsWith('application/x-www-form-urlencoded') ? request.body : '',
  );
  const grant = form.get('grant_type');
  if (grant === null) {
    const message = "The request body must contain the following parameter: 'grant_type'.";
    return refuse(400, 'invalid_request', 900144, message);
  }
  if (grant !== 'client_credentials') {
    return refuse(
      400,
      'unsupported_grant_type',
      70003,
      `The grant type '${grant}' is not supported.`,
    );
  }
  const clientId = form.get('client_id') ?? '';
  if (clientId !== env.clientId) {
    const message = `Application with identifier '${clientId}' was not found in the directory.`;
    return refuse(400, 'unauthorized_client', 700016, message);
  }
  const secret = form.get('client_secret');
  if (secret === null) {
    const message = "The request body must contain the following parameter: 'client_secret'.";
    return refuse(client, 'invalid_client', 7000218, message);
  }
  if (secret !== env.clientSecret) {
    return refuse(client, 'invalid_client', 7000215, 'Invalid client secret provided.');
  }
  if (env.secretExpired) {
    return refuse(
      client,
      'invalid_client',
      7000222,
      'The provided client secret keys are expired.',
    );
  }
  const scope = form.get('scope') ?? '';
  if (!scope.endsWith('/.default')) {
    const message = `The provided value for scope ${scope} is not valid.`;
    return refuse(400, 'invalid_scope', 1002012, message);
  }
  const audience = scope.slice(0, -'/.default'.length);
  return json(200, {
    token_type: 'Bearer',
    expires_in: env.tokenLifetimeS,
    ext_expires_in: env.tokenLifetimeS,
    access_token: mint.mint(audience, clientId, env.tokenLifetimeS),
  });
}

function stamp(): string {
  return `${new Date().toISOString().slice(0, 19).replace('T', ' ')}Z`;
}

/** Whether a token for `audience` is taken at `origin`. */
export function isAudience(
  env: Pick<Environment, 'switches'>,
  audience: string,
  origin: string,
): boolean {
  if (audience === origin) return true;
  if (env.switches.tokenAudience === 'originOnly') return false;
  const plain = (url: string): string => url.replace(/^(https?:\/\/[^./]+)\.api\./, '$1.');
  return plain(audience) === plain(origin);
}
