import type { FastifyInstance } from 'fastify';
import { z } from 'zod';

const NOTHING = z.strictObject({});

/**
 * From here on the routes of `app`'s API that declare no query refuse each parameter, as those that
 * do refuse an unknown one: what was asked for must not pass unseen.
 */
export function refuseUnknownQuery(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    if (!route.url.startsWith('/api/')) return;
    route.schema = { querystring: NOTHING, ...route.schema };
  });
}
