import { z } from 'zod';
import { SHARED_PARAMETERS, sharedControl, type Parts } from '../control/shared-control.ts';
import { scatter } from '../control/scatter.ts';
import { Column, ColumnType } from './column.schema.ts';
import { customTable, CustomTable, type CustomTableInput } from './custom-table.ts';
import type { TableState } from './database.ts';
import {
  PRIVILEGES,
  type CellValue,
  type DataverseControl,
  type DataverseRow,
  type Privilege,
} from './dataverse-control.ts';
import { DataverseSwitches } from './dataverse-switches.schema.ts';
import type { Environment } from './environment.ts';
import { lookupValue } from './fields.ts';
import type { LimitKeeper } from './limits.ts';
import { ServiceLimits } from './limits.schema.ts';
import { offerMultiple } from './multiple-offer.ts';
import { underOnePrivilege } from './privileges.ts';
import type { Generator } from './row-store.ts';
import { columnsByProperty, findColumn, isLookup, propertyOf, type Table } from './table.ts';
import { timelineOf } from './timeline.ts';
import { initialCells } from './write-rows.ts';

export type DataverseParts = Parts & {
  env: Environment;
  limits: LimitKeeper;
  /** A person's values by column, for a contact that nobody described. */
  person: Generator;
};

type Range = { skip?: number; top?: number };

/** The control of a Dataverse stand-in. Throws  Error for a table, column or row not there. */
export function dataverseSteering(parts: DataverseParts): DataverseControl {
  return { ...sharedControl(parts), ...rowsOf(parts), ...settingsOf(parts), ...schemaOf(parts) };
}

function rowsOf({ env, person }: DataverseParts) {
  const { db } = env;
  const at = (table: string, id: string): [TableState, number] => {
    const state = db.get(table);
    const ordinal = state.rows.find(id);
    if (ordinal === null) throw new Error(`${table} ${id} does not exist`);
    return [state, ordinal];
  };
  const shape = (state: TableState, ordinal: number): DataverseRow => {
    const row: DataverseRow = {};
    for (const column of state.table.columns) {
      const cell = db.cell(state, ordinal, column.name);
      row[propertyOf(column)] = isLookup(column) ? (lookupValue(cell)?.id ?? null) : cell;
    }
    return row;
  };
  const within = (state: TableState, { skip = 0, top = Infinity }: Range = {}): number[] => {
    const found: number[] = [];
    let seen = 0;
    for (const ordinal of state.rows.ordinals()) {
      if (seen++ < skip) continue;
      if (found.length >= top) break;
      found.push(ordinal);
    }
    return found;
  };
  const create = (table: string, values: DataverseRow = {}): string => {
    const state = db.get(table);
    const id = values[state.table.primaryId];
    const patch = { ...initialCells(env, state), ...cellsOf(state, values) };
    return state.rows.idOf(db.create(state, typeof id === 'string' ? id : null, patch));
  };
  const change = (table: string, id: string, values: DataverseRow): void => {
    const [state, ordinal] = at(table, id);
    db.change(state, ordinal, cellsOf(state, values));
  };
  const remove = (table: string, id: string): void => db.remove(...at(table, id));
  const row = (table: string, id: string): DataverseRow | null => {
    const state = db.get(table);
    const ordinal = state.rows.find(id);
    return ordinal === null ? null : shape(state, ordinal);
  };
  const rows = (table: string, range?: Range): DataverseRow[] =>
    within(db.get(table), range).map((ordinal) => shape(db.get(table), ordinal));
  return {
    createContact: (values: DataverseRow = {}) => {
      const index = db.get('contact').rows.end;
      const made: DataverseRow = {};
      const { table } = db.get('contact');
      const present = INVENTED.filter((name) => findColumn(table, name) !== undefined);
      for (const name of present) made[name] = person(name, index);
      return create('contact', { ...made, ...values });
    },
    changeContact: (id: string, values: DataverseRow) => change('contact', id, values),
    deleteContact: (id: string) => remove('contact', id),
    contact: (id: string) => row('contact', id),
    contacts: (range?: Range) => rows('contact', range),
    contactIds: (range?: Range) => {
      const state = db.get('contact');
      return within(state, range).map((ordinal) => state.rows.idOf(ordinal));
    },
    contactCount: () => db.get('contact').rows.count,
    seedContacts: (count: number) => db.addBlock('contact', count, 0),
    touchContacts: (count: number, seed = 1) => touch(env, count, seed),
    createRow: create,
    createRows: (table: string, many: DataverseRow[]) =>
      many.map((values) => create(table, values)),
    changeRow: change,
    deleteRow: remove,
    row,
    rows,
    rowCount: (table: string) => db.get(table).rows.count,
    timeline: (contactId: string) =>
      timelineOf(db, contactId).map(([state, ordinal, at]) => ({
        table: state.table.logicalName,
        at,
        row: shape(state, ordinal),
      })),
  };
}

