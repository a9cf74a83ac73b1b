import { json, type Incoming, type Reply } from '../http/exchange.ts';
import type { TableState } from './database.ts';
import { badSyntax, DataverseRefusal, rowAbsent } from './dataverse-errors.ts';
import type { CellValue } from './dataverse-control.ts';
import type { Environment } from './environment.ts';
import { navigation } from './fields.ts';
import { readPayload, type Patch, type References } from './payload.ts';
import { requirePrivilege } from './privileges.ts';
import { preferencesOf, queryOptions } from './query-options.ts';
import { contextColumns, rowJson, selectionOf } from './row-format.ts';
import { bodyOf, written, type Body } from './written-reply.ts';
import { findByKey, rowNamed, type Named } from './row-address.ts';
import { findColumn } from './table.ts';

/** `POST contacts`. */
export function createRow(
  env: Environment,
  state: TableState,
  request: Incoming,
  references: References,
): Reply {
  const ordinal = insertRow(env, state, bodyOf(request), null, references);
  return written(env, state, ordinal, request, 'created');
}

/** Inserts a row; answers its ordinal. `named`: the address of an upsert. Throws  DataverseRefusal. */
export function insertRow(
  env: Environment,
  state: TableState,
  body: Body,
  named: Named | null,
  references: References = new Map(),
): number {
  requirePrivilege(env, state, 'create');
  const payload = readPayload(env, state, body, true, references);
  const id = named?.id ?? payload.id;
  if (id !== null && state.rows.find(id) !== null) throw keyExists();
  const patch = { ...initialCells(env, state), ...payload.patch, ...named?.key };
  checkKeys(env, state, patch, null);
  return env.db.create(state, id, patch);
}

function keyExists(): DataverseRefusal {
  return new DataverseRefusal(
    412,
    '0x80040237',
    'A record with matching key values already exists.',
  );
}

/** What the platform fills in by itself. */
export function initialCells(env: Environment, state: TableState): Patch {
  const cells: Patch = {};
  for (const { name, type, default: byDefault } of state.table.columns) {
    if (byDefault !== undefined) cells[name] = byDefault;
    else if (type === 'owner' || name === 'createdby' || name === 'modifiedby') {
      cells[name] = `systemuser:${env.ids.user}`;
    } else if (name === 'owninguser') cells[name] = `systemuser:${env.ids.user}`;
    else if (name === 'owningbusinessunit') cells[name] = `businessunit:${env.ids.businessUnit}`;
    else if (name === 'transactioncurrencyid')
      cells[name] = `transactioncurrency:${env.ids.currency}`;
    else if (type === 'state') cells[name] = 0;
    else if (type === 'status') cells[name] = 1;
  }
  return cells;
}

function checkKeys(
  env: Environment,
  state: TableState,
  patch: Patch,
  ordinal: number | null,
): void {
  for (const { columns, status } of state.table.keys) {
    if (status !== 'Active' || !columns.some((name) => patch[name] !== undefined)) continue;
    const key: Record<string, CellValue> = {};
    for (const name of columns) {
      key[name] = patch[name] ?? (ordinal === null ? null : env.db.cell(state, ordinal, name));
    }
    const other = findByKey(env, state, columns, key);
    if (other !== null && other !== ordinal) {
      throw new DataverseRefusal(
        412,
        '0x80060892',
        `Entity Key ${columns.join(',')} violated. A record with the same value for ${columns.join(',')} already exists. A duplicate record cannot be created.`,
      );
    }
  }
}

/** `PATCH contacts(…)`: update, or create when absent and no precondition forbids it. */
export function upsertRow(
  env: Environment,
  state: TableState,
  inside: string,
  request: Incoming,
  references: References,
): Reply {
  const named = rowNamed(env, state, inside);
  const body = bodyOf(request);
  const mustExist = request.headers['if-match'];
  const mustNotExist = request.headers['if-none-match'] === '*';
  if (named.ordinal === null) {
    if (mustExist !== undefined) throw absent(state, inside, named);
    const created = insertRow(env, state, body, named, references);
    return written(env, state, created, request, 'created');
  }
  if (mustNotExist) throw keyExists();
  checkVersion(state, named.ordinal, mustExist);
  updateRow(env, state, named.ordinal, body, references);
  return written(env, state, named.ordinal, request, 'updated');
}

