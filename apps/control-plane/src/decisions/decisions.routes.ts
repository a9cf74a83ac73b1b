import { InstanceId, OptinDecision, OptoutName, pageOf } from '@landbridge/contracts';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { requireRole } from '../access/guard.ts';
import type { ControlPlane } from '../control-plane.ts';
import { PageQuery, pageRequestOf } from '../request-context.ts';

const Query = PageQuery.extend({
  /** The contactid; decisions are kept for each contact. */
  contact: z.guid(),
  attribute: OptoutName.optional(),
});

/** Why an opt-out is what it is: each decision with both values, both times and the rule. */
export const decisionsRoutes: FastifyPluginAsyncZod<{
  controlPlane: Pick<ControlPlane, 'decisions'>;
}> = async (app, { controlPlane: { decisions } }) => {
  app.get(
    '/instances/:instance/workflows/optin/decisions',
    {
      onRequest: requireRole('viewer'),
      schema: {
        summary: 'What Opt-In/Out decided of one contact, newest first; kept for 400 days',
        tags: ['workflows'],
        params: z.object({ instance: InstanceId }),
        querystring: Query,
        response: { 200: pageOf(OptinDecision) },
      },
    },
    async ({ params, query }) => {
      const { contact: contactId, attribute } = query;
      const page = pageRequestOf(query);
      return decisions.list(params.instance, { contactId, attribute, ...page });
    },
  );
};
