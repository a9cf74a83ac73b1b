import { json, type Incoming, type Reply } from '../http/exchange.ts';
import type { TableState } from './database.ts';
import { badSyntax, DataverseRefusal, noSegment } from './dataverse-errors.ts';
import type { CellValue } from './dataverse-control.ts';
import type { Environment } from './environment.ts';
import { FilterTypeError, filterTest, type Field } from './filter-test.ts';
import { FilterSyntaxError, parseFilter } from './odata-filter.ts';
import { privilegesJson } from './privileges.ts';
import { queryOptions } from './query-options.ts';
import type { Table } from './table.ts';
import {
  attributesJson,
  columnJson,
  keysJson,
  manyToOneJson,
  optionSets,
  tableJson,
  type Json,
} from './table-metadata.ts';

const CASTS: Record<string, string[]> = {
  Picklist: ['picklist'],
  MultiSelectPicklist: ['multiSelectPicklist'],
  State: ['state'],
  Status: ['status'],
  Boolean: ['boolean'],
  Lookup: ['lookup', 'customer', 'owner'],
  String: ['string'],
  Memo: ['memo'],
  Integer: ['integer'],
  BigInt: ['bigint'],
  Decimal: ['decimal'],
  Double: ['double'],
  Money: ['money'],
  DateTime: ['dateOnly', 'dateTime', 'dateTimeIndependent'],
  UniqueIdentifier: ['uniqueidentifier'],
};

const WITH_OPTIONS = ['Picklist', 'MultiSelectPicklist', 'State', 'Status', 'Boolean'];

/** `EntityDefinitions…`: `rest` are the segments behind it. Throws  DataverseRefusal. */
export function readMetadata(
  env: Environment,
  first: string,
  rest: string[],
  request: Incoming,
): Reply {
  const { options } = queryOptions(request.query, env.switches.syntaxErrorCode);
  const selected = selectedOf(options.get('$select'));
  const context = `${env.api()}$metadata#EntityDefinitions`;
  if (first === 'EntityDefinitions') {
    const tables = env.db.tables().map(({ table }) => tableJson(table));
    return json(200, {
      '@odata.context': context,
      value: filtered(env, tables, options.get('$filter')).map((one) => pick(one, selected)),
    });
  }
  const state = tableOf(env, first);
  const [collection, cast] = rest;
  if (collection === undefined) {
    return json(200, {
      '@odata.context': `${context}/$entity`,
      ...pick(
        { ...tableJson(state.table), Privileges: privilegesJson(env, state.table) },
        selected,
      ),
      ...expanded(state.table, options.get('$expand')),
    });
  }
  const list = collectionOf(env, state.table, collection, cast, options.get('$expand'));
  const single = /^\w+\(LogicalName='(\w+)'\)$/.exec(collection);
  if (single !== null) {
    const found = list.find((one) => one['LogicalName'] === single[1]);
    if (found === undefined) throw attributeAbsent(single[1] ?? '');
    return json(200, { '@odata.context': `${context}/$entity`, ...pick(found, selected) });
  }
  return json(200, {
    '@odata.context': `${context}('${state.table.logicalName}')/${collection}`,
    value: filtered(env, list, options.get('$filter')).map((one) => pick(one, selected)),
  });
}

function tableOf(env: Environment, segment: string): TableState {
  const match = /^EntityDefinitions\((?:LogicalName='([^']*)'|([0-9a-f-]{36}))\)$/i.exec(segment);
  const named = match?.[1];
  const state =
    named === undefined
      ? env.db.tables().find(({ table }) => tableJson(table)['MetadataId'] === match?.[2])
      : env.db.find(named);
  if (match === null) throw noSegment(segment);
  if (state === undefined || state === null) {
    throw new DataverseRefusal(
      404,
      '0x80040217',
      `Could not find an entity with name ${named ?? match[2] ?? ''} in the database.`,
    );
  }
  return state;
}

function attributeAbsent(name: string): DataverseRefusal {
  return new DataverseRefusal(404, '0x80040217', `Could not find an attribute with name ${name}.`);
}

function collectionOf(
  env: Environment,
  table: Table,
  collection: string,
  cast: string | undefined,
  expand: string | undefined,
): Json[] {
  switch (/^\w+/.exec(collection)?.[0]) {
    case 'Attributes':
      return cast === undefined ? attributesJson(table) : castOf(env, table, cast, expand);
    case 'ManyToOneRelationships':
      return manyToOneJson(table);
    case 'Keys':
      return keysJson(table);
    default:
      throw noSegment(collection);
  }
}

