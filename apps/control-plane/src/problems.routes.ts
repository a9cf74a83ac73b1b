import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { NotFound } from './errors.ts';
import { catalogue, isProblemKind } from './problem-catalogue.ts';

/** Where each problem's `type` leads: what it means, and what to do about it. */
export const problemRoutes: FastifyPluginAsyncZod = async (app) => {
  app.get(
    '/problems/:name',
    {
      config: { access: 'public' },
      schema: { hide: true, params: z.object({ name: z.string().max(64) }) },
    },
    async (request, reply) => {
      const { name } = request.params;
      if (!isProblemKind(name)) throw new NotFound(`problem ${name}`);
      const { status, title, remedy } = catalogue[name];
      return reply
        .type('text/markdown; charset=utf-8')
        .send(`# ${title}\n\nStatus ${status}.\n\n${remedy}\n`);
    },
  );
};
