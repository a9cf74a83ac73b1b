import type { Column } from './column.schema.ts';
import type { TableState } from './database.ts';
import { badPayload, DataverseRefusal, rowAbsent } from './dataverse-errors.ts';
import type { CellValue } from './dataverse-control.ts';
import type { Environment } from './environment.ts';
import { navigation } from './fields.ts';
import { requirePrivilege } from './privileges.ts';
import { columnsByProperty, findColumn, isLookup } from './table.ts';
import { rowNamed } from './row-address.ts';

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?$/;
const CHOICES_MAX = 150;
const BIND = '@odata.bind';

export type Patch = Record<string, CellValue>;

/** What a body writes, and the row's own id when it names it. */
export type Payload = { patch: Patch; id: string | null };

/** `$1` in a bind → the entity address that part 1 of the changeset made. */
export type References = Map<string, string>;

/**
 * Checks the body of a create or an update.
 * Throws  DataverseRefusal: undeclared property, wrong type, too long, out of range, missing row.
 */
export function readPayload(
  env: Environment,
  state: TableState,
  body: Record<string, unknown>,
  isCreate: boolean,
  references: References = new Map(),
): Payload {
  const { table } = state;
  const payload: Payload = { patch: {}, id: null };
  const properties = columnsByProperty(table);
  for (const [name, value] of Object.entries(body)) {
    if (name.endsWith(BIND)) {
      bind(env, state, name.slice(0, -BIND.length), value, { payload, references });
      continue;
    }
    if (name.includes('@')) continue;
    const column = properties.get(name);
    if (column === undefined) {
      const lookup = navigation(table, name);
      if (lookup === null || value !== null) throw undeclared(name, table.logicalName);
      payload.patch[lookup.column.name] = null;
      continue;
    }
    if (name === table.primaryId) {
      payload.id = ownId(env, state, guidOf(column, value), isCreate);
      continue;
    }
    if (isLookup(column)) throw badPayload(`The property '${name}' is read-only; bind it instead.`);
    writeCell(env, column, value, isCreate, payload.patch);
  }
  checkState(state, payload.patch);
  return payload;
}

/** The id that a body gives its row. Whether an activity takes one is a switch. */
function ownId(env: Environment, state: TableState, id: string, isCreate: boolean): string | null {
  if (!state.table.isActivity || !isCreate) return id;
  switch (env.switches.activityIdOnCreate) {
    case 'kept':
      return id;
    case 'ignored':
      return null;
    case 'refused':
      throw new DataverseRefusal(400, '0x80040203', 'activityid is not valid for create.');
  }
}

function undeclared(name: string, logicalName: string): DataverseRefusal {
  return badPayload(
    `Could not find a property named '${name}' on type 'Microsoft.Dynamics.CRM.${logicalName}'.`,
  );
}

function bind(
  env: Environment,
  state: TableState,
  name: string,
  value: unknown,
  { payload, references }: { payload: Payload; references: References },
): void {
  const found = navigation(state.table, name);
  if (found === null) {
    throw badPayload(
      `An undeclared property '${name}' which only has property annotations in the payload but no ` +
        `property value was found in the payload.`,
    );
  }
  if (found.column.create === false && found.column.update === false) return;
  if (value === null) {
    payload.patch[found.column.name] = null;
    return;
  }
  const sent = typeof value === 'string' ? value : JSON.stringify(value);
  const address = references.get(sent) ?? sent;
  const match = /(\w+)\((.*)\)$/.exec(address);
  const target = env.db.bySet(match?.[1] ?? '');
  if (target?.table.logicalName !== found.target) {
    throw badPayload(`'${sent}' cannot be bound to '${name}'.`);
  }
  const ordinal = rowNamed(env, target, match?.[2] ?? '').ordinal;
  if (ordinal === null) throw rowAbsent(target.table.logicalName, match?.[2] ?? '');
  if (found.column.type !== 'owner') {
    requirePrivilege(env, state, 'append');
    requirePrivilege(env, target, 'appendTo');
  }
  payload.patch[found.column.name] = `${found.target}:${target.rows.idOf(ordinal)}`;
}

function writeCell(
  env: Environment,
  column: Column,
  value: unknown,
  isCreate: boolean,
  patch: Patch,
): void {
  const checked = value === null ? null : checkedCell(column, value);
  if (column.type === 'state' && isCreate) {
    const { statecodeOnCreate } = env.switches;
    if (statecodeOnCreate === 'applied') patch[column.name] = checked;
    if (statecodeOnCreate === 'refused') {
      throw new DataverseRefusal(400, '0x80040203', `${column.name} is not valid for create.`);
    }
    return;
  }
  const isWritable = isCreate ? column.create !== false : column.update !== false;
  if (isWritable) patch[column.name] = checked === '' ? null : checked;
}