function castOf(env: Environment, table: Table, cast: string, expand: string | undefined): Json[] {
  const name = /^Microsoft\.Dynamics\.CRM\.(\w+)AttributeMetadata$/.exec(cast)?.[1] ?? '';
  const types = CASTS[name];
  if (types === undefined) throw noSegment(cast);
  const globalOnly = env.switches.globalOptionSets === 'globalOnly';
  const wanted = (expand ?? '').split(/,(?![^(]*\))/).map((part) => /^\s*(\w+)/.exec(part)?.[1]);
  return table.columns
    .filter((column) => types.includes(column.type))
    .map((column) => {
      const plain = columnJson(table, column);
      Reflect.deleteProperty(plain, '@odata.type');
      if (!WITH_OPTIONS.includes(name)) return plain;
      const sets = optionSets(table, column, globalOnly);
      for (const set of ['OptionSet', 'GlobalOptionSet']) {
        if (wanted.includes(set)) plain[set] = sets[set];
      }
      return plain;
    });
}

function expanded(table: Table, expand: string | undefined): Json {
  const parts: Json = {};
  for (const match of (expand ?? '').matchAll(/(\w+)(?:\(([^)]*)\))?/g)) {
    const selected = selectedOf(/\$select=([\w,]+)/.exec(match[2] ?? '')?.[1]);
    if (match[1] === 'Keys') parts['Keys'] = keysJson(table).map((key) => pick(key, selected));
    if (match[1] === 'Attributes') {
      parts['Attributes'] = attributesJson(table).map((one) => pick(one, selected));
    }
    if (match[1] === 'ManyToOneRelationships') {
      parts['ManyToOneRelationships'] = manyToOneJson(table).map((one) => pick(one, selected));
    }
  }
  return parts;
}

function selectedOf(select: string | undefined): Set<string> | null {
  return select === undefined ? null : new Set(select.split(',').map((name) => name.trim()));
}

const ALWAYS = new Set(['@odata.type', 'MetadataId', 'OptionSet', 'GlobalOptionSet']);

function pick(all: Json, selected: Set<string> | null): Json {
  if (selected === null) return all;
  for (const name of selected) {
    if (!(name in all)) {
      throw badSyntax(
        `Could not find a property named '${name}' on type 'Microsoft.Dynamics.CRM.MetadataBase'.`,
        '0x80060888',
      );
    }
  }
  return Object.fromEntries(
    Object.entries(all).filter(([name]) => selected.has(name) || ALWAYS.has(name)),
  );
}

function filtered(env: Environment, list: Json[], filter: string | undefined): Json[] {
  if (filter === undefined) return list;
  const call = /\b(startswith|endswith|contains)\s*\(/.exec(filter);
  if (call !== null) {
    throw new DataverseRefusal(
      env.switches.metadataPrefixFilterStatus,
      '0x8006088a',
      `The "${call[1] ?? ''}" function isn't supported for Metadata Entities.`,
    );
  }
  try {
    const test = filterTest(parseFilter(filter, new Map()), (path) => metadataField(list, path));
    return list.filter(test);
  } catch (error) {
    if (error instanceof FilterSyntaxError || error instanceof FilterTypeError) {
      throw badSyntax(error.message, env.switches.syntaxErrorCode);
    }
    throw error;
  }
}

function metadataField(list: Json[], path: string): Field<Json> {
  const [outer = '', inner] = path.split('/');
  const get = (one: Json): CellValue => {
    const value = one[outer];
    const found =
      inner !== undefined && typeof value === 'object' && value !== null
        ? (value as Json)[inner]
        : value;
    return typeof found === 'object' ? null : (found as CellValue);
  };
  if (list.length > 0 && !list.some((one) => outer in one)) {
    throw badSyntax(
      `Could not find a property named '${outer}' on type 'Microsoft.Dynamics.CRM.EntityMetadata'.`,
      '0x80060888',
    );
  }
  const sample = list.map(get).find((value) => value !== null);
  const kind =
    typeof sample === 'boolean' ? 'boolean' : typeof sample === 'number' ? 'number' : 'text';
  return { kind, get };
}
