import {
  HistoryEntry,
  InstanceId,
  pageOf,
  RunView,
  ThroughputEntry,
  WorkflowName,
  WorkflowView,
} from '@landbridge/contracts';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { requireRole } from '../access/guard.ts';
import type { ControlPlane } from '../control-plane.ts';
import {
  asOfIn,
  AsOfQuery,
  contextOf,
  IdempotencyHeaders,
  PageQuery,
  pageRequestOf,
  refuseBody,
} from '../request-context.ts';

const InstanceParams = z.object({ instance: InstanceId });
const WorkflowParams = z.object({ instance: InstanceId, workflow: WorkflowName });

type Options = { controlPlane: ControlPlane };

/** What the workflows are doing. */
const readingRoutes: FastifyPluginAsyncZod<Options> = async (
  app,
  { controlPlane: { workflows } },
) => {
  app.get(
    '/instances/:instance/workflows',
    {
      onRequest: requireRole('viewer'),
      schema: {
        summary: 'The three workflows of an instance, now or as of an earlier time',
        tags: ['workflows'],
        params: InstanceParams,
        querystring: AsOfQuery,
        response: { 200: pageOf(WorkflowView) },
      },
    },
    async ({ params, query }) => ({
      items: await workflows.list(params.instance, asOfIn(query)),
      next: null,
    }),
  );

  app.get(
    '/instances/:instance/workflows/:workflow',
    {
      onRequest: requireRole('viewer'),
      schema: {
        summary: 'One workflow, now or as of an earlier time',
        tags: ['workflows'],
        params: WorkflowParams,
        querystring: AsOfQuery,
        response: { 200: WorkflowView },
      },
    },
    async ({ params, query }) => workflows.get(params, asOfIn(query)),
  );
};

/** Starting and stopping. Asking twice is asking once. */
const commandRoutes: FastifyPluginAsyncZod<Options> = async (app, { controlPlane }) => {
  const { workflows } = controlPlane;
  app.post(
    '/instances/:instance/workflows/:workflow/start',
    {
      onRequest: requireRole('operator'),
      config: { problems: ['command-refused'] },
      schema: {
        summary: 'Start a workflow; one that runs answers with the run that runs',
        tags: ['workflows'],
        params: WorkflowParams,
        headers: IdempotencyHeaders,
        response: { 202: WorkflowView },
      },
    },
    async (request, reply) => {
      refuseBody(request);
      const key = request.headers['idempotency-key'] ?? null;
      const view = await workflows.start(request.params, contextOf(request, key));
      return reply.code(202).send(view);
    },
  );

  app.post(
    '/instances/:instance/workflows/:workflow/stop',
    {
      onRequest: requireRole('operator'),
      config: { problems: ['command-refused'] },
      schema: {
        summary: 'Stop a workflow; its backlog stays queued',
        tags: ['workflows'],
        params: WorkflowParams,
        headers: IdempotencyHeaders,
        response: { 202: WorkflowView },
      },
    },
    async (request, reply) => {
      refuseBody(request);
      const key = request.headers['idempotency-key'] ?? null;
      const view = await workflows.stop(request.params, contextOf(request, key));
      return reply.code(202).send(view);
    },
  );
};

/** What was: runs, history and figures, newest first, in cursor pages. */
const pastRoutes: FastifyPluginAsyncZod<Options> = async (app, { controlPlane }) => {
  const { workflows } = controlPlane;
  app.get(
    '/instances/:instance/workflows/:workflow/runs',
    {
      onRequest: requireRole('viewer'),
      schema: {
        summary: 'What was between each start and its stop',
        tags: ['workflows'],
        params: WorkflowParams,
        querystring: PageQuery,
        response: { 200: pageOf(RunView) },
      },
    },
    async (request) => workflows.runs(request.params, pageRequestOf(request.query)),
  );

  app.get(
    '/instances/:instance/workflows/:workflow/history',
    {
      onRequest: requireRole('viewer'),
      schema: {
        summary: 'Who did what, and what happened',
        tags: ['workflows'],
        params: WorkflowParams,
        querystring: PageQuery,
        response: { 200: pageOf(HistoryEntry) },
      },
    },
    async (request) => workflows.history(request.params, pageRequestOf(request.query)),
  );

  app.get(
    '/instances/:instance/workflows/:workflow/throughput',
    {
      onRequest: requireRole('viewer'),
      schema: {
        summary: 'Figures by the minute',
        tags: ['workflows'],
        params: WorkflowParams,
        querystring: PageQuery,
        response: { 200: pageOf(ThroughputEntry) },
      },
    },
    async (request) => workflows.throughput(request.params, pageRequestOf(request.query)),
  );
};

/** Everything about workflows but their configuration. */
export const workflowsRoutes: FastifyPluginAsyncZod<Options> = async (app, options) => {
  // Not `options` itself, which carries the prefix that was applied already.
  const seam: Options = { controlPlane: options.controlPlane };
  await app.register(readingRoutes, seam);
  await app.register(commandRoutes, seam);
  await app.register(pastRoutes, seam);
};
