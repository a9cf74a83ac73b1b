import type { InstanceId, TableMapping } from '@landbridge/contracts';
import type { DynamicsRow } from '@landbridge/dynamics';
import { columnsOf, mapLinks, type MappingMetadata } from '@landbridge/mapping';
import { isAbsence, standingOf, type Absence, type EdgeEnd } from '@landbridge/messaging';
import type { ControlPlane } from '../control-plane.ts';
import { inTime, type Systems } from '../metadata/systems.ts';
import { filterOf } from './compare-record.ts';
import type { MappedTable } from './record-look-ups.ts';

/** A parent that a record would wait for, or that will not come, and why. */
export type ParentInTheWay = { parent: EdgeEnd; standing: 'waiting' | Absence };

export interface ParentDeps {
  controlPlane: Pick<ControlPlane, 'records'>;
  systems: Pick<Systems, 'dynamics' | 'dynamicsTable'>;
  /** All tables that are mapped, by which a parent that nobody has seen is judged. */
  mappings: readonly TableMapping[];
}

/** What keeps a record from being written for want of a parent; null: nothing does. */
export async function parentInTheWay(
  row: DynamicsRow,
  { instance, mapping }: MappedTable,
  metadata: MappingMetadata,
  deps: ParentDeps,
): Promise<ParentInTheWay | null> {
  const links = mapLinks(row, mapping, metadata, { clearing: 'empty' });
  if (links.kind !== 'linked') return null;
  const standings = await Promise.all(
    links.parents.map(async (parent) => ({
      parent,
      standing: await standingNow(instance, parent, deps),
    })),
  );
  const found = standings.flatMap(({ parent, standing }): ParentInTheWay[] =>
    standing === 'landed' ? [] : [{ parent, standing }],
  );
  return found.find(({ standing }) => standing !== 'waiting') ?? found[0] ?? null;
}

/** As the memory says; of a parent that nobody has seen yet, as Dynamics and its mapping say. */
async function standingNow(
  instance: InstanceId,
  { table, key: id }: EdgeEnd,
  { controlPlane, systems, mappings }: ParentDeps,
): Promise<'landed' | ParentInTheWay['standing']> {
  const { memory } = await controlPlane.records.memory({ instance, table, id });
  const standing = standingOf(memory?.entry ?? null);
  if (standing === 'landed' || isAbsence(standing)) return standing;
  const mapping = mappings.find(({ dynamicsTable }) => dynamicsTable === table);
  if (standing === 'waiting' || mapping === undefined) return 'waiting';
  const metadata = await systems.dynamicsTable(table, { instance, fresh: false });
  const { client } = await systems.dynamics(instance);
  const columns = columnsOf(mapping);
  const row = await inTime(
    async (signal) => (await client.row({ table: metadata, columns, id, signal })).value,
  );
  if (row === null) return 'missing';
  const { verdict } = filterOf(row.columns, mapping, { table: metadata });
  return verdict === 'fails' ? 'filteredOut' : 'waiting';
}
