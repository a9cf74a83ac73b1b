import type { Column } from './column.schema.ts';
import type { Database, TableState } from './database.ts';
import type { CellValue } from './dataverse-control.ts';
import { badSyntax } from './dataverse-errors.ts';
import { columnFor, lookupValue, navigation } from './fields.ts';
import { wantsAnnotation, type Preferences } from './query-options.ts';
import { findColumn, isLookup, navigationsOf, propertyOf } from './table.ts';

const FORMATTED = 'OData.Community.Display.V1.FormattedValue';
const LOGICAL_NAME = 'Microsoft.Dynamics.CRM.lookuplogicalname';
const NAVIGATION = 'Microsoft.Dynamics.CRM.associatednavigationproperty';

export type Expansion = { name: string; column: Column; target: TableState; selection: Selection };

/** What of each row goes into a reply. `listed` is the `$select` as given, for the context. */
export type Selection = { columns: Column[]; listed: string[]; expansions: Expansion[] };

export type RowJson = Record<string, unknown>;

/** Reads `$select` and `$expand`. Throws  DataverseRefusal for a property that is not there. */
export function selectionOf(
  db: Database,
  state: TableState,
  select: string | undefined,
  expand: string | undefined,
  syntaxCode: string,
): Selection {
  const { table } = state;
  const expansions = (expand === undefined ? [] : splitOutside(expand, ',')).map((part) =>
    expansionOf(db, state, part, syntaxCode),
  );
  const listed = (select ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (listed.length === 0 || listed.includes('*')) {
    const columns = table.columns.filter(({ read, type }) => read !== false && type !== 'image');
    return { columns, listed: [], expansions };
  }
  const columns = new Set<Column>();
  const add = (name: string): void => {
    const column = findColumn(table, name);
    if (column !== undefined) columns.add(column);
  };
  for (const property of listed) {
    const column = columnFor(table, property, syntaxCode);
    columns.add(column);
    if (column.type === 'money') add('transactioncurrencyid');
    const line = /^(address\d_)line1$/.exec(property);
    if (line !== null) add(`${line[1] ?? ''}composite`);
  }
  add(table.primaryId);
  return { columns: [...columns], listed, expansions };
}

function expansionOf(db: Database, state: TableState, part: string, syntaxCode: string): Expansion {
  const match = /^(\w+)(?:\((.*)\))?$/s.exec(part.trim());
  const name = match?.[1] ?? part;
  const found = navigation(state.table, name);
  const target = found === null ? null : db.find(found.target);
  if (found === null || target === null) {
    throw badSyntax(
      `Could not find a property named '${name}' on type 'Microsoft.Dynamics.CRM.${state.table.logicalName}'.`,
      syntaxCode,
    );
  }
  const inner = new Map(
    splitOutside(match?.[2] ?? '', ';').map((option) => {
      const [key = '', value = ''] = option.split(/=(.*)/s);
      return [key.trim(), value] as const;
    }),
  );
  const selection = selectionOf(db, target, inner.get('$select'), inner.get('$expand'), syntaxCode);
  return { name, column: found.column, target, selection };
}

/** Splits at `mark`, but not inside parentheses. */
function splitOutside(text: string, mark: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '(') depth++;
    else if (text[at] === ')') depth--;
    else if (text[at] === mark && depth === 0) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  if (from < text.length) parts.push(text.slice(from));
  return parts;
}

/** One row as the Web API writes it. */
export function rowJson(
  db: Database,
  state: TableState,
  ordinal: number,
  selection: Selection,
  preferences: Preferences,
): RowJson {
  const row: RowJson = { '@odata.etag': `W/"${state.rows.version(ordinal)}"` };
  const annotated = preferences.annotations !== null;
  for (const column of selection.columns) {
    const cell = db.cell(state, ordinal, column.name);
    const property = propertyOf(column);
    row[property] = isLookup(column) ? (lookupValue(cell)?.id ?? null) : cell;
    if (annotated && cell !== null) annotate(row, { db, column, property, cell, preferences });
  }
  for (const { name, column, target, selection: inner } of selection.expansions) {
    const value = lookupValue(db.cell(state, ordinal, column.name));
    const other = value?.table === target.table.logicalName ? target.rows.find(value.id) : null;
    row[name] = other === null ? null : rowJson(db, target, other, inner, preferences);
  }
  return row;
}

type Annotated = {
  db: Database;
  column: Column;
  property: string;
  cell: CellValue;
  preferences: Preferences;
};

function annotate(row: RowJson, { db, column, property, cell, preferences }: Annotated): void {
  if (wantsAnnotation(preferences, FORMATTED)) {
    const label = isLookup(column) ? nameBehind(db, cell) : labelOf(column, cell);
    if (label !== null) row[`${property}@${FORMATTED}`] = label;
  }
  const lookup = isLookup(column) ? lookupValue(cell) : null;
  if (lookup === null) return;
  if (wantsAnnotation(preferences, LOGICAL_NAME)) row[`${property}@${LOGICAL_NAME}`] = lookup.table;
  if (!wantsAnnotation(preferences, NAVIGATION)) return;
  for (const [name, target] of navigationsOf(column)) {
    if (target === lookup.table) row[`${property}@${NAVIGATION}`] = name;
  }
}

function nameBehind(db: Database, cell: CellValue): string | null {
  const lookup = lookupValue(cell);
  const state = lookup === null ? null : db.find(lookup.table);
  const ordinal = lookup === null ? null : (state?.rows.find(lookup.id) ?? null);
  const name = state?.table.primaryName ?? null;
  if (state === null || ordinal === null || name === null) return null;
  const value = db.cell(state, ordinal, name);
  return value === null ? null : String(value);
}

const optionOf = (column: Column, value: number): string | null =>
  column.options?.find((option) => option.value === value)?.label ?? null;

/** A cell as the calling user's language and format show it; null where there is no such form. */
function labelOf(column: Column, cell: CellValue): string | null {
  switch (column.type) {
    case 'boolean':
      return optionOf(column, cell === true ? 1 : 0);
    case 'picklist':
    case 'state':
    case 'status':
      return optionOf(column, Number(cell));
    case 'multiSelectPicklist':
      return String(cell)
        .split(',')
        .map((value) => optionOf(column, Number(value)) ?? value)
        .join('; ');
    case 'money':
      return `$${Number(cell).toLocaleString('en-US', { minimumFractionDigits: 2 })}`;
    case 'integer':
    case 'decimal':
    case 'double':
      return Number(cell).toLocaleString('en-US', { minimumFractionDigits: column.precision ?? 0 });
    case 'bigint':
      return Number(cell).toLocaleString('en-US');
    case 'dateOnly':
      return new Date(`${String(cell)}T00:00:00Z`).toLocaleDateString('en-US', { timeZone: 'UTC' });
    case 'dateTime':
    case 'dateTimeIndependent':
      return new Date(String(cell)).toLocaleString('en-US', {
        dateStyle: 'short',
        timeStyle: 'short',
        timeZone: 'UTC',
      });
    default:
      return null;
  }
}

/** The property names of a `$select`, or of everything, for `@odata.context`. */
export function contextColumns(selection: Selection): string {
  return selection.listed.length === 0 ? '' : `(${selection.listed.join(',')})`;
}
