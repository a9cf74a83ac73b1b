import {
  EgressConfiguration,
  INITIAL_EGRESS_CONFIGURATION,
  INITIAL_INGRESS_CONFIGURATION,
  INITIAL_OPTIN_CONFIGURATION,
  IngressConfiguration,
  OptinConfiguration,
  type WorkflowName,
} from '@landbridge/contracts';
import { z } from 'zod';
import { isSameContent } from './same-content.ts';

/** What each workflow is configured with. */
interface Configurations {
  ingress: IngressConfiguration;
  egress: EgressConfiguration;
  optin: OptinConfiguration;
}
export type ConfigurationOf<Workflow extends WorkflowName> = Configurations[Workflow];

const SCHEMAS: { [Workflow in WorkflowName]: z.ZodType<Configurations[Workflow]> } = {
  ingress: IngressConfiguration,
  egress: EgressConfiguration,
  optin: OptinConfiguration,
};

/**
 * A configuration of any workflow. The three share no complete content, so that what was stored
 * tells by itself which of them it is.
 */
export const WorkflowConfiguration = z.union([
  IngressConfiguration,
  OptinConfiguration,
  EgressConfiguration,
]);
export type WorkflowConfiguration = z.infer<typeof WorkflowConfiguration>;

/** A configuration together with the workflow that it belongs to. */
export type Configured = {
  [Workflow in WorkflowName]: { workflow: Workflow; configuration: Configurations[Workflow] };
}[WorkflowName];

/** Tells of which workflow a configuration is. */
export function configured(configuration: WorkflowConfiguration): Configured {
  if ('direction' in configuration) return { workflow: 'optin', configuration };
  if ('events' in configuration) return { workflow: 'egress', configuration };
  return { workflow: 'ingress', configuration };
}

/** The mappings of ingress; null for the other workflows and where nothing was saved. */
export function ingressOf(
  configuration: WorkflowConfiguration | null,
): IngressConfiguration | null {
  if (configuration === null) return null;
  const told = configured(configuration);
  return told.workflow === 'ingress' ? told.configuration : null;
}

/** Whether two configurations say the same: an option of a mapping that is absent is off. */
export const isSameConfiguration = (
  one: WorkflowConfiguration | null,
  other: WorkflowConfiguration | null,
): boolean => isSameContent(spelledOut(one), spelledOut(other));

function spelledOut(configuration: WorkflowConfiguration | null): WorkflowConfiguration | null {
  const ingress = ingressOf(configuration);
  if (ingress === null) return configuration;
  const mappings = ingress.mappings.map((mapping) => ({
    ...mapping,
    adoptExisting: mapping.adoptExisting === true,
  }));
  return { mappings };
}

/** What a workflow begins with. */
export const INITIAL_CONFIGURATIONS: Configurations = {
  ingress: INITIAL_INGRESS_CONFIGURATION,
  egress: INITIAL_EGRESS_CONFIGURATION,
  optin: INITIAL_OPTIN_CONFIGURATION,
};

/** Throws  ZodError when it is another workflow's, which no stream holds. */
export function configurationOf<Workflow extends WorkflowName>(
  workflow: Workflow,
  configuration: WorkflowConfiguration,
): ConfigurationOf<Workflow> {
  return SCHEMAS[workflow].parse(configuration);
}
