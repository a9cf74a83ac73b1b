import { BudgetView, InstanceId } from '@landbridge/contracts';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { requireRole } from '../access/guard.ts';
import type { ControlPlane } from '../control-plane.ts';

/** What an instance spends of each system's quota. */
export const budgetRoutes: FastifyPluginAsyncZod<{
  controlPlane: Pick<ControlPlane, 'budget'>;
}> = async (app, { controlPlane: { budget } }) => {
  app.get(
    '/instances/:instance/budget',
    {
      onRequest: requireRole('viewer'),
      schema: {
        summary: 'The calls of today to each system, and what is left of the day',
        tags: ['instances'],
        params: z.object({ instance: InstanceId }),
        response: { 200: BudgetView },
      },
    },
    async (request) => budget.get(request.params.instance),
  );
};
