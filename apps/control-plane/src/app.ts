import { randomUUID } from 'node:crypto';
import fastifyCookie from '@fastify/cookie';
import fastifyHelmet from '@fastify/helmet';
import { VERIFICATION_PASS_RECORDS } from '@landbridge/contracts';
import { healthRoutes, Histogram } from '@landbridge/telemetry';
import type { HealthCheck, Log, MetricsRegistry } from '@landbridge/telemetry';
import { fastify, LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { serializerCompiler } from 'fastify-type-provider-zod';
import type { Access } from './access/access.ts';
import { accessRoutes } from './access/access.routes.ts';
import { guard } from './access/guard.ts';
import { budgetRoutes } from './budget/budget.routes.ts';
import { connectionsRoutes } from './connections/connections.routes.ts';
import { deadLettersRoutes } from './dead-letters/dead-letters.routes.ts';
import { serveConsole } from './console/console.routes.ts';
import type { ControlPlane } from './control-plane.ts';
import { decisionsRoutes } from './decisions/decisions.routes.ts';
import { heldDeletesRoutes } from './deletes/held-deletes.routes.ts';
import { instancesRoutes } from './instances/instances.routes.ts';
import type { Clients } from './metadata/clients.ts';
import { metadataRoutes } from './metadata/metadata.routes.ts';
import { openSystems } from './metadata/systems.ts';
import { settingsRoutes } from './instances/settings.routes.ts';
import { documentRoutes } from './openapi/openapi.ts';
import { answerBrokenRequest, answerError, HttpProblem, sendProblem } from './problems.ts';
import { problemRoutes } from './problems.routes.ts';
import { readJson } from './read-json.ts';
import { recordsRoutes } from './records/records.routes.ts';
import { refuseUnknownQuery } from './refuse-unknown-query.ts';
import { pathOf, recordRoutes, type MethodsOfPath } from './routes-by-path.ts';
import { verificationsRoutes } from './verifications/verifications.routes.ts';
import { configurationRoutes } from './workflows/configuration.routes.ts';
import { eventsRoutes } from './workflows/events.routes.ts';
import { replayRoutes } from './workflows/replay.routes.ts';
import { workflowsRoutes } from './workflows/workflows.routes.ts';
import { zodValidator } from './zod-validator.ts';

const BODY_BYTES_MAX = 1_048_576;
const HEARTBEAT_MS = 15_000;
const API = '/api/v1';
const VERSION = '0.1.0';

/** What the API stands on. `consoleDir`: the folder of the built console; null: without one. */
export interface AppDeps {
  controlPlane: ControlPlane;
  access: Access;
  clients: Clients;
  checks: HealthCheck[];
  registry: MetricsRegistry;
  log: Log;
  consoleDir: string | null;
  /** Records that ingress compares in one pass of a verification; for the forecast. */
  verifyPassRecords?: number;
  /** How often an event stream without events shows that it lives. Default 15 seconds. */
  heartbeatMs?: number;
}

/** No outside host and no inline style or script for anything; the console does without. */
const CONTENT_SECURITY = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", 'data:'],
    fontSrc: ["'self'"],
    connectSrc: ["'self'"],
    manifestSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  },
};

/** Durations by route, not by path: ids would make a series each. */
function measure(app: FastifyInstance, registry: MetricsRegistry): void {
  const seconds = new Histogram({
    name: 'landbridge_http_request_seconds',
    help: 'Time from a request’s arrival to its answer, by route',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.025, 0.1, 0.5, 2, 10],
    registers: [registry],
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    const { method } = request;
    seconds.observe({ method, route, status: reply.statusCode }, reply.elapsedTime / 1_000);
  });
}

/** What arrives on a kept connection while the server closes is told to come again. */
function refuseWhileClosing(app: FastifyInstance): void {
  let isClosing = false;
  app.addHook('preClose', async () => {
    isClosing = true;
  });
  app.addHook('onRequest', async () => {
    if (!isClosing) return;
    const detail = 'This control plane is stopping.';
    const headers = { connection: 'close', 'retry-after': '1' };
    throw new HttpProblem({ kind: 'shutting-down', detail, headers });
  });
}

function newFastify(log: Log): FastifyInstance {
  const loggerInstance: FastifyBaseLogger = log;
  return fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    trustProxy: 'loopback',
    bodyLimit: BODY_BYTES_MAX,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
    clientErrorHandler: answerBrokenRequest,
  });
}

async function registerApi(app: FastifyInstance, deps: AppDeps): Promise<void> {
  const { controlPlane, clients, access } = deps;
  const systems = openSystems({ controlPlane, clients });
  app.addHook('onClose', () => systems.close());
  const api = { prefix: API };
  await app.register(accessRoutes, { access });
  await app.register(problemRoutes);
  await app.register(healthRoutes, { checks: deps.checks, registry: deps.registry });
  await app.register(instancesRoutes, { ...api, controlPlane });
  await app.register(settingsRoutes, { ...api, controlPlane });
  await app.register(connectionsRoutes, { ...api, controlPlane, systems, clients });
  await app.register(metadataRoutes, { ...api, systems });
  await app.register(workflowsRoutes, { ...api, controlPlane });
  await app.register(configurationRoutes, { ...api, controlPlane, systems });
  await app.register(replayRoutes, { ...api, controlPlane, systems });
  await app.register(deadLettersRoutes, { ...api, controlPlane });
  await app.register(recordsRoutes, { ...api, controlPlane, systems });
  const { verifyPassRecords: passRecords = VERIFICATION_PASS_RECORDS } = deps;
  await app.register(verificationsRoutes, { ...api, controlPlane, systems, passRecords });
  await app.register(heldDeletesRoutes, { ...api, controlPlane });
  await app.register(budgetRoutes, { ...api, controlPlane });
  await app.register(decisionsRoutes, { ...api, controlPlane });
  const heartbeatMs = deps.heartbeatMs ?? HEARTBEAT_MS;
  await app.register(eventsRoutes, { ...api, controlPlane, heartbeatMs });
}

async function answerUnknown(
  app: FastifyInstance,
  methodsOf: MethodsOfPath,
  consoleDir: string | null,
): Promise<void> {
  const sendConsolePage = await serveConsole(app, consoleDir);
  app.setNotFoundHandler((request, reply) => {
    const path = pathOf(request.url);
    const methods = methodsOf(path);
    if (methods.length === 0) {
      if (sendConsolePage(request, reply)) return;
      sendProblem(request, reply, { kind: 'no-such-route', detail: `There is no ${path}.` });
      return;
    }
    const allow = methods.join(', ');
    const detail = `${path} knows ${allow}, not ${request.method}.`;
    sendProblem(request, reply, { kind: 'method-not-allowed', detail, headers: { allow } });
  });
}

/** The control plane's HTTP side, ready to listen or to be injected into. */
export async function buildApp(deps: AppDeps): Promise<FastifyInstance> {
  const app = newFastify(deps.log);
  app.setValidatorCompiler(zodValidator);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(answerError);
  readJson(app);
  const methodsOf = recordRoutes(app);
  await app.register(fastifyHelmet, {
    contentSecurityPolicy: CONTENT_SECURITY,
    strictTransportSecurity: false,
  });
  await app.register(fastifyCookie);
  measure(app, deps.registry);
  refuseWhileClosing(app);
  guard(app, deps.access.authenticators);
  app.addHook('onSend', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  refuseUnknownQuery(app);
  await documentRoutes(app, VERSION);
  await registerApi(app, deps);
  await answerUnknown(app, methodsOf, deps.consoleDir);
  await app.ready();
  return app;
}
