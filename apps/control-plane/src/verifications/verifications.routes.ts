import {
  InstanceId,
  TableName,
  VerificationBody,
  VerificationForecast,
  VerificationView,
  type TableMapping,
} from '@landbridge/contracts';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { requireRole } from '../access/guard.ts';
import type { ControlPlane } from '../control-plane.ts';
import { NotFound } from '../errors.ts';
import type { Systems } from '../metadata/systems.ts';
import { contextOf, refuseBody } from '../request-context.ts';
import { forecastVerification } from './forecast.ts';

const Params = z.object({ instance: InstanceId, table: TableName });
type Params = z.infer<typeof Params>;

const SYSTEM_PROBLEMS = ['connection-missing', 'system-refused', 'system-unreachable'] as const;
const PATH = '/instances/:instance/workflows/ingress/mappings/:table/verify';

interface Options {
  controlPlane: ControlPlane;
  systems: Systems;
  /** Records that ingress compares in one pass. */
  passRecords: number;
}

/** Comparing a table's two sides in full. */
export const verificationsRoutes: FastifyPluginAsyncZod<Options> = async (app, options) => {
  const { controlPlane, systems, passRecords } = options;
  const { verifications, records } = controlPlane;

  const mappingOf = async ({ instance, table }: Params): Promise<TableMapping> => {
    const { configuration } = await records.configuration(instance);
    const mapping = configuration.mappings.find(({ dynamicsTable }) => dynamicsTable === table);
    if (mapping === undefined) throw new NotFound(`mapping of ${table}`);
    return mapping;
  };
  const forecast = async (params: Params) =>
    forecastVerification(params.instance, await mappingOf(params), systems, passRecords);

  app.get(
    `${PATH}/forecast`,
    {
      onRequest: requireRole('viewer'),
      config: { problems: SYSTEM_PROBLEMS },
      schema: {
        summary: 'What verifying a table will cost in calls',
        tags: ['verification'],
        params: Params,
        response: { 200: VerificationForecast },
      },
    },
    async (request) => forecast(request.params),
  );

  app.post(
    PATH,
    {
      onRequest: requireRole('operator'),
      config: { problems: [...SYSTEM_PROBLEMS, 'command-refused'] },
      schema: {
        summary: 'Compare both sides of a table in full; one verification of a table at a time',
        tags: ['verification'],
        params: Params,
        body: VerificationBody.nullish(),
        response: { 202: VerificationView },
      },
    },
    async (request, reply) => {
      const { params } = request;
      const body = VerificationBody.parse(request.body ?? {});
      const cost = await forecast(params);
      const view = await verifications.request(params, body, cost, contextOf(request));
      return reply.code(202).send(view);
    },
  );

  app.get(
    PATH,
    {
      onRequest: requireRole('viewer'),
      schema: {
        summary: 'The newest verification of a table: how far it is, and what it has found',
        tags: ['verification'],
        params: Params,
        response: { 200: VerificationView },
      },
    },
    async (request) => verifications.newest(request.params),
  );

  app.delete(
    PATH,
    {
      onRequest: requireRole('operator'),
      config: { problems: ['command-refused'] },
      schema: {
        summary: 'Call a verification off; calling off one that has ended changes nothing',
        tags: ['verification'],
        params: Params,
        response: { 200: VerificationView },
      },
    },
    async (request) => {
      refuseBody(request);
      return verifications.cancel(request.params, contextOf(request));
    },
  );

  app.post(
    `${PATH}/repair`,
    {
      onRequest: requireRole('operator'),
      config: { problems: ['command-refused'] },
      schema: {
        summary: 'Queue again every difference that the last verification found',
        tags: ['verification'],
        params: Params,
        response: { 202: VerificationView },
      },
    },
    async (request, reply) => {
      refuseBody(request);
      return reply.code(202).send(await verifications.repair(request.params, contextOf(request)));
    },
  );
};