export function updateRow(
  env: Environment,
  state: TableState,
  ordinal: number,
  body: Body,
  references: References = new Map(),
): void {
  requirePrivilege(env, state, 'write');
  const { patch } = readPayload(env, state, body, false, references);
  checkKeys(env, state, patch, ordinal);
  env.db.change(state, ordinal, patch);
}

function absent(state: TableState, inside: string, named: Named): DataverseRefusal {
  return named.key === null
    ? rowAbsent(state.table.logicalName, inside)
    : new DataverseRefusal(
        404,
        '0x80060891',
        `A record with the specified key values does not exist in ${state.table.logicalName} entity`,
      );
}

function checkVersion(state: TableState, ordinal: number, ifMatch: string | undefined): void {
  if (ifMatch === undefined || ifMatch === '*') return;
  const wanted = /^W\/"(\d+)"$/.exec(ifMatch);
  if (wanted === null) {
    throw new DataverseRefusal(412, '0x80060883', 'The version of the record is not given.');
  }
  if (Number(wanted[1]) !== state.rows.version(ordinal)) {
    throw new DataverseRefusal(
      412,
      '0x80060882',
      "The version of the existing record doesn't match the RowVersion property provided.",
    );
  }
}

/** `GET contacts(…)`. */
export function readRow(
  env: Environment,
  state: TableState,
  inside: string,
  request: Incoming,
): Reply {
  const { options } = queryOptions(request.query, env.switches.syntaxErrorCode);
  const preferences = preferencesOf(request);
  const selection = selectionOf(
    env.db,
    state,
    options.get('$select'),
    options.get('$expand'),
    env.switches.syntaxErrorCode,
  );
  const named = rowNamed(env, state, inside);
  if (named.ordinal === null) throw absent(state, inside, named);
  const unchanged = request.headers['if-none-match'] === `W/"${state.rows.version(named.ordinal)}"`;
  if (unchanged && preferences.annotations === null && !options.has('$expand')) {
    return { status: 304 };
  }
  const context = `${env.api()}$metadata#${state.table.entitySet}${contextColumns(selection)}/$entity`;
  return {
    ...json(200, {
      '@odata.context': context,
      ...rowJson(env.db, state, named.ordinal, selection, preferences),
    }),
    records: 1,
  };
}

/** `DELETE contacts(…)`. */
export function deleteRow(
  env: Environment,
  state: TableState,
  inside: string,
  request: Incoming,
): Reply {
  requirePrivilege(env, state, 'delete');
  const named = rowNamed(env, state, inside);
  if (named.ordinal === null) throw absent(state, inside, named);
  checkVersion(state, named.ordinal, request.headers['if-match']);
  env.db.remove(state, named.ordinal);
  return { status: 204, records: 1 };
}

/** `GET`, `PUT` and `DELETE` of one column, and `DELETE …/<nav>/$ref`. */
export function oneProperty(
  env: Environment,
  state: TableState,
  [inside, property]: [string, string],
  request: Incoming,
): Reply {
  const named = rowNamed(env, state, inside);
  if (named.ordinal === null) throw absent(state, inside, named);
  const lookup = navigation(state.table, property);
  if (lookup !== null) {
    if (request.method !== 'DELETE') throw badSyntax('Only DELETE is served here.', '0x80060888');
    updateRow(env, state, named.ordinal, { [property]: null });
    return { status: 204, records: 1 };
  }
  const column = findColumn(state.table, property);
  if (column === undefined) {
    throw new DataverseRefusal(
      404,
      '0x8006088a',
      `Resource not found for the segment '${property}'.`,
    );
  }
  switch (request.method) {
    case 'GET': {
      const value = env.db.cell(state, named.ordinal, column.name);
      return value === null ? { status: 204 } : json(200, { value });
    }
    case 'PUT':
      updateRow(env, state, named.ordinal, { [property]: bodyOf(request)['value'] ?? null });
      return { status: 204, records: 1 };
    default:
      updateRow(env, state, named.ordinal, { [property]: null });
      return { status: 204, records: 1 };
  }
}
