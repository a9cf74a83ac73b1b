import type { Incoming } from '../http/exchange.ts';
import type { Database, TableState } from './database.ts';
import type { CellValue } from './dataverse-control.ts';
import { collectionNavigation, isLookup } from './table.ts';

/** The activities regarding a contact with the moment that each tells, oldest first. */
export function timelineOf(db: Database, contactId: string): [TableState, number, CellValue][] {
  const regarding = `contact:${contactId}`;
  const found: [TableState, number, CellValue][] = [];
  for (const state of db.tables()) {
    if (!state.table.isActivity) continue;
    const moment = state.table.columns.find(({ type }) => type === 'dateTime')?.name ?? 'createdon';
    for (const ordinal of state.rows.ordinals()) {
      if (db.cell(state, ordinal, 'regardingobjectid') !== regarding) continue;
      found.push([state, ordinal, db.cell(state, ordinal, moment)]);
    }
  }
  const text = (entry: [TableState, number, CellValue]): string => String(entry[2]);
  return found.sort((a, b) => (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0));
}

/** The rows that refer to one row, by the name that its own table gives them: `contact_…s`. */
export function referring(
  db: Database,
  target: string,
  navigation: string,
): { state: TableState; property: string } | null {
  for (const state of db.tables()) {
    for (const column of state.table.columns) {
      if (!isLookup(column) || !(column.targets ?? []).includes(target)) continue;
      if (collectionNavigation(state.table, column, target) === navigation) {
        return { state, property: `_${column.name}_value` };
      }
    }
  }
  return null;
}

/** The same request with one condition more. */
export function narrowed(request: Incoming, condition: string): Incoming {
  const parts = request.query === '' ? [] : request.query.split('&');
  const isFilter = (part: string): boolean => /^(\$|%24)filter=/.test(part);
  const given = parts.find(isFilter);
  const own = given === undefined ? null : decodeURIComponent(given.replace(/^[^=]*=/, ''));
  const filter = own === null ? condition : `(${own}) and ${condition}`;
  const query = [
    ...parts.filter((part) => !isFilter(part)),
    `$filter=${encodeURIComponent(filter)}`,
  ].join('&');
  return { ...request, query };
}
