import { fastify, type FastifyPluginAsync } from 'fastify';
import { answerError, answerProblems } from './health-problems.ts';
import type { Log } from './log.ts';
import type { MetricsRegistry } from './metrics.ts';

/** One thing that a service cannot work without. */
export interface HealthCheck {
  name: string;
  /** Never throws for an unhealthy state: `detail` says for people what is wrong. */
  check: () => Promise<HealthResult>;
}

export interface HealthResult {
  ok: boolean;
  detail: string;
}

export interface HealthRoutesOptions {
  checks: HealthCheck[];
  registry: MetricsRegistry;
}

/**
 * `/livez`: the process answers. `/readyz`: every check passes, else 503; `?verbose` names each
 * with its detail. `/metrics`: OpenMetrics.
 */
export const healthRoutes: FastifyPluginAsync<HealthRoutesOptions> = async (app, options) => {
  app.get('/livez', async () => ({ status: 'ok' }));
  app.get<{ Querystring: Record<string, string> }>('/readyz', async (request, reply) => {
    const results = await Promise.all(options.checks.map(outcomeOf));
    const ready = results.every((result) => result.ok);
    const status = ready ? 'ok' : 'failing';
    reply.code(ready ? 200 : 503);
    return 'verbose' in request.query ? { status, checks: results } : { status };
  });
  app.get('/metrics', async (_request, reply) => {
    reply.header('content-type', options.registry.contentType);
    return options.registry.metrics();
  });
};

async function outcomeOf({ name, check }: HealthCheck): Promise<HealthResult & { name: string }> {
  try {
    return { name, ...(await check()) };
  } catch (error) {
    return { name, ok: false, detail: error instanceof Error ? error.message : 'the check failed' };
  }
}

export interface HealthServer {
  /** The port it listens on, also when 0 asked for a free one. */
  readonly port: number;
  close(): Promise<void>;
}

/** The HTTP side of a service that has no API of its own. */
export async function serveHealth(
  options: HealthRoutesOptions & { host: string; port: number; log: Log },
): Promise<HealthServer> {
  const app = fastify({
    logger: false,
    forceCloseConnections: true,
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
  });
  answerProblems(app);
  await app.register(healthRoutes, { checks: options.checks, registry: options.registry });
  await app.listen({ host: options.host, port: options.port });
  const port = app.addresses().find((address) => typeof address !== 'string')?.port ?? options.port;
  options.log.info({ port }, 'health endpoint is listening');
  return { port, close: () => app.close() };
}
