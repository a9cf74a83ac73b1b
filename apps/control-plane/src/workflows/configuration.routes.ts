import {
  EgressConfiguration,
  IngressConfiguration,
  InstanceId,
  OptinConfiguration,
  PendingEdit,
  ReplayOffer,
  WorkflowName,
} from '@landbridge/contracts';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { requireRole } from '../access/guard.ts';
import type { ControlPlane } from '../control-plane.ts';
import type { Systems } from '../metadata/systems.ts';
import { HttpProblem } from '../problems.ts';
import { contextOf } from '../request-context.ts';
import { checkWorkflow } from './check-workflow.ts';
import { entityTagOf, expectedRevision, holdsRevision } from './entity-tag.ts';
import { forecastReplays } from './forecast.ts';
import { otherWriterOf } from './two-writers.ts';
import { configurationOf, type WorkflowConfiguration } from './workflow-configuration.ts';

const Params = z.object({ instance: InstanceId });
const PendingParams = Params.extend({ workflow: WorkflowName });

/** What a save adds; `warnings` name what may go wrong with the configuration, field by field. */
const told = {
  warnings: z.array(z.object({ pointer: z.string(), message: z.string() })),
  /** What needs more than a stop and a start. */
  offers: z.array(ReplayOffer),
};

interface Options {
  controlPlane: ControlPlane;
  systems: Systems;
}

/** What differs between the workflows. */
interface Kind<Workflow extends WorkflowName> {
  workflow: Workflow;
  configuration: z.ZodType<WorkflowConfiguration>;
  saved: z.ZodType<object>;
}

/** Reading and saving the configuration of one workflow. */
const routesOf =
  <Workflow extends WorkflowName>(kind: Kind<Workflow>): FastifyPluginAsyncZod<Options> =>
  async (app, { controlPlane, systems }) => {
    const { workflow } = kind;
    const url = `/instances/:instance/workflows/${workflow}/configuration`;
    app.get(
      url,
      {
        onRequest: requireRole('viewer'),
        schema: {
          summary: `The newest saved configuration of ${workflow}; its ETag is the revision`,
          tags: ['configuration'],
          params: Params,
          headers: z.object({ 'if-none-match': z.string().optional() }),
          response: { 200: kind.configuration, 304: z.undefined() },
        },
      },
      async (request, reply) => {
        const key = { instance: request.params.instance, workflow };
        const saved = await controlPlane.workflows.configuration(key);
        void reply.header('etag', entityTagOf(saved.revision)).header('cache-control', 'no-cache');
        if (holdsRevision(request.headers['if-none-match'], saved.revision))
          return reply.code(304).send();
        return reply.send(saved.configuration);
      },
    );

    app.put(
      url,
      {
        onRequest: requireRole('editor'),
        config: { problems: ['stale-revision', 'configuration-invalid', 'revision-required'] },
        schema: {
          summary: `Save a configuration of ${workflow} after checking it against both systems`,
          tags: ['configuration'],
          params: Params,
          headers: z.object({
            'if-match': z.string().optional().meta({ description: 'Required: the ETag read' }),
          }),
          body: kind.configuration,
          response: { 200: kind.saved },
        },
      },
      async (request, reply) => {
        const { instance } = request.params;
        const key = { instance, workflow };
        const { revision: newest } = await controlPlane.workflows.configuration(key);
        const expected = expectedRevision(newest, request.headers['if-match']);
        const { settings } = await controlPlane.settings.get(instance);
        const writer = otherWriterOf(workflow);
        const other =
          writer === null
            ? null
            : await controlPlane.workflows.configuration({ instance, workflow: writer });
        const at = { instance, settings, other: other?.configuration ?? null };
        const { errors, warnings } = await checkWorkflow(request.body, at, systems);
        if (errors.length > 0) {
          throw new HttpProblem({
            kind: 'configuration-invalid',
            detail: 'Some fields do not fit. Nothing was saved.',
            errors,
          });
        }
        const saved = await controlPlane.workflows.saveConfiguration(
          key,
          configurationOf(workflow, request.body),
          expected,
          contextOf(request),
        );
        void reply.header('etag', entityTagOf(saved.revision));
        const { offers } = await controlPlane.workflows.pending(key);
        const priced = await forecastReplays(offers, instance, { controlPlane, systems });
        return reply.send({ ...saved.configuration, warnings, offers: priced });
      },
    );
  };

/** What a workflow does with which table and field; edits wait for Stop and Start. */
export const configurationRoutes: FastifyPluginAsyncZod<Options> = async (app, options) => {
  const { controlPlane, systems } = options;
  // Not `options` itself, which carries the prefix that was applied already.
  const seam: Options = { controlPlane, systems };
  await app.register(
    routesOf({
      workflow: 'ingress',
      configuration: IngressConfiguration,
      saved: IngressConfiguration.extend(told).meta({ id: 'SavedIngressConfiguration' }),
    }),
    seam,
  );
  await app.register(
    routesOf({
      workflow: 'egress',
      configuration: EgressConfiguration,
      saved: EgressConfiguration.extend(told).meta({ id: 'SavedEgressConfiguration' }),
    }),
    seam,
  );
  await app.register(
    routesOf({
      workflow: 'optin',
      configuration: OptinConfiguration,
      saved: OptinConfiguration.safeExtend(told).meta({ id: 'SavedOptinConfiguration' }),
    }),
    seam,
  );

  app.get(
    '/instances/:instance/workflows/:workflow/configuration/pending',
    {
      onRequest: requireRole('viewer'),
      schema: {
        summary: 'What was saved and waits for Stop and Start, as a list of changes',
        tags: ['configuration'],
        params: PendingParams,
        response: { 200: PendingEdit },
      },
    },
    async (request) => {
      const pending = await controlPlane.workflows.pending(request.params);
      const { instance } = request.params;
      return { ...pending, offers: await forecastReplays(pending.offers, instance, seam) };
    },
  );
};