const INVENTED =
  'firstname lastname emailaddress1 jobtitle telephone1 mobilephone gendercode birthdate address1_line1 address1_city address1_postalcode address1_country'.split(
    ' ',
  );

function touch({ db }: Environment, count: number, seed: number): string[] {
  const state = db.get('contact');
  const ids: string[] = [];
  const live = [...state.rows.ordinals()];
  for (let index = 0; index < Math.min(count, live.length); index++) {
    const swap = index + (scatter(seed, index, 91) % (live.length - index));
    const ordinal = live[swap] ?? 0;
    live[swap] = live[index] ?? 0;
    db.change(state, ordinal, { jobtitle: `Changed ${seed}-${index}` });
    ids.push(state.rows.idOf(ordinal));
  }
  return ids;
}

/** Values by property or column name as they are stored. Throws  Error for an unknown name. */
function cellsOf(state: TableState, values: DataverseRow): Record<string, CellValue> {
  const cells: Record<string, CellValue> = {};
  for (const [name, value] of Object.entries(values)) {
    if (name === state.table.primaryId) continue;
    const column = columnsByProperty(state.table).get(name) ?? findColumn(state.table, name);
    if (column === undefined) throw new Error(`${state.table.logicalName} has no column ${name}`);
    const isId = isLookup(column) && typeof value === 'string' && !value.includes(':');
    cells[column.name] = isId ? `${column.targets?.[0] ?? ''}:${value}` : value;
  }
  return cells;
}

function settingsOf({ env, limits, mint }: DataverseParts) {
  return {
    expireDeltaTokens: () => env.db.expireTokens(),
    setCredentials: (given: { clientSecret?: string; secretExpired?: boolean }) => {
      env.clientSecret = given.clientSecret ?? env.clientSecret;
      env.secretExpired = given.secretExpired ?? env.secretExpired;
      mint.expireAll();
    },
    setSwitches: (switches: Partial<DataverseSwitches>) => {
      env.switches = DataverseSwitches.parse({ ...env.switches, ...switches });
      offerMultiple(env);
    },
    switches: () => env.switches,
    setLimits: (given: Partial<ServiceLimits>) => {
      limits.limits = ServiceLimits.parse({ ...limits.limits, ...given });
    },
    setClockSkew: (ms: number) => {
      env.db.skewMs = ms;
    },
    setApplicationUser: (present: boolean) => {
      env.applicationUser = present;
    },
    setTrackingExpiryDays: (days: number) => {
      const state = env.db.get('organization');
      const ordinal = state.rows.find(env.ids.organization) ?? 0;
      env.db.change(state, ordinal, { expirechangetrackingindays: days });
    },
    revokePrivilege: (table: string, privilege: Privilege) => {
      for (const state of underOnePrivilege(env, env.db.get(table))) {
        state.privileges.delete(privilege);
      }
    },
    grantPrivilege: (table: string, privilege: Privilege) => {
      for (const state of underOnePrivilege(env, env.db.get(table)))
        state.privileges.add(privilege);
    },
  };
}

