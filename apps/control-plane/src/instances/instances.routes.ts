import { InstanceBody, InstanceId, InstanceView, pageOf } from '@landbridge/contracts';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { principalOf, requireRole } from '../access/guard.ts';
import { permits } from '../access/principal.ts';
import type { ControlPlane } from '../control-plane.ts';
import { contextOf, refuseBody } from '../request-context.ts';

const Params = z.object({ instance: InstanceId });

/** The pairs of a Dynamics environment and a Campaign instance. */
export const instancesRoutes: FastifyPluginAsyncZod<{ controlPlane: ControlPlane }> = async (
  app,
  { controlPlane: { instances } },
) => {
  app.get(
    '/instances',
    {
      onRequest: requireRole('viewer'),
      schema: {
        summary: 'The instances that the caller may see',
        tags: ['instances'],
        response: { 200: pageOf(InstanceView) },
      },
    },
    async (request) => {
      const { grants } = principalOf(request);
      const all = await instances.list();
      const items = all.filter(({ instance }) => permits(grants, 'viewer', instance));
      return { items, next: null };
    },
  );

  app.get(
    '/instances/:instance',
    {
      onRequest: requireRole('viewer'),
      schema: {
        summary: 'One instance',
        tags: ['instances'],
        params: Params,
        response: { 200: InstanceView },
      },
    },
    async (request) => instances.get(request.params.instance),
  );

  app.put(
    '/instances/:instance',
    {
      onRequest: requireRole('admin'),
      schema: {
        summary: 'Create an instance, or change its name',
        tags: ['instances'],
        params: Params,
        body: InstanceBody,
        response: { 200: InstanceView, 201: InstanceView },
      },
    },
    async (request, reply) => {
      const { instance } = request.params;
      const { created, view } = await instances.put(instance, request.body, contextOf(request));
      return reply.code(created ? 201 : 200).send(view);
    },
  );

  app.delete(
    '/instances/:instance',
    {
      onRequest: requireRole('admin'),
      config: { problems: ['command-refused'] },
      schema: {
        summary: 'Remove an instance whose workflows are stopped',
        tags: ['instances'],
        params: Params,
        response: { 204: z.undefined() },
      },
    },
    async (request, reply) => {
      refuseBody(request);
      await instances.remove(request.params.instance, contextOf(request));
      return reply.code(204).send();
    },
  );
};