function checkedCell(column: Column, value: unknown): CellValue {
  switch (column.type) {
    case 'string':
    case 'memo':
      return textOf(column, value);
    case 'integer':
    case 'bigint':
      return numberOf(column, value, true);
    case 'decimal':
    case 'double':
    case 'money':
      return numberOf(column, value, false);
    case 'boolean':
      if (typeof value !== 'boolean') throw wrongType(column, value, 'Edm.Boolean');
      return value;
    case 'picklist':
    case 'state':
    case 'status':
      return optionOf(column, numberOf(column, value, true));
    case 'multiSelectPicklist':
      return choicesOf(column, value);
    case 'dateOnly':
      if (typeof value !== 'string' || !DATE.test(value) || !isDay(value)) {
        throw wrongType(column, value, 'Edm.Date');
      }
      return inTime(column, value);
    case 'dateTime':
    case 'dateTimeIndependent':
      return timeOf(column, value);
    case 'uniqueidentifier':
      return guidOf(column, value);
    default:
      throw wrongType(column, value, 'Edm.Binary');
  }
}

function wrongType(column: Column, value: unknown, type: string): DataverseRefusal {
  return badPayload(
    `Cannot convert the literal '${String(value)}' to the expected type '${type}' for '${column.name}'.`,
  );
}

function guidOf(column: Column, value: unknown): string {
  if (typeof value !== 'string' || !GUID.test(value)) throw wrongType(column, value, 'Edm.Guid');
  return value.toLowerCase();
}

function textOf(column: Column, value: unknown): string {
  if (typeof value !== 'string') throw wrongType(column, value, 'Edm.String');
  const lengthMax = column.lengthMax ?? 4_000;
  if (value.length <= lengthMax) return value;
  throw new DataverseRefusal(
    400,
    '0x80044331',
    `A validation error occurred.  The length of the '${column.name}' attribute exceeded the maximum allowed length of '${lengthMax}'.`,
  );
}

function numberOf(column: Column, value: unknown, whole: boolean): number {
  const type = whole ? 'Edm.Int32' : 'Edm.Decimal';
  if (typeof value !== 'number' || !Number.isFinite(value)) throw wrongType(column, value, type);
  if (whole && !Number.isInteger(value)) throw wrongType(column, value, type);
  const low = column.numberMin ?? -2_147_483_648;
  const high = column.numberMax ?? 100_000_000_000_000;
  if (value < low || value > high) {
    throw new DataverseRefusal(
      400,
      value > high ? '0x80044330' : '0x8004432f',
      `A validation error occurred.  The value ${value} of '${column.name}' is outside the valid range(${low} to ${high}).`,
    );
  }
  const factor = 10 ** (column.precision ?? 0);
  return column.precision === undefined ? value : Math.round(value * factor) / factor;
}

function optionOf(column: Column, value: number): number {
  if (column.options?.some((option) => option.value === value) === true) return value;
  throw new DataverseRefusal(
    400,
    '0x8004431A',
    `A validation error occurred.  The value ${value} of '${column.name}' is outside the valid range.`,
  );
}

function choicesOf(column: Column, value: unknown): string {
  if (typeof value !== 'string') throw wrongType(column, value, 'Edm.String');
  const values = value.split(',').filter((one) => one !== '');
  if (values.length > CHOICES_MAX) {
    throw new DataverseRefusal(400, '0x80040203', `At most ${CHOICES_MAX} values may be chosen.`);
  }
  return values.map((one) => optionOf(column, Number(one))).join(',');
}

function timeOf(column: Column, value: unknown): string {
  const type = 'Edm.DateTimeOffset';
  if (typeof value !== 'string' || !DATE_TIME.test(value)) throw wrongType(column, value, type);
  const iso = /(Z|[+-]\d{2}:\d{2})$/.test(value) ? value : `${value}Z`;
  if (Number.isNaN(Date.parse(iso))) throw wrongType(column, value, type);
  return inTime(column, `${new Date(iso).toISOString().slice(0, 19)}Z`);
}

function inTime(column: Column, value: string): string {
  if (value >= '1753-01-01') return value;
  throw new DataverseRefusal(
    400,
    '0x80040239',
    `DateTime is less than minumum value supported by CrmDateTime for '${column.name}'.`,
  );
}

function isDay(value: string): boolean {
  const at = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(value);
}

/** A status belongs to one state: setting one without the other sets the state's own default. */
function checkState(state: TableState, patch: Patch): void {
  const status = findColumn(state.table, 'statuscode');
  const wantedState = patch['statecode'];
  const wantedStatus = patch['statuscode'];
  if (status?.options === undefined) return;
  const of = (value: CellValue | undefined) => status.options?.find((one) => one.value === value);
  if (wantedState !== undefined && wantedStatus === undefined) {
    const first = status.options.find((one) => one.state === wantedState);
    if (first !== undefined) patch['statuscode'] = first.value;
  } else if (wantedState !== undefined && of(wantedStatus)?.state !== wantedState) {
    throw new DataverseRefusal(
      400,
      '0x80048408',
      `${String(wantedStatus)} is not a valid status code for state ${String(wantedState)}.`,
    );
  }
}
