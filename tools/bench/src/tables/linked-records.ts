import type { DataverseRow } from '@landbridge/simulators';
import type { Deeds } from '../ingress/count-calls.ts';
import type { BenchSimulators } from '../system/simulators.ts';
import { CAMPAIGN_RESOURCES, CHILD, DYNAMICS_TABLES, PARENTS } from './five-tables.ts';

/** Rows made by one request to the simulator. */
const CHUNK_ROWS = 1_000;

/** The records of each table, by its name. */
export type LinkedRecords = ReadonlyMap<string, readonly string[]>;

/** Makes the four tables on both sides, and `records` rows of each, linked to rows of their parents. */
export async function makeLinkedRecords(
  { dynamics, campaign }: BenchSimulators,
  records: number,
): Promise<LinkedRecords> {
  for (const resource of CAMPAIGN_RESOURCES) await campaign.addResource(resource);
  for (const table of DYNAMICS_TABLES) await dynamics.addTable(table);
  const made = new Map<string, readonly string[]>([['contact', await dynamics.contactIds()]]);
  for (const { table } of PARENTS) {
    const ids: string[] = [];
    for (let from = 0; from < records; from += CHUNK_ROWS) {
      const count = Math.min(CHUNK_ROWS, records - from);
      ids.push(...(await dynamics.createRows(table, rowsOf(table, made, { from, count }))));
    }
    made.set(table, ids);
  }
  return made;
}

/** Parents are strewn, so that neighbours do not refer to neighbours. */
function rowsOf(
  table: string,
  made: LinkedRecords,
  { from, count }: { from: number; count: number },
): DataverseRow[] {
  const parents = PARENTS.find((one) => one.table === table)?.parents ?? {};
  return Array.from({ length: count }, (_, offset) => {
    const index = from + offset;
    const row: DataverseRow = {
      new_name: `${table} ${index}`,
      new_city: `City ${index % 90}`,
    };
    for (const [lookup, to] of Object.entries(parents)) {
      const ids = made.get(to) ?? [];
      row[lookup] = ids[(index * 7 + 3) % ids.length] ?? null;
    }
    return row;
  });
}

/** Deeds to `records` children whose parents are there already, and stay. */
export function deedsToChildren(
  { dynamics }: BenchSimulators,
  made: LinkedRecords,
  records: number,
): Deeds {
  const { table } = CHILD;
  const known = made.get(table) ?? [];
  const ids = known.slice(0, records);
  const all = (deed: (id: string) => Promise<unknown>) => Promise.all(ids.map(deed));
  return {
    records: ids.length,
    insert: () =>
      dynamics.createRows(table, rowsOf(table, made, { from: known.length, count: ids.length })),
    update: () => all((id) => dynamics.changeRow(table, id, { new_name: 'Changed' })),
    touch: () => all((id) => dynamics.changeRow(table, id, { new_note: 'Touched' })),
    remove: () => all((id) => dynamics.deleteRow(table, id)),
  };
}
