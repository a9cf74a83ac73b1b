import type {
  CampaignResourceMetadata,
  DynamicsTableMetadata,
  IngressConfiguration,
  InstanceId,
  InstanceSettings,
} from '@landbridge/contracts';
import { checkStructure, validateIngress, type Finding } from '@landbridge/mapping';
import type { FieldError } from '../invalid-request.ts';
import type { Systems } from '../metadata/systems.ts';
import { ask, type Told } from './ask-system.ts';
import { checkRecords, checkSizes } from './check-guardrails.ts';

/** `errors` forbid saving; `warnings` do not. */
export interface ConfigurationVerdict {
  errors: FieldError[];
  warnings: FieldError[];
}

const fieldErrorsOf = (findings: Finding[], severity: Finding['severity']): FieldError[] => {
  const chosen = findings.filter((finding) => finding.severity === severity);
  const byText = new Map(
    chosen.map(({ pointer, message }) => [`${pointer} ${message}`, { pointer, message }]),
  );
  return [...byText.values()];
};

/** Findings about a system that told nothing would call everything in it missing. */
const isAboutUnknown = (
  { pointer }: Finding,
  tables: Told<DynamicsTableMetadata>,
  resources: Told<CampaignResourceMetadata>,
): boolean =>
  (tables.byName === null && pointer.endsWith('/dynamicsTable')) ||
  (resources.byName === null && pointer.endsWith('/campaignResource'));

/**
 * What speaks against saving `configuration`: by itself, and against the newest metadata of the
 * systems that are connected and answer.
 */
export async function checkConfiguration(
  configuration: IngressConfiguration,
  { instance, settings }: { instance: InstanceId; settings: InstanceSettings },
  systems: Systems,
): Promise<ConfigurationVerdict> {
  const { mappings } = configuration;
  const connected = await systems.connected(instance);
  const request = { instance, fresh: true };
  const [tables, resources] = await Promise.all([
    ask({
      system: 'Dynamics 365',
      isConnected: connected.dynamics,
      names: mappings.map(({ dynamicsTable }) => dynamicsTable),
      read: (name) => systems.dynamicsTable(name, request),
    }),
    ask({
      system: 'Campaign',
      isConnected: connected.campaign,
      names: mappings.map(({ campaignResource }) => campaignResource),
      read: (name) => systems.campaignResource(name, request),
    }),
  ]);
  const metadata = { tables: tables.byName ?? {}, resources: resources.byName ?? {} };
  const findings = [
    ...checkStructure(configuration, settings.guardrails),
    ...validateIngress(configuration, metadata, settings.guardrails).filter(
      (finding) => !isAboutUnknown(finding, tables, resources),
    ),
  ];
  const sizes = checkSizes(configuration, settings.guardrails);
  const records = await checkRecords(configuration, { instance, settings }, systems);
  return {
    errors: [...fieldErrorsOf(findings, 'error'), ...sizes, ...records.errors],
    warnings: [
      ...tables.warnings,
      ...resources.warnings,
      ...fieldErrorsOf(findings, 'warning'),
      ...records.warnings,
    ],
  };
}
