import type {
  CampaignResourceMetadata,
  DynamicsTableMetadata,
  InstanceId,
  OptinConfiguration,
} from '@landbridge/contracts';
import { optoutFieldsOf } from '@landbridge/mapping';
import type { FieldError } from '../invalid-request.ts';
import type { Systems } from '../metadata/systems.ts';
import { writesOptouts } from '../connections/uses.ts';
import { ask } from './ask-system.ts';
import type { ConfigurationVerdict } from './check-configuration.ts';

/** Looks for the booleans of contact and the opt-outs of profile that are kept in step. */
export async function checkOptin(
  configuration: OptinConfiguration,
  instance: InstanceId,
  systems: Systems,
): Promise<ConfigurationVerdict> {
  const connected = await systems.connected(instance);
  const request = { instance, fresh: true };
  const [tables, resources] = await Promise.all([
    ask({
      system: 'Dynamics 365',
      isConnected: connected.dynamics,
      names: ['contact'],
      read: (name) => systems.dynamicsTable(name, request),
    }),
    ask({
      system: 'Campaign',
      isConnected: connected.campaign,
      names: ['profile'],
      read: (name) => systems.campaignResource(name, request),
    }),
  ]);
  const contact = tables.byName?.['contact'];
  const profile = resources.byName?.['profile'];
  const findings = [
    ...(contact === undefined ? [] : faultsOfContact(configuration, contact)),
    ...(profile === undefined ? [] : faultsOfProfile(configuration, profile)),
  ];
  // A configuration that is switched off may be prepared before the systems are.
  const isOff = configuration.direction === 'disabled';
  const mappingFaults = findings.filter(({ pointer }) => pointer.startsWith('/mappings/'));
  const rest = findings.filter((finding) => !mappingFaults.includes(finding));
  return {
    errors: [...mappingFaults, ...(isOff ? [] : rest)],
    warnings: [...tables.warnings, ...resources.warnings, ...(isOff ? rest : [])],
  };
}

function faultsOfContact(
  { direction, mappings }: OptinConfiguration,
  { columns, changeTracking }: DynamicsTableMetadata,
): FieldError[] {
  const faults = mappings.flatMap(({ dynamics }, index) => {
    const pointer = `/mappings/${index}/dynamics`;
    const column = columns.find(({ name }) => name === dynamics);
    if (column === undefined) return [{ pointer, message: `contact has no column ${dynamics}` }];
    if (column.type !== 'boolean') {
      const message = `contact.${dynamics} is of the type ${column.type}, not boolean`;
      return [{ pointer, message }];
    }
    if (!column.readable) {
      return [{ pointer, message: `contact.${dynamics} may not be read by the application user` }];
    }
    if (column.updatable || !writesOptouts({ direction }).dynamics) return [];
    const message = `contact.${dynamics} is read-only or calculated: nothing can be written there`;
    return [{ pointer, message }];
  });
  if (direction !== 'bidirectional' || changeTracking) return faults;
  const message = 'Change tracking is off for contact: switch it on in Power Apps first';
  return [...faults, { pointer: '/direction', message }];
}

function faultsOfProfile(
  { direction, source, poll, mappings }: OptinConfiguration,
  { fields, filters }: CampaignResourceMetadata,
): FieldError[] {
  const names = new Set(fields.map(({ name }) => name));
  const faults: FieldError[] = mappings.flatMap(({ campaign }, index) => {
    const pointer = `/mappings/${index}/campaign`;
    const { value } = optoutFieldsOf(campaign, names);
    if (value === null) return [{ pointer, message: `profile has no attribute ${campaign}` }];
    const isFixed = fields.some(({ name, readOnly }) => name === value && readOnly);
    if (!isFixed || !writesOptouts({ direction }).campaign) return [];
    const message = `profile.${value} is read-only: nothing can be written there`;
    return [{ pointer, message }];
  });
  if (!names.has(poll.keyField)) {
    const message = `profile has no attribute ${poll.keyField}`;
    faults.push({ pointer: '/poll/keyField', message });
  }
  const filter = filters.find(({ name }) => name === poll.filter);
  if (source === 'poll' && filter?.parameters.includes(poll.parameter) !== true) {
    const message = `profile has no filter ${poll.filter} with the parameter ${poll.parameter}: define and publish it, or choose the daily export`;
    faults.push({ pointer: '/poll/filter', message });
  }
  return faults;
}
