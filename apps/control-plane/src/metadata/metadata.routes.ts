import {
  CampaignResourceMetadata,
  CampaignResourceSummary,
  DynamicsTableMetadata,
  DynamicsTableSummary,
  InstanceId,
  pageOf,
  TableName,
} from '@landbridge/contracts';
import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { requireRole } from '../access/guard.ts';
import type { Systems } from './systems.ts';

const Params = z.object({ instance: InstanceId });
const TableParams = Params.extend({ table: TableName });
const ResourceParams = Params.extend({
  resource: z.string().regex(/^[A-Za-z][A-Za-z0-9]{0,63}$/),
});

/** `Cache-Control: no-cache` asks the system itself again. */
const isFresh = (request: FastifyRequest): boolean =>
  /\bno-cache\b/i.test(request.headers['cache-control'] ?? '');

const problems = ['connection-missing', 'system-refused', 'system-unreachable'] as const;

type Options = { systems: Systems };

const dynamicsRoutes: FastifyPluginAsyncZod<Options> = async (app, { systems }) => {
  app.get(
    '/instances/:instance/metadata/dynamics',
    {
      onRequest: requireRole('viewer'),
      config: { problems },
      schema: {
        summary: 'The tables of Dynamics 365 that can be read',
        tags: ['metadata'],
        params: Params,
        response: { 200: pageOf(DynamicsTableSummary) },
      },
    },
    async (request) => {
      const { instance } = request.params;
      const items = await systems.dynamicsTables({ instance, fresh: isFresh(request) });
      return { items, next: null };
    },
  );

  app.get(
    '/instances/:instance/metadata/dynamics/:table',
    {
      onRequest: requireRole('viewer'),
      config: { problems },
      schema: {
        summary: 'One table of Dynamics 365 with its columns',
        tags: ['metadata'],
        params: TableParams,
        response: { 200: DynamicsTableMetadata },
      },
    },
    async (request) => {
      const { instance, table } = request.params;
      return systems.dynamicsTable(table, { instance, fresh: isFresh(request) });
    },
  );
};

const campaignRoutes: FastifyPluginAsyncZod<Options> = async (app, { systems }) => {
  app.get(
    '/instances/:instance/metadata/campaign',
    {
      onRequest: requireRole('viewer'),
      config: { problems },
      schema: {
        summary: 'The resources of Campaign that can be written',
        tags: ['metadata'],
        params: Params,
        response: { 200: pageOf(CampaignResourceSummary) },
      },
    },
    async (request) => {
      const { instance } = request.params;
      const items = await systems.campaignResources({ instance, fresh: isFresh(request) });
      return { items, next: null };
    },
  );

  app.get(
    '/instances/:instance/metadata/campaign/:resource',
    {
      onRequest: requireRole('viewer'),
      config: { problems },
      schema: {
        summary: 'One resource of Campaign with its attributes',
        tags: ['metadata'],
        params: ResourceParams,
        response: { 200: CampaignResourceMetadata },
      },
    },
    async (request) => {
      const { instance, resource } = request.params;
      return systems.campaignResource(resource, { instance, fresh: isFresh(request) });
    },
  );
};

/** What there is to map, on both sides. */
export const metadataRoutes: FastifyPluginAsyncZod<Options> = async (app, options) => {
  // Not `options` itself, which carries the prefix that was applied already.
  const seam: Options = { systems: options.systems };
  await app.register(dynamicsRoutes, seam);
  await app.register(campaignRoutes, seam);
};
