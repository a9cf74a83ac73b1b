import type { DynamicsTableMetadata, RecordsAre } from '@landbridge/contracts';
import type { DynamicsReader } from './clients.ts';

/** How many rows a table has, and how far that can be trusted. */
export interface TableCount {
  records: number;
  recordsAre: RecordsAre;
}

/** Dataverse counts so far itself, and stops. */
const COUNTED_MAX = 5_000;

/**
 * Small tables are counted, which is exact; of larger ones there are only Dynamics' statistics, up
 * to a day old. A table that the statistics call small may have grown since.
 */
export async function countTable(
  client: Pick<DynamicsReader, 'totalCount' | 'countTo5000'>,
  table: DynamicsTableMetadata,
  signal: AbortSignal,
): Promise<TableCount> {
  const { value: estimate } = await client.totalCount(table.table, { signal });
  if (estimate > COUNTED_MAX) return { records: estimate, recordsAre: 'estimated' };
  const { value: counted } = await client.countTo5000(table, { signal });
  if (counted < COUNTED_MAX) return { records: counted, recordsAre: 'counted' };
  return { records: Math.max(counted, estimate), recordsAre: 'estimated' };
}
