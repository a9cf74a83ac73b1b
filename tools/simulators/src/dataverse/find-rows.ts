import { compareKeys, type Cookie } from './cookies.ts';
import type { TableState } from './database.ts';
import { idsNamed, modifiedFloor, rankOf, type Field } from './filter-test.ts';
import { inIdOrder } from './id-order.ts';
import type { FilterNode } from './odata-filter.ts';

/** What a list is asked for, and how far it was walked. */
export type RowSearch = {
  matches: ((ordinal: number) => boolean) | null;
  filter: FilterNode | null;
  order: { path: string; field: Field<number>; sign: number }[];
  cookie: Cookie | null;
};

export type FoundRow = { ordinal: number; keys: Cookie['keys'] };

/** The rows behind the cookie: `wanted` of them, or more. */
export function findRows(state: TableState, search: RowSearch, wanted: number): FoundRow[] {
  const { order, filter } = search;
  const [first, ...others] = order;
  if (first === undefined) return next(state, search, wanted);
  const isById = first.path === state.table.primaryId && first.sign > 0 && others.length === 0;
  return isById && filter === null ? nextById(state, search, wanted) : sorted(state, search);
}

/** The candidates of a filter, as few as it is easy to see. */
export function candidates(
  state: TableState,
  filter: FilterNode | null,
  from: number,
): Iterable<number> {
  if (filter === null) return state.rows.ordinals(from);
  const ids = idsNamed(filter, state.table.primaryId);
  if (ids !== null) {
    return [...ids]
      .map((id) => state.rows.find(id))
      .filter((ordinal) => ordinal !== null && ordinal >= from)
      .filter((ordinal) => ordinal !== null)
      .sort((a, b) => a - b);
  }
  const floor = modifiedFloor(filter);
  if (floor === null) return state.rows.ordinals(from);
  return [...state.rows.modifiedSince(floor)].filter((at) => at >= from).sort((a, b) => a - b);
}

/** The next rows in the order of their creation. */
function next(state: TableState, search: RowSearch, wanted: number): FoundRow[] {
  const found: FoundRow[] = [];
  const from = search.cookie === null ? 0 : search.cookie.ordinal + 1;
  for (const ordinal of candidates(state, search.filter, from)) {
    if (search.matches !== null && !search.matches(ordinal)) continue;
    found.push({ ordinal, keys: null });
    if (found.length >= wanted) break;
  }
  return found;
}

/** The next rows in the order of their ids, without sorting all of them for every page. */
function nextById({ rows }: TableState, { cookie }: RowSearch, wanted: number): FoundRow[] {
  const after = cookie?.keys?.[0] ?? null;
  const found: FoundRow[] = [];
  for (const ordinal of inIdOrder(rows, after === null ? null : String(after))) {
    if (found.length >= wanted) break;
    found.push({ ordinal, keys: [rows.idOf(ordinal).toLowerCase(), ordinal] });
  }
  return found;
}

/** All rows behind the cookie in the order asked for; the ordinal settles ties. */
function sorted(state: TableState, { order, cookie, filter, matches }: RowSearch): FoundRow[] {
  const signs = [...order.map(({ sign }) => sign), 1];
  const after = cookie?.keys ?? null;
  const found: { ordinal: number; keys: (string | number | null)[] }[] = [];
  for (const ordinal of candidates(state, filter, 0)) {
    if (matches !== null && !matches(ordinal)) continue;
    const keys = order.map(({ field }) => rankOf(field.kind, field.get(ordinal)));
    keys.push(ordinal);
    if (after === null || compareKeys(keys, after, signs) > 0) found.push({ ordinal, keys });
  }
  return found.sort((a, b) => compareKeys(a.keys, b.keys, signs));
}
