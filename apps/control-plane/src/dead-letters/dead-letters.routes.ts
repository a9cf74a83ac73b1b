import {
  DeadLetterRetry,
  DeadLetterSummary,
  DeadLetterView,
  InstanceId,
  pageOf,
  WorkflowName,
} from '@landbridge/contracts';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { requireRole } from '../access/guard.ts';
import type { ControlPlane } from '../control-plane.ts';
import { InvalidRequest } from '../invalid-request.ts';
import {
  contextOf,
  IdempotencyHeaders,
  PageQuery,
  pageRequestOf,
  refuseBody,
} from '../request-context.ts';

const Params = z.object({ instance: InstanceId, workflow: WorkflowName });
const LetterParams = Params.extend({ id: z.string().min(1).max(64) });
const Name = z.string().min(1).max(256).optional();
const Note = z.string().trim().min(1).max(1_000);

type Options = { controlPlane: Pick<ControlPlane, 'deadLetters'> };

const PATH = '/instances/:instance/workflows/:workflow/dead-letters';
const tags = ['dead letters'];

const readingRoutes: FastifyPluginAsyncZod<Options> = async (app, { controlPlane }) => {
  const { deadLetters } = controlPlane;
  app.get(
    PATH,
    {
      onRequest: requireRole('viewer'),
      schema: {
        summary: 'Records that their destination refused, by key and reason; newest first',
        tags,
        params: Params,
        querystring: PageQuery.extend({ table: Name, code: Name, key: Name }),
        response: { 200: pageOf(DeadLetterView) },
      },
    },
    async (request) => {
      const { table, code, key } = request.query;
      const page = pageRequestOf(request.query);
      return deadLetters.list(request.params, { ...page, table, code, key });
    },
  );

  app.get(
    `${PATH}/summary`,
    {
      onRequest: requireRole('viewer'),
      schema: {
        summary: 'How many there are, by table and reason',
        tags,
        params: Params,
        response: { 200: DeadLetterSummary },
      },
    },
    async (request) => deadLetters.summary(request.params),
  );
};

const dealingRoutes: FastifyPluginAsyncZod<Options> = async (app, { controlPlane }) => {
  const { deadLetters } = controlPlane;
  app.post(
    `${PATH}/:id/retry`,
    {
      onRequest: requireRole('operator'),
      config: { problems: ['command-refused'] },
      schema: {
        summary: 'Read the record again at its source and write it',
        tags,
        params: LetterParams,
        headers: IdempotencyHeaders,
        response: { 202: DeadLetterRetry },
      },
    },
    async (request, reply) => {
      refuseBody(request);
      const { id, ...key } = request.params;
      const context = contextOf(request, request.headers['idempotency-key'] ?? null);
      return reply.code(202).send(await deadLetters.retry(key, id, context));
    },
  );

  app.post(
    `${PATH}/retry-all`,
    {
      onRequest: requireRole('operator'),
      schema: {
        summary: 'The same for all of them, or for those of a table or a reason',
        tags,
        params: Params,
        headers: IdempotencyHeaders,
        body: z.strictObject({ table: Name, code: Name }).nullish(),
        response: { 202: DeadLetterRetry },
      },
    },
    async (request, reply) => {
      const { table, code } = request.body ?? {};
      const context = contextOf(request, request.headers['idempotency-key'] ?? null);
      return reply
        .code(202)
        .send(await deadLetters.retryAll(request.params, { table, code }, context));
    },
  );

  app.delete(
    `${PATH}/:id`,
    {
      onRequest: requireRole('operator'),
      config: { problems: ['command-refused'] },
      schema: {
        summary: 'Discard a dead letter; the note says why, in the body or the query',
        tags,
        params: LetterParams,
        querystring: z.strictObject({ note: Note.optional() }),
        body: z.strictObject({ note: Note }).nullish(),
        response: { 204: z.undefined() },
      },
    },
    async (request, reply) => {
      const { id, ...key } = request.params;
      const note = request.body?.note ?? request.query.note;
      if (note === undefined) {
        // An instance that does not exist is the greater fault.
        await deadLetters.summary(key);
        throw new InvalidRequest('body', [{ pointer: '/note', message: 'is required' }]);
      }
      await deadLetters.discard(key, id, note, contextOf(request));
      return reply.code(204).send();
    },
  );
};

/** Records that their destination refused, of any workflow, and what people do about them. */
export const deadLettersRoutes: FastifyPluginAsyncZod<Options> = async (app, options) => {
  // Not `options` itself, which carries the prefix that was applied already.
  const seam: Options = { controlPlane: options.controlPlane };
  await app.register(readingRoutes, seam);
  await app.register(dealingRoutes, seam);
};
