import type { InstanceId, InstanceSettings } from '@landbridge/contracts';
import type { Systems } from '../metadata/systems.ts';
import { checkConfiguration, type ConfigurationVerdict } from './check-configuration.ts';
import { checkEgress } from './check-egress.ts';
import { checkOptin } from './check-optin.ts';
import { mappedTwice } from './two-writers.ts';
import {
  configured,
  type Configured,
  type WorkflowConfiguration,
} from './workflow-configuration.ts';

/**
 * What speaks against saving the configuration of any workflow, by what the two systems say now.
 * `other`: the saved configuration of the workflow that may write the same opt-outs.
 */
export async function checkWorkflow(
  configuration: WorkflowConfiguration,
  at: { instance: InstanceId; settings: InstanceSettings; other: WorkflowConfiguration | null },
  systems: Systems,
): Promise<ConfigurationVerdict> {
  const told = configured(configuration);
  const { errors, warnings } = await checkAgainstSystems(told, at, systems);
  const twice = mappedTwice(told, at.other === null ? [] : [at.other]);
  return { errors: [...errors, ...twice], warnings };
}

function checkAgainstSystems(
  told: Configured,
  at: { instance: InstanceId; settings: InstanceSettings },
  systems: Systems,
): Promise<ConfigurationVerdict> {
  switch (told.workflow) {
    case 'ingress':
      return checkConfiguration(told.configuration, at, systems);
    case 'egress':
      return checkEgress(told.configuration, at.instance, systems);
    case 'optin':
      return checkOptin(told.configuration, at.instance, systems);
  }
}
