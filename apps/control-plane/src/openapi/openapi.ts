import fastifySwagger from '@fastify/swagger';
import { Problem } from '@landbridge/contracts';
import type { FastifyInstance, RouteOptions } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { SESSION_COOKIE_PREFIX } from '../access/sessions.ts';
import { catalogue, type ProblemKind } from '../problem-catalogue.ts';
import { pruneSchemas } from './prune-schemas.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Problems of this route beyond those that its path, body and role bring with them. */
    problems?: readonly ProblemKind[];
  }
}

const HealthView = z.object({ status: z.string() }).meta({ id: 'Health' });
const ReadinessView = z
  .object({
    status: z.string(),
    checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })).optional(),
  })
  .meta({ id: 'Readiness' });

const plain = (description: string, mediaType: string, schema: z.ZodType) => ({
  description,
  content: { [mediaType]: { schema } },
});

/** The health routes come from another lib, which knows no OpenAPI. */
const HEALTH_SCHEMAS: Readonly<Record<string, object>> = {
  '/livez': {
    summary: 'The process answers',
    response: { 200: plain('It does', 'application/json', HealthView) },
  },
  '/readyz': {
    summary: 'Everything that it needs is there; ?verbose names each check',
    querystring: z.object({ verbose: z.string().optional() }),
    response: {
      200: plain('It is', 'application/json', ReadinessView),
      503: plain('Something is missing', 'application/json', ReadinessView),
    },
  },
  '/metrics': {
    summary: 'Figures in the OpenMetrics format',
    response: { 200: plain('The figures', 'application/openmetrics-text', z.string()) },
  },
};

const methodsOf = (route: RouteOptions): string[] => [route.method].flat();

/** Which problems a route can answer with, told from what it declares. */
function problemsOf(route: RouteOptions): Set<ProblemKind> {
  const kinds = new Set<ProblemKind>(route.config?.problems);
  const { schema } = route;
  if (route.config?.access !== 'public') {
    kinds.add('not-authenticated');
    if (route.onRequest !== undefined) kinds.add('not-permitted');
  }
  if (!methodsOf(route).every((method) => method === 'GET' || method === 'HEAD')) {
    for (const kind of ['foreign-origin', 'unreadable-body', 'body-too-large'] as const) {
      kinds.add(kind);
    }
    kinds.add('unsupported-media-type').add('invalid-request');
  }
  if (schema?.querystring !== undefined || schema?.headers !== undefined) {
    kinds.add('invalid-request');
  }
  if (schema?.params !== undefined) kinds.add('not-found');
  return kinds.add('internal-error').add('shutting-down').add('temporarily-unavailable');
}

/** The problems as responses, one for each status, its description naming the kinds. */
function problemResponses(kinds: Set<ProblemKind>): Record<number, object> {
  const byStatus = new Map<number, string[]>();
  for (const kind of kinds) {
    const { status, title } = catalogue[kind];
    byStatus.set(status, [...(byStatus.get(status) ?? []), `${title} (/problems/${kind})`]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, titles]) => [
      status,
      plain(titles.join('. '), 'application/problem+json', Problem),
    ]),
  );
}

/** Gives each route of the API the problems that it can answer with. */
function describeRoute(route: RouteOptions): void {
  const health = HEALTH_SCHEMAS[route.url];
  if (health !== undefined) {
    route.schema = { tags: ['health'], security: [], ...health };
    return;
  }
  if (!route.url.startsWith('/api/')) return;
  const declared = route.schema?.response;
  const own = typeof declared === 'object' && declared !== null ? declared : {};
  route.schema = {
    ...route.schema,
    response: { ...problemResponses(problemsOf(route)), ...own },
  };
}

const Document = z.looseObject({
  paths: z.json(),
  components: z.looseObject({ schemas: z.record(z.string(), z.json()) }),
});

/** The generator's document without its doubles. */
function tidyDocument(generated: object): object {
  const document = Document.parse(JSON.parse(JSON.stringify(generated)));
  const { components } = document;
  const { paths, schemas } = pruneSchemas(document.paths, components.schemas);
  return { ...generated, components: { ...components, schemas }, paths };
}

/** From here on the routes of `app` are written down; `/openapi.json` answers with the document. */
export async function documentRoutes(app: FastifyInstance, version: string): Promise<void> {
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Landbridge',
        version,
        description:
          'Keeps Microsoft Dynamics 365 and Adobe Campaign Standard in step. Errors are problem details (RFC 9457).',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/' }],
      security: [{ bearer: [] }, { session: [] }],
      tags: [
        'instances',
        'connections',
        'metadata',
        'workflows',
        'configuration',
        'settings',
        'replays',
        'dead letters',
        'access',
        'health',
      ].map((name) => ({ name })),
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer' },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: SESSION_COOKIE_PREFIX,
            description:
              'The cookie that signing in sets; its name goes on with a mark of the server.',
          },
        },
      },
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
  app.addHook('onRoute', describeRoute);
  app.get('/openapi.json', { config: { access: 'public' }, schema: { hide: true } }, async () =>
    tidyDocument(app.swagger()),
  );
}
