import { json, type Incoming, type Reply } from '../http/exchange.ts';
import type { TableState } from './database.ts';
import { badPayload, DataverseRefusal, rowAbsent } from './dataverse-errors.ts';
import type { Environment } from './environment.ts';
import { servesMultiple } from './multiple-offer.ts';
import { rowNamed } from './row-address.ts';
import { insertRow, updateRow } from './write-rows.ts';
import { bodyOf, type Body } from './written-reply.ts';

const NAMES = ['CreateMultiple', 'UpdateMultiple', 'UpsertMultiple', 'DeleteMultiple'];
const PREFIX = 'Microsoft.Dynamics.CRM.';
const MESSAGE_BYTES_MAX = 116.85 * 1024 * 1024;

export function isMultipleAction(segment: string): boolean {
  return segment.startsWith(PREFIX) && NAMES.includes(segment.slice(PREFIX.length));
}

/** `POST contacts/Microsoft.Dynamics.CRM.CreateMultiple` and its siblings: all rows or none. */
export function multipleAction(
  env: Environment,
  state: TableState,
  segment: string,
  request: Incoming,
): Reply {
  const name = segment.slice(PREFIX.length);
  const { table } = state;
  if (name === 'DeleteMultiple') {
    throw new DataverseRefusal(501, '0x80040265', 'DeleteMultiple has not yet been implemented.');
  }
  if (!servesMultiple(env, state)) {
    throw new DataverseRefusal(
      400,
      '0x80040265',
      `${name} is not supported for ${table.logicalName}.`,
    );
  }
  if (request.bodyBytes > MESSAGE_BYTES_MAX) {
    throw new DataverseRefusal(413, '', 'The message is larger than the limit of 116.85 MB.');
  }
  const targets = targetsOf(request, `${PREFIX}${table.logicalName}`);
  const { multipleRowsMax } = env.switches;
  if (multipleRowsMax !== null && targets.length > multipleRowsMax) {
    throw badPayload(`At most ${multipleRowsMax} rows may be sent at once.`);
  }
  const ordinals = env.db.atomically(() =>
    targets.map((target, index) => {
      try {
        return applied(env, state, name, target);
      } catch (error) {
        if (error instanceof DataverseRefusal && env.switches.createMultipleErrorNamesRow) {
          throw new DataverseRefusal(error.status, error.code, `Row ${index}: ${error.message}`);
        }
        throw error;
      }
    }),
  );
  if (name !== 'CreateMultiple') return { status: 204, records: targets.length };
  const ids = ordinals.map((ordinal) => state.rows.idOf(ordinal));
  if (env.switches.createMultipleIdOrder === 'reversed') ids.reverse();
  return {
    ...json(200, {
      '@odata.context': `${env.api()}$metadata#${PREFIX}CreateMultipleResponse`,
      Ids: ids,
    }),
    records: ids.length,
  };
}

function targetsOf(request: Incoming, type: string): Body[] {
  const targets = bodyOf(request)['Targets'];
  if (!Array.isArray(targets) || targets.length === 0) {
    throw badPayload("The parameter 'Targets' is missing or empty.");
  }
  for (const target of targets as Body[]) {
    if (target['@odata.type'] !== type) {
      throw badPayload(`Each of 'Targets' needs "@odata.type":"${type}".`);
    }
  }
  return targets as Body[];
}

function applied(env: Environment, state: TableState, name: string, target: Body): number {
  if (name === 'CreateMultiple') return insertRow(env, state, target, null);
  const { table } = state;
  const odataId = target['@odata.id'];
  const address = typeof odataId === 'string' ? /\((.*)\)$/.exec(odataId)?.[1] : undefined;
  const primary = target[table.primaryId];
  const named = rowNamed(env, state, address ?? (typeof primary === 'string' ? primary : ''));
  if (named.ordinal !== null) {
    updateRow(env, state, named.ordinal, target);
    return named.ordinal;
  }
  if (name === 'UpdateMultiple') throw rowAbsent(table.logicalName, String(primary));
  if (Object.keys(named.key ?? {}).some((column) => target[column] !== undefined)) {
    throw new DataverseRefusal(400, '0x80040216', 'An unexpected error occurred.');
  }
  return insertRow(env, state, target, named);
}
