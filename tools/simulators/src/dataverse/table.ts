import type { Column, Option } from './column.schema.ts';

/** A table as its solution defines it. */
export type Table = {
  logicalName: string;
  schemaName: string;
  entitySet: string;
  label: string;
  objectTypeCode: number;
  primaryId: string;
  primaryName: string | null;
  isCustom: boolean;
  isActivity: boolean;
  changeTracking: boolean;
  /** Whether CreateMultiple and its siblings serve the table. */
  multiple: boolean;
  keys: {
    name: string;
    columns: string[];
    status: 'Active' | 'Pending' | 'InProgress' | 'Failed';
  }[];
  columns: Column[];
};

/** The property a column has in a row: lookups appear as `_<name>_value`. */
export function propertyOf(column: Column): string {
  return isLookup(column) ? `_${column.name}_value` : column.name;
}

export function isLookup(column: Column): boolean {
  return column.type === 'lookup' || column.type === 'customer' || column.type === 'owner';
}

/** Navigation property → target table. A lookup to one table bears the column's own name. */
export function navigationsOf(column: Column): Map<string, string> {
  const targets = column.targets ?? [];
  const [only] = targets;
  if (column.navigation !== undefined) {
    return new Map(Object.entries(column.navigation).map(([target, name]) => [name, target]));
  }
  if (targets.length === 1 && only !== undefined) {
    return new Map([[column.schemaName ?? column.name, only]]);
  }
  if (column.type === 'owner') return new Map([[column.name, 'systemuser']]);
  return new Map(
    targets.map((target) => [`${column.schemaName ?? column.name}_${target}`, target]),
  );
}

/** The name that the target gives to the rows that refer to it by `column`. */
export function collectionNavigation(table: Table, column: Column, target: string): string {
  return column.name === 'regardingobjectid'
    ? `${target}_${table.entitySet}`
    : `${target}_${table.logicalName}_${column.name}`;
}

export function findColumn(table: Table, name: string): Column | undefined {
  return columnsByName(table).get(name);
}

const indexes = new WeakMap<Column[], Map<string, Column>>();

function columnsByName(table: Table): Map<string, Column> {
  const known = indexes.get(table.columns);
  if (known !== undefined) return known;
  const map = new Map(table.columns.map((column) => [column.name, column]));
  indexes.set(table.columns, map);
  return map;
}

const properties = new WeakMap<Column[], Map<string, Column>>();

/** Columns by the property that a row or a query names them with. */
export function columnsByProperty(table: Table): Map<string, Column> {
  const known = properties.get(table.columns);
  if (known !== undefined) return known;
  const map = new Map(table.columns.map((column) => [propertyOf(column), column]));
  properties.set(table.columns, map);
  return map;
}

export const YES_NO: Option[] = [
  { value: 1, label: 'Yes' },
  { value: 0, label: 'No' },
];
