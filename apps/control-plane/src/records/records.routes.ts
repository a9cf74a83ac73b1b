import {
  InstanceId,
  Preview,
  PreviewBody,
  RecordExplanation,
  TableName,
} from '@landbridge/contracts';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { principalOf, requireRole } from '../access/guard.ts';
import { permits } from '../access/principal.ts';
import type { ControlPlane } from '../control-plane.ts';
import type { Systems } from '../metadata/systems.ts';
import { explainRecord } from './explain-record.ts';
import { previewMapping } from './preview-mapping.ts';
import { openRecordLookUps } from './record-look-ups.ts';

const MappingParams = z.object({ instance: InstanceId, table: TableName });
const RecordParams = z.object({ instance: InstanceId, table: TableName, id: z.guid() });

const problems = ['connection-missing', 'system-refused', 'system-unreachable'] as const;

interface Options {
  controlPlane: ControlPlane;
  systems: Systems;
}

/** What a mapping would do to real records, and why one record is or is not in Campaign. */
export const recordsRoutes: FastifyPluginAsyncZod<Options> = async (app, options) => {
  const { controlPlane, systems } = options;
  const deps = { controlPlane, systems, lookUps: openRecordLookUps(systems) };

  app.post(
    '/instances/:instance/workflows/ingress/mappings/:table/preview',
    {
      onRequest: requireRole('editor'),
      config: { problems: [...problems, 'configuration-invalid'] },
      schema: {
        summary: 'What a mapping, saved or a draft, would do to real records; nothing is written',
        tags: ['records'],
        params: MappingParams,
        body: PreviewBody.nullish(),
        response: { 200: Preview },
      },
    },
    async (request) => previewMapping(request.params, request.body ?? {}, deps),
  );

  app.get(
    '/instances/:instance/records/:table/:id',
    {
      onRequest: requireRole('viewer'),
      config: { problems },
      schema: {
        summary: 'Why a record is or is not in Campaign, right now; values only for editors',
        tags: ['records'],
        params: RecordParams,
        response: { 200: RecordExplanation },
      },
    },
    async (request) => {
      const { instance } = request.params;
      const hideValues = !permits(principalOf(request).grants, 'editor', instance);
      return explainRecord(request.params, { hideValues }, deps);
    },
  );
};