function schemaOf({ env }: DataverseParts) {
  const { db } = env;
  const reshape = (name: string, change: (columns: Column[]) => Column[]): void => {
    const { table, generated } = db.get(name);
    const columns = change(table.columns);
    const names = new Set(columns.map((column) => column.name));
    db.redefine({ ...table, columns }, new Set([...generated].filter((one) => names.has(one))));
    if (env.switches.metadataChangeExpiresTokens) db.expireTokens();
  };
  const amend = (table: string, name: string, more: Partial<Column>): void => {
    const known = findColumn(db.get(table).table, name);
    if (known === undefined) throw new Error(`${table} has no column ${name}`);
    reshape(table, (columns) =>
      columns.map((column) => (column === known ? Column.parse({ ...column, ...more }) : column)),
    );
  };
  return {
    addColumn: (table: string, column: Column) =>
      reshape(table, (columns) => [...columns, Column.parse(column)]),
    removeColumn: (table: string, name: string) =>
      reshape(table, (columns) => columns.filter((column) => column.name !== name)),
    /** Dataverse cannot rename a logical name: the old column goes, and an empty new one comes. */
    renameColumn: (table: string, name: string, to: string) =>
      reshape(table, (columns) =>
        columns.map((column) => (column.name === name ? { ...column, name: to } : column)),
      ),
    retypeColumn: (table: string, name: string, type: ColumnType) => amend(table, name, { type }),
    setColumnLength: (table: string, name: string, lengthMax: number) =>
      amend(table, name, { lengthMax }),
    setChangeTracking: (name: string, enabled: boolean) => {
      const table: Table = { ...db.get(name).table, changeTracking: enabled };
      db.redefine(table);
    },
    setMultiple: (name: string, multiple: boolean) => {
      db.redefine({ ...db.get(name).table, multiple });
      offerMultiple(env);
    },
    addTable: (table: CustomTableInput) => {
      db.addTable(customTable(CustomTable.parse(table), db.tables().length));
      offerMultiple(env);
    },
    removeTable: (table: string) => db.removeTable(table),
  };
}

const Name = z.string().min(1);
const Row = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));
const RangeSchema = z
  .strictObject({ skip: z.int().min(0).optional(), top: z.int().min(0).optional() })
  .optional();
const PrivilegeName = z.enum(PRIVILEGES);

/** What each method takes when it is called over HTTP. */
export const DATAVERSE_PARAMETERS: Record<keyof DataverseControl, z.ZodType<unknown[]>> = {
  ...SHARED_PARAMETERS,
  createContact: z.tuple([Row.optional()]),
  changeContact: z.tuple([Name, Row]),
  deleteContact: z.tuple([Name]),
  contact: z.tuple([Name]),
  contacts: z.tuple([RangeSchema]),
  contactIds: z.tuple([RangeSchema]),
  contactCount: z.tuple([]),
  seedContacts: z.tuple([z.int().min(0).max(10_000_000)]),
  touchContacts: z.tuple([z.int().min(0), z.int().optional()]),
  createRow: z.tuple([Name, Row.optional()]),
  createRows: z.tuple([Name, z.array(Row)]),
  changeRow: z.tuple([Name, Name, Row]),
  deleteRow: z.tuple([Name, Name]),
  row: z.tuple([Name, Name]),
  rows: z.tuple([Name, RangeSchema]),
  expireDeltaTokens: z.tuple([]),
  setCredentials: z.tuple([
    z.strictObject({ clientSecret: Name.optional(), secretExpired: z.boolean().optional() }),
  ]),
  setSwitches: z.tuple([z.looseObject({})]),
  switches: z.tuple([]),
  setLimits: z.tuple([ServiceLimits.partial()]),
  addColumn: z.tuple([Name, Column]),
  removeColumn: z.tuple([Name, Name]),
  renameColumn: z.tuple([Name, Name, Name]),
  retypeColumn: z.tuple([Name, Name, ColumnType]),
  setColumnLength: z.tuple([Name, Name, z.int().min(1)]),
  setChangeTracking: z.tuple([Name, z.boolean()]),
  setMultiple: z.tuple([Name, z.boolean()]),
  addTable: z.tuple([CustomTable]),
  removeTable: z.tuple([Name]),
  rowCount: z.tuple([Name]),
  timeline: z.tuple([Name]),
  setClockSkew: z.tuple([z.int().min(-86_400_000).max(86_400_000)]),
  revokePrivilege: z.tuple([Name, PrivilegeName]),
  grantPrivilege: z.tuple([Name, PrivilegeName]),
  setApplicationUser: z.tuple([z.boolean()]),
  setTrackingExpiryDays: z.tuple([z.int().min(0).max(365)]),
};
