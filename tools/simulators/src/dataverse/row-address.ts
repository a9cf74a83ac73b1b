import type { TableState } from './database.ts';
import { badSyntax, DataverseRefusal } from './dataverse-errors.ts';
import type { CellValue } from './dataverse-control.ts';
import type { Environment } from './environment.ts';
import { lookupValue } from './fields.ts';
import { unquoted } from './odata-lexer.ts';
import { columnsByProperty, isLookup } from './table.ts';

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The row inside an address's parentheses; `ordinal` null when there is none. */
export type Named = {
  ordinal: number | null;
  /** Set when the address is a guid. */
  id: string | null;
  /** Set when the address is an alternate key: the values a row made by it bears. */
  key: Record<string, CellValue> | null;
};

/** Reads `guid` or `key1='a',key2=1`. Throws  DataverseRefusal for what is neither. */
export function rowNamed(env: Environment, state: TableState, inside: string): Named {
  if (GUID.test(inside)) {
    const id = inside.toLowerCase();
    return { ordinal: state.rows.find(id), id, key: null };
  }
  const key: Record<string, CellValue> = {};
  for (const part of inside.match(/(?:[^,']|'(?:[^']|'')*')+/g) ?? []) {
    const [property = '', literal = ''] = part.split(/=(.*)/s);
    if (literal === '') throw notAKey(env, state);
    const column = columnsByProperty(state.table).get(property.trim());
    if (column === undefined) throw notAKey(env, state);
    key[column.name] = literal.startsWith("'") ? unquoted(literal) : keyValue(literal);
  }
  const columns = Object.keys(key).sort();
  const definition = state.table.keys.find(
    (one) => [...one.columns].sort().join() === columns.join(),
  );
  if (definition?.status !== 'Active') throw notAKey(env, state);
  return { ordinal: findByKey(env, state, definition.columns, key), id: null, key };
}

function notAKey(env: Environment, state: TableState): DataverseRefusal {
  return badSyntax(
    `The key in the request URI is not valid for resource 'Microsoft.Dynamics.CRM.${state.table.logicalName}'. Ensure that the names and number of key properties match the declared or alternate key properties for the resource.`,
    env.switches.syntaxErrorCode,
  );
}

function keyValue(literal: string): CellValue {
  if (GUID.test(literal)) return literal.toLowerCase();
  const number = Number(literal);
  return Number.isNaN(number) ? literal : number;
}

const SEPARATOR = '\u0001';
type KeyIndex = { upTo: number; changes: number; undone: number; rows: Map<string, number> };
const indexes = new WeakMap<TableState, Map<string, KeyIndex>>();

/** The live row that bears these key values. Text is compared without case. */
export function findByKey(
  env: Environment,
  state: TableState,
  columns: string[],
  key: Record<string, CellValue>,
): number | null {
  const wanted = columns.map((name) => partOf(key[name] ?? null));
  if (wanted.includes('')) return null;
  const text = wanted.join(SEPARATOR);
  const ordinal = indexFor(env, state, columns).rows.get(text);
  if (ordinal === undefined || !state.rows.isLive(ordinal)) return null;
  return keyText(env, state, columns, ordinal) === text ? ordinal : null;
}

/** Made at the first use, and from then on caught up with what was created and changed. */
function indexFor(env: Environment, state: TableState, columns: string[]): KeyIndex {
  const ofTable = indexes.get(state) ?? new Map<string, KeyIndex>();
  indexes.set(state, ofTable);
  const fresh: KeyIndex = { upTo: 0, changes: 0, undone: 0, rows: new Map() };
  const index = ofTable.get(columns.join()) ?? fresh;
  ofTable.set(columns.join(), index);
  const { rows } = state;
  const note = (ordinal: number): void => {
    const text = rows.isLive(ordinal) ? keyText(env, state, columns, ordinal) : null;
    if (text !== null) index.rows.set(text, ordinal);
  };
  if (rows.undone !== index.undone) {
    index.rows.clear();
    index.upTo = 0;
    index.undone = rows.undone;
  }
  for (let ordinal = index.upTo; ordinal < rows.end; ordinal++) note(ordinal);
  for (const { ordinal } of rows.changes.slice(index.changes)) note(ordinal);
  index.upTo = rows.end;
  index.changes = rows.changes.length;
  return index;
}

function keyText(
  env: Environment,
  state: TableState,
  columns: string[],
  ordinal: number,
): string | null {
  const parts = columns.map((name) => {
    const column = state.table.columns.find((one) => one.name === name);
    const cell = env.db.cell(state, ordinal, name);
    return partOf(
      column !== undefined && isLookup(column) ? (lookupValue(cell)?.id ?? null) : cell,
    );
  });
  return parts.includes('') ? null : parts.join(SEPARATOR);
}

function partOf(cell: CellValue): string {
  return cell === null ? '' : String(cell).toLowerCase();
}
