import type { InstanceId, InstanceSettings } from '@landbridge/contracts';
import type { Systems } from '../metadata/systems.ts';
import { checkConfiguration, type ConfigurationVerdict } from './check-configuration.ts';
import { checkEgress } from './check-egress.ts';
import { checkOptin } from './check-optin.ts';
import { configured, type WorkflowConfiguration } from './workflow-configuration.ts';

/** What speaks against saving the configuration of any workflow, by what the two systems say now. */
export function checkWorkflow(
  configuration: WorkflowConfiguration,
  at: { instance: InstanceId; settings: InstanceSettings },
  systems: Systems,
): Promise<ConfigurationVerdict> {
  const told = configured(configuration);
  switch (told.workflow) {
    case 'ingress':
      return checkConfiguration(told.configuration, at, systems);
    case 'egress':
      return checkEgress(told.configuration, at.instance, systems);
    case 'optin':
      return checkOptin(told.configuration, at.instance, systems);
  }
}
