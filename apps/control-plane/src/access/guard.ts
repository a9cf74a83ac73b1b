import { InstanceId } from '@landbridge/contracts';
import type { FastifyInstance, FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import { HttpProblem } from '../problems.ts';
import type { Authenticator, Verdict } from './authenticator.ts';
import { permits, type Principal, type Role } from './principal.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; null on public routes. */
    principal: Principal | null;
  }
  interface FastifyContextConfig {
    /** `public`: answers without a proof of who asks. Every other route demands one. */
    access?: 'public';
  }
}

/** The health endpoints belong to probes, which have no token. */
const PUBLIC_PATHS: ReadonlySet<string> = new Set(['/livez', '/readyz', '/metrics']);
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

const isPublic = (request: FastifyRequest): boolean =>
  request.routeOptions.config.access === 'public' ||
  PUBLIC_PATHS.has(request.routeOptions.url ?? '') ||
  (request.is404 && !request.url.startsWith('/api/'));

async function verdictOf(
  authenticators: readonly Authenticator[],
  request: FastifyRequest,
): Promise<Verdict> {
  for (const authenticate of authenticators) {
    const verdict = await authenticate(request);
    if (verdict.kind !== 'absent') return verdict;
  }
  return { kind: 'absent' };
}

/** A browser names the page that a change comes from; without such a name it is not taken. */
function comesFromOurPages(request: FastifyRequest): boolean {
  const { origin } = request.headers;
  if (origin === undefined) return request.headers['sec-fetch-site'] === 'same-origin';
  return URL.canParse(origin) && new URL(origin).host === request.host;
}

const notAuthenticated = (detail: string): HttpProblem =>
  new HttpProblem({
    kind: 'not-authenticated',
    detail,
    headers: { 'www-authenticate': 'Bearer realm="landbridge"' },
  });

/** From here on every route of `app` that is not public demands to know who asks. */
export function guard(app: FastifyInstance, authenticators: readonly Authenticator[]): void {
  app.decorateRequest('principal', null);
  app.addHook('onRequest', async (request) => {
    if (isPublic(request)) return;
    const verdict = await verdictOf(authenticators, request);
    if (verdict.kind === 'absent') throw notAuthenticated('The request does not say who sent it.');
    if (verdict.kind === 'refused') {
      throw notAuthenticated('The token or the session is not valid, or has ended.');
    }
    if (
      verdict.by === 'cookie' &&
      !SAFE_METHODS.has(request.method) &&
      !comesFromOurPages(request)
    ) {
      throw new HttpProblem({
        kind: 'foreign-origin',
        detail: 'The session’s cookie is taken for changes only from this server’s own pages.',
      });
    }
    request.principal = verdict.principal;
  });
}

/** Who asks, on a route that is not public. */
export function principalOf(request: FastifyRequest): Principal {
  if (request.principal === null) throw notAuthenticated('The request does not say who sent it.');
  return request.principal;
}

const instanceOf = (request: FastifyRequest): InstanceId | null => {
  const { params } = request;
  if (typeof params !== 'object' || params === null || !('instance' in params)) return null;
  const parsed = InstanceId.safeParse(params.instance);
  return parsed.success ? parsed.data : null;
};

/** Lets through who has `role` on the instance in the path; where none is, on any instance. */
export const requireRole =
  (role: Role): onRequestAsyncHookHandler =>
  async (request) => {
    const instance = instanceOf(request);
    if (permits(principalOf(request).grants, role, instance)) return;
    const where = instance === null ? 'any instance' : `instance ${instance}`;
    throw new HttpProblem({
      kind: 'not-permitted',
      detail: `This needs the role ${role} on ${where}.`,
    });
  };
