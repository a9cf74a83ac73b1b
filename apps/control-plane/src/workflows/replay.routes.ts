import {
  Forecast,
  InstanceId,
  ReplayAnswer,
  ReplaySelection,
  TableName,
} from '@landbridge/contracts';
import { validateFilter } from '@landbridge/mapping';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { requireRole } from '../access/guard.ts';
import type { ControlPlane, MappingKey } from '../control-plane.ts';
import { NotFound } from '../errors.ts';
import type { Systems } from '../metadata/systems.ts';
import type { TableCount } from '../metadata/table-count.ts';
import { HttpProblem } from '../problems.ts';
import { contextOf, IdempotencyHeaders, refuseBody } from '../request-context.ts';
import { forecastChoice, forecastReplay } from './forecast.ts';

const Params = z.object({ instance: InstanceId, table: TableName });
const PATH = '/instances/:instance/workflows/ingress/mappings/:table/replay';

interface Options {
  controlPlane: ControlPlane;
  systems: Systems;
}

/** Reading a table again: in full at the next start, or chosen records now. */
export const replayRoutes: FastifyPluginAsyncZod<Options> = async (app, options) => {
  const { controlPlane, systems } = options;
  const { replays } = controlPlane;
  const seam = { controlPlane, systems };

  app.post(
    PATH,
    {
      onRequest: requireRole('operator'),
      config: {
        problems: [
          'command-refused',
          'guardrail-exceeded',
          'connection-missing',
          'configuration-invalid',
          'system-refused',
          'system-unreachable',
        ],
      },
      schema: {
        summary:
          'Read the table again in full at the next start; with a body, write chosen records again now',
        tags: ['replays'],
        params: Params,
        headers: IdempotencyHeaders,
        body: ReplaySelection.nullish(),
        response: { 202: ReplayAnswer },
      },
    },
    async (request, reply) => {
      const { params: at, body } = request;
      const context = contextOf(request, request.headers['idempotency-key'] ?? null);
      if (body === undefined || body === null) {
        const count = await countNow(at, systems);
        const { requestedAt, by } = await replays.request(at, count.records, context);
        const waiting = { table: at.table, waits: true, requestedAt, by };
        return reply.code(202).send({ ...waiting, ...(await forecastReplay(at, count, seam)) });
      }
      await mustFit(at, body, systems);
      const count: TableCount =
        'ids' in body
          ? { records: new Set(body.ids).size, recordsAre: 'counted' }
          : await countNow(at, systems);
      const by = 'ids' in body ? 'ids' : 'pages';
      const forecast = await forecastChoice(at, count, by, seam);
      const asked = await replays.choose(at, body, context);
      return reply.code(202).send({ table: at.table, waits: false, ...asked, ...forecast });
    },
  );

  app.get(
    `${PATH}/forecast`,
    {
      onRequest: requireRole('viewer'),
      config: { problems: ['connection-missing', 'system-refused', 'system-unreachable'] },
      schema: {
        summary:
          'What a replay of the table would cost, and on which day the budgets let it be finished',
        tags: ['replays'],
        params: Params,
        response: { 200: Forecast },
      },
    },
    async ({ params: at }) => {
      await mustBeMapped(at, controlPlane);
      return forecastReplay(at, await countNow(at, systems), seam);
    },
  );

  app.delete(
    PATH,
    {
      onRequest: requireRole('operator'),
      config: { problems: ['command-refused'] },
      schema: {
        summary: 'Take back a replay that waits for the next start',
        tags: ['replays'],
        params: Params,
        response: { 204: z.undefined() },
      },
    },
    async (request, reply) => {
      refuseBody(request);
      await replays.withdraw(request.params, contextOf(request));
      return reply.code(204).send();
    },
  );
};

/** What is told of the cost is told of now. */
const countNow = ({ instance, table }: MappingKey, systems: Systems): Promise<TableCount> =>
  systems.dynamicsCount(table, { instance, fresh: true });

/** A replay is of a table that is saved as mapped. */
async function mustBeMapped({ instance, table }: MappingKey, { workflows }: ControlPlane) {
  const { configuration } = await workflows.configuration({ instance, workflow: 'ingress' });
  if (configuration.mappings.some(({ dynamicsTable }) => dynamicsTable === table)) return;
  throw new NotFound(`mapping of ${table}`);
}

/** A filter must fit the table, as it must in a configuration. */
async function mustFit(
  { instance, table }: MappingKey,
  selection: ReplaySelection,
  systems: Systems,
): Promise<void> {
  if (!('filter' in selection)) return;
  const metadata = await systems.dynamicsTable(table, { instance, fresh: false });
  const errors = validateFilter(selection.filter, metadata, '/filter')
    .filter(({ severity }) => severity === 'error')
    .map(({ pointer, message }) => ({ pointer, message }));
  if (errors.length === 0) return;
  const detail = 'The filter does not fit the table. Nothing is written again.';
  throw new HttpProblem({ kind: 'configuration-invalid', detail, errors });
}
