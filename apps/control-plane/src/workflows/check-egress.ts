import {
  EventKind,
  type ActivityTable,
  type DynamicsTableMetadata,
  type DynamicsType,
  type EgressConfiguration,
  type InstanceId,
} from '@landbridge/contracts';
import type { BindName } from '@landbridge/dynamics';
import type { FieldError } from '../invalid-request.ts';
import type { Systems } from '../metadata/systems.ts';
import { ask } from './ask-system.ts';
import type { ConfigurationVerdict } from './check-configuration.ts';

/** A table that events are written to, and where its lookups lead. */
interface Activity {
  metadata: DynamicsTableMetadata;
  binds: readonly BindName[];
}

const CONTACT = 'contact';
const TEXT: DynamicsType[] = ['string', 'memo'];
const TIME: DynamicsType[] = ['dateTime', 'dateTimeIndependent', 'dateOnly'];

/**
 * Looks for the tables and columns that events are written to. What is missing for an event that
 * is on is an error; for one that is off, a missing table is a warning, for nothing is written there.
 */
export async function checkEgress(
  configuration: EgressConfiguration,
  instance: InstanceId,
  systems: Systems,
): Promise<ConfigurationVerdict> {
  const { events, activities } = configuration;
  const connected = await systems.connected(instance);
  const request = { instance, fresh: true };
  const [tables, recipients] = await Promise.all([
    ask<Activity>({
      system: 'Dynamics 365',
      isConnected: connected.dynamics,
      names: EventKind.options.map((kind) => activities[kind].table),
      read: async (name) => ({
        metadata: await systems.dynamicsTable(name, request),
        binds: await systems.dynamicsBinds(name, instance),
      }),
    }),
    checkRecipientFilter(configuration, instance, systems),
  ]);
  const errors: FieldError[] = [...recipients.errors];
  const warnings: FieldError[] = [...tables.warnings, ...recipients.warnings];
  const { byName } = tables;
  if (byName === null) return { errors, warnings };
  for (const kind of EventKind.options) {
    const names = activities[kind];
    const faults = faultsOf(names, byName[names.table] ?? null).map(({ pointer, message }) => ({
      pointer: `/activities/${kind}${pointer}`,
      message,
    }));
    if (events[kind]) errors.push(...faults);
    else if (byName[names.table] === undefined) warnings.push(...faults);
  }
  return { errors, warnings };
}

function faultsOf(names: ActivityTable, activity: Activity | null): FieldError[] {
  const { table } = names;
  if (activity === null) {
    const message = `Dynamics 365 has no table ${table}: install Adobe’s solution, or name the table that there is`;
    return [{ pointer: '/table', message }];
  }
  const { metadata, binds } = activity;
  const faults = wantedOf(names).flatMap(({ field, column, types }) => {
    const found = metadata.columns.find(({ name }) => name === column);
    if (found === undefined) {
      return [{ pointer: `/${field}`, message: `${table} has no column ${column}` }];
    }
    if (types.includes(found.type)) {
      const fixed = `${table}.${column} is read-only or calculated: a new activity brings no value`;
      return found.creatable ? [] : [{ pointer: `/${field}`, message: fixed }];
    }
    const message = `${table}.${column} is of the type ${found.type}, not ${types.join(' or ')}`;
    return [{ pointer: `/${field}`, message }];
  });
  const leads = binds.some(({ column, to }) => column === names.regarding && to === CONTACT);
  if (leads || faults.some(({ pointer }) => pointer === '/regarding')) return faults;
  const message = `${table}.${names.regarding} leads to no contact`;
  return [...faults, { pointer: '/regarding', message }];
}

function wantedOf(names: ActivityTable) {
  const texts = (
    ['subject', 'campaignName', 'deliveryName', 'trackingUrl', 'mirrorPageUrl'] as const
  ).flatMap((field) => {
    const column = names[field];
    return column === null ? [] : [{ field, column, types: TEXT }];
  });
  const regarding: DynamicsType[] = ['lookup'];
  return [
    { field: 'date', column: names.date, types: TIME },
    { field: 'regarding', column: names.regarding, types: regarding },
    ...texts,
  ];
}

/** Campaign is asked only where profiles are looked for by their recipient id. */
async function checkRecipientFilter(
  { recipientFilter }: EgressConfiguration,
  instance: InstanceId,
  systems: Systems,
): Promise<ConfigurationVerdict> {
  if (recipientFilter === null) return { errors: [], warnings: [] };
  const { byName, warnings } = await ask({
    system: 'Campaign',
    isConnected: (await systems.connected(instance)).campaign,
    names: ['profile'],
    read: (name) => systems.campaignResource(name, { instance, fresh: true }),
  });
  const filters = byName?.['profile']?.filters;
  if (filters === undefined) return { errors: [], warnings };
  const { filter, parameter } = recipientFilter;
  const found = filters.find(({ name }) => name === filter);
  if (found?.parameters.includes(parameter) === true) return { errors: [], warnings };
  const message = `profile has no filter ${filter} with the parameter ${parameter}`;
  return { errors: [{ pointer: '/recipientFilter', message }], warnings };
}
