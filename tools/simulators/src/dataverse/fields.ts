import type { Column, ColumnType } from './column.schema.ts';
import { noProperty } from './dataverse-errors.ts';
import type { Database, TableState } from './database.ts';
import type { CellValue } from './dataverse-control.ts';
import type { Field, FieldKind } from './filter-test.ts';
import { columnsByProperty, isLookup, navigationsOf, type Table } from './table.ts';

const KINDS: Record<ColumnType, FieldKind> = {
  string: 'text',
  memo: 'text',
  integer: 'number',
  bigint: 'number',
  decimal: 'number',
  double: 'number',
  money: 'number',
  boolean: 'boolean',
  picklist: 'number',
  multiSelectPicklist: 'choices',
  state: 'number',
  status: 'number',
  dateOnly: 'date',
  dateTime: 'date',
  dateTimeIndependent: 'date',
  lookup: 'guid',
  customer: 'guid',
  owner: 'guid',
  uniqueidentifier: 'guid',
  image: 'text',
};

export type LookupValue = { table: string; id: string };

/** A lookup is stored as `table:id`. */
export function lookupValue(cell: CellValue): LookupValue | null {
  if (typeof cell !== 'string') return null;
  const colon = cell.indexOf(':');
  return { table: cell.slice(0, colon), id: cell.slice(colon + 1) };
}

/** The column a query means by `property`. Throws  DataverseRefusal when there is none. */
export function columnFor(table: Table, property: string, syntaxCode?: string): Column {
  const column = columnsByProperty(table).get(property);
  if (column === undefined || column.read === false) {
    throw noProperty(property, table.logicalName, syntaxCode);
  }
  return column;
}

/** The lookup behind a navigation property, and the table it leads to there. */
export function navigation(table: Table, name: string): { column: Column; target: string } | null {
  for (const column of table.columns) {
    if (!isLookup(column)) continue;
    const target = navigationsOf(column).get(name);
    if (target !== undefined) return { column, target };
  }
  return null;
}

/** A property of `state`'s rows for a filter or an order; `nav/column` looks one row further. */
export function fieldOf(
  db: Database,
  state: TableState,
  path: string,
  syntaxCode: string,
): Field<number> {
  const slash = path.indexOf('/');
  if (slash >= 0) return fieldBeyond(db, state, path.slice(0, slash), path.slice(slash + 1));
  const column = columnFor(state.table, path, syntaxCode);
  const kind = KINDS[column.type];
  if (!isLookup(column)) return { kind, get: (ordinal) => db.cell(state, ordinal, column.name) };
  return { kind, get: (ordinal) => lookupValue(db.cell(state, ordinal, column.name))?.id ?? null };
}

function fieldBeyond(db: Database, state: TableState, nav: string, rest: string): Field<number> {
  const found = navigation(state.table, nav);
  const target = found === null ? null : db.find(found.target);
  if (found === null || target === null) throw noProperty(nav, state.table.logicalName);
  const inner = fieldOf(db, target, rest, '0x80060888');
  return {
    kind: inner.kind,
    get: (ordinal) => {
      const value = lookupValue(db.cell(state, ordinal, found.column.name));
      const row = value?.table === found.target ? target.rows.find(value.id) : null;
      return row === null ? null : inner.get(row);
    },
  };
}
