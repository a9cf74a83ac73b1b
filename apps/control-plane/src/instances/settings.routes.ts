import { InstanceId, InstanceSettings } from '@landbridge/contracts';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { requireRole } from '../access/guard.ts';
import type { ControlPlane } from '../control-plane.ts';
import { contextOf } from '../request-context.ts';
import { entityTagOf, expectedRevision, holdsRevision } from '../workflows/entity-tag.ts';

const Params = z.object({ instance: InstanceId });
const PATH = '/instances/:instance/settings';

type Options = { controlPlane: Pick<ControlPlane, 'settings'> };

/** Limits, guardrails and safeguards of an instance; a run keeps those that it was started with. */
export const settingsRoutes: FastifyPluginAsyncZod<Options> = async (
  app,
  { controlPlane: { settings } },
) => {
  app.get(
    PATH,
    {
      onRequest: requireRole('viewer'),
      schema: {
        summary: 'The newest saved settings; their ETag is the revision, "0" for the defaults',
        tags: ['settings'],
        params: Params,
        headers: z.object({ 'if-none-match': z.string().optional() }),
        response: { 200: InstanceSettings, 304: z.undefined() },
      },
    },
    async (request, reply) => {
      const saved = await settings.get(request.params.instance);
      void reply.header('etag', entityTagOf(saved.revision)).header('cache-control', 'no-cache');
      if (holdsRevision(request.headers['if-none-match'], saved.revision)) {
        return reply.code(304).send();
      }
      return reply.send(saved.settings);
    },
  );

  app.put(
    PATH,
    {
      onRequest: requireRole('admin'),
      config: { problems: ['stale-revision', 'revision-required'] },
      schema: {
        summary: 'Save the settings; what is left out gets its default',
        tags: ['settings'],
        params: Params,
        headers: z.object({
          'if-match': z.string().optional().meta({ description: 'Required: the ETag read' }),
        }),
        body: InstanceSettings,
        response: { 200: InstanceSettings },
      },
    },
    async (request, reply) => {
      const { instance } = request.params;
      const { revision: newest } = await settings.get(instance);
      const expected = expectedRevision(newest, request.headers['if-match']);
      const saved = await settings.save(instance, request.body, expected, contextOf(request));
      return reply.header('etag', entityTagOf(saved.revision)).send(saved.settings);
    },
  );
};
