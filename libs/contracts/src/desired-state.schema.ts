import { z } from 'zod';
import { IngressConfiguration } from './configuration.schema.ts';
import { EgressConfiguration } from './egress-configuration.schema.ts';
import { InstanceId, Revision, RunId, TableName, WorkflowName } from './ids.schema.ts';
import { OptinConfiguration } from './optin-configuration.schema.ts';
import { InstanceSettings } from './settings.schema.ts';

/** What the services need to execute a run. `sealedConnections` is a JWE of `Connections`. */
const run = {
  state: z.literal('running'),
  instance: InstanceId,
  runId: RunId,
  revision: Revision,
  /** Frozen: those that the run was started with. */
  settings: InstanceSettings.prefault({}),
  /** Tables to read in full again, each once for each `replayId`, however often the run restarts. */
  replays: z.array(z.object({ table: TableName, replayId: z.uuid() })).default([]),
  sealedConnections: z.string(),
  /** Position in the event log that this state was derived from; it never goes back. */
  position: z.string().regex(/^\d+$/),
  traceparent: z.string().nullable(),
};

/** Frozen likewise: the configuration that the run was started with. */
export const IngressRun = z.object({
  ...run,
  workflow: z.literal('ingress'),
  configuration: IngressConfiguration,
});
export type IngressRun = z.infer<typeof IngressRun>;

export const EgressRun = z.object({
  ...run,
  workflow: z.literal('egress'),
  configuration: EgressConfiguration,
});
export type EgressRun = z.infer<typeof EgressRun>;

export const OptinRun = z.object({
  ...run,
  workflow: z.literal('optin'),
  configuration: OptinConfiguration,
});
export type OptinRun = z.infer<typeof OptinRun>;

export const DesiredRun = z.discriminatedUnion('workflow', [IngressRun, EgressRun, OptinRun]);
export type DesiredRun = z.infer<typeof DesiredRun>;
/** The runs of one workflow. */
export type RunOf<Workflow extends WorkflowName> = Extract<DesiredRun, { workflow: Workflow }>;

export const DesiredStop = z.object({
  state: z.literal('stopped'),
  workflow: WorkflowName,
  instance: InstanceId,
  /** The run that must end; null where none was ever started. */
  runId: RunId.nullable(),
  position: z.string().regex(/^\d+$/),
  traceparent: z.string().nullable(),
});
export type DesiredStop = z.infer<typeof DesiredStop>;

/** One value of the `DESIRED` bucket, under the key `<workflow>.<instance>`. */
export const DesiredState = z.union([DesiredRun, DesiredStop]);
export type DesiredState = z.infer<typeof DesiredState>;
