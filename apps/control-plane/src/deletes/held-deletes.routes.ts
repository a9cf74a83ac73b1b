import { HeldDeletesBody, HeldDeletesView, InstanceId, TableName } from '@landbridge/contracts';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { requireRole } from '../access/guard.ts';
import type { ControlPlane } from '../control-plane.ts';
import { contextOf, IdempotencyHeaders } from '../request-context.ts';

const Params = z.object({ instance: InstanceId, table: TableName });
const PATH = '/instances/:instance/workflows/ingress/mappings/:table/held-deletes';

const DECISIONS = [
  {
    decision: 'approve',
    summary: 'Let the deletes that wait go through; each record is read again first',
  },
  { decision: 'discard', summary: 'Keep the records in Campaign whose deletes wait' },
] as const;

/** Deletes that are too many at once wait for a person: here that person looks and decides. */
export const heldDeletesRoutes: FastifyPluginAsyncZod<{
  controlPlane: Pick<ControlPlane, 'heldDeletes'>;
}> = async (app, { controlPlane: { heldDeletes } }) => {
  app.get(
    PATH,
    {
      onRequest: requireRole('viewer'),
      schema: {
        summary: 'The deletes of a table that wait for a person',
        tags: ['deletes'],
        params: Params,
        response: { 200: HeldDeletesView },
      },
    },
    async (request) => heldDeletes.get(request.params),
  );

  for (const { decision, summary } of DECISIONS) {
    app.post(
      `${PATH}/${decision}`,
      {
        onRequest: requireRole('operator'),
        config: { problems: ['command-refused'] },
        schema: {
          summary,
          tags: ['deletes'],
          params: Params,
          headers: IdempotencyHeaders,
          body: HeldDeletesBody.nullish(),
          response: { 202: HeldDeletesView },
        },
      },
      async (request, reply) => {
        const context = contextOf(request, request.headers['idempotency-key'] ?? null);
        const note = request.body?.note ?? null;
        return reply
          .code(202)
          .send(await heldDeletes.decide(request.params, { decision, note }, context));
      },
    );
  }
};
