import { CampaignRequestError } from '@landbridge/campaign';
import type {
  CampaignResourceMetadata,
  DynamicsTableMetadata,
  OptinConfiguration,
  OptoutName,
  RunFailure,
} from '@landbridge/contracts';
import { DataverseRequestError } from '@landbridge/dynamics';
import { type OptoutColumns, optoutFieldsOf } from '@landbridge/mapping';
import { RunFailedError } from '@landbridge/pipeline';
import type { Ends } from '../ends.ts';
import { readingError } from './vendor-failures.ts';

/** The table and the resource whose opt-outs are kept in step. */
export const TABLE = 'contact';
export const RESOURCE = 'profile';

/** One opt-out at its two ends: the column of contact, the attribute of profile and its times. */
export type MappedOptout = {
  name: OptoutName;
  column: string;
  field: string;
  changedAts: readonly string[];
};

/**
 * Names a column together with the opt-out that it is kept in step with. What was read and settled
 * of a column says nothing of another opt-out.
 */
export const pairOf = ({ column, name }: Pick<MappedOptout, 'column' | 'name'>): string =>
  `${column} ${name}`;

/** What both systems say of the opt-outs that the run keeps in step. */
export type OptinSchema = {
  table: DynamicsTableMetadata;
  resource: CampaignResourceMetadata;
  keyField: string;
  optouts: readonly MappedOptout[];
};

/** Where the opt-outs stand in a profile as the API tells it. */
export const profileColumns = ({ keyField, optouts }: OptinSchema): OptoutColumns => ({
  key: keyField,
  optouts: optouts.map(({ name, field, changedAts }) => ({ name, value: field, changedAts })),
});

/**
 * Asks both systems, two requests and a few calls, and checks the configuration against them.
 * Throws  RunFailedError naming what is missing; the vendors' errors that time heals.
 */
export async function findSchema(
  configuration: OptinConfiguration,
  { dynamics, campaign }: Pick<Ends, 'dynamics' | 'campaign'>,
  onSpent: (system: 'dynamics' | 'campaign', calls: number) => void,
): Promise<OptinSchema> {
  try {
    const [table, resource] = await Promise.all([
      dynamics.table(TABLE),
      campaign.resource(RESOURCE),
    ]);
    onSpent('dynamics', table.calls);
    onSpent('campaign', resource.calls);
    return schemaOf(configuration, table.value, resource.value);
  } catch (error) {
    if (error instanceof DataverseRequestError && error.kind === 'notFound') {
      throw failed('tableMissing', 'dynamics', 'The table contact is not there', TABLE);
    }
    if (error instanceof CampaignRequestError && error.kind === 'notFound') {
      throw failed('tableMissing', 'campaign', 'The resource profile is not there', RESOURCE);
    }
    throw readingError(error);
  }
}

/** Throws  RunFailedError. */
export function schemaOf(
  configuration: OptinConfiguration,
  table: DynamicsTableMetadata,
  resource: CampaignResourceMetadata,
): OptinSchema {
  const { direction, source, poll } = configuration;
  if (direction === 'bidirectional' && !table.changeTracking) {
    const message =
      'Change tracking is off for contact; an administrator of Dynamics 365 can switch it on';
    throw failed('changeTrackingOff', 'dynamics', message, TABLE);
  }
  const fields = new Set(resource.fields.map(({ name }) => name));
  const keyField = poll.keyField;
  if (!fields.has(keyField)) throw missing('campaign', `${RESOURCE}.${keyField}`);
  if (source === 'poll') checkFilter(configuration, resource);
  const optouts = configuration.mappings.map(({ dynamics: column, campaign: name }) => {
    const found = table.columns.find((one) => one.name === column);
    const at = `${TABLE}.${column}`;
    if (found === undefined || !found.readable) throw missing('dynamics', at);
    if (found.type !== 'boolean') {
      throw failed('columnTypeChanged', 'dynamics', `${at} is no yes or no`, at);
    }
    if (!found.updatable) throw fixed('dynamics', at);
    const { value, changedAts } = optoutFieldsOf(name, fields);
    if (value === null) throw missing('campaign', `${RESOURCE}.${name}`);
    const isFixed = resource.fields.some((one) => one.name === value && one.readOnly);
    if (isFixed && direction === 'bidirectional') throw fixed('campaign', `${RESOURCE}.${value}`);
    return { name, column, field: value, changedAts };
  });
  return { table, resource, keyField, optouts };
}

function checkFilter({ poll }: OptinConfiguration, { filters }: CampaignResourceMetadata): void {
  const filter = filters.find(({ name }) => name === poll.filter);
  if (filter?.parameters.includes(poll.parameter) === true) return;
  const message =
    `Campaign has no filter ${poll.filter} with the parameter ${poll.parameter} on profile: ` +
    'define it, publish the resource, or read the daily export instead';
  throw failed('configurationInvalid', 'campaign', message, 'poll.filter');
}

function missing(system: 'dynamics' | 'campaign', field: string): RunFailedError {
  return failed('columnMissing', system, `${field} is not there`, field);
}

/** It would be passed over in silence, again and again. */
function fixed(system: 'dynamics' | 'campaign', field: string): RunFailedError {
  const message = `${field} is read-only or calculated: nothing can be written there`;
  return failed('configurationInvalid', system, message, field);
}

function failed(
  code: RunFailure['code'],
  system: RunFailure['system'],
  message: string,
  field: string,
): RunFailedError {
  return new RunFailedError({ code, system, message, field });
}
