import { type CampaignClient, createCampaignClient, nestedBody } from '@landbridge/campaign';
import type { TableMapping } from '@landbridge/contracts';
import { createDynamicsClient, type DynamicsClient, type DynamicsRow } from '@landbridge/dynamics';
import { columnsOf, mapLinks, mapRecord, type MappingMetadata } from '@landbridge/mapping';
import type { BenchSimulators } from '../system/simulators.ts';

const PAGE_ROWS = 5_000;
const CLEARING = { clearing: 'empty' } as const;

/** One table on its way: where it comes from, how it is mapped, where it goes. */
type Route = { mapping: TableMapping; metadata: MappingMetadata };

/**
 * Reads every row of each mapped table, in the order of `mappings`, and posts it, `concurrency` at a
 * time, and remembers nothing: what a script would do that is given parents before their children.
 * It reads the next page while it still writes the last one, and begins no table before the one
 * before it is written. Answers the number of records.
 * Throws  what either client throws, and Error for a record that does not map.
 */
export async function bareLoop(
  { connections }: BenchSimulators,
  mappings: readonly TableMapping[],
  concurrency: number,
): Promise<number> {
  await using dynamics = createDynamicsClient({ connection: connections.dynamics });
  await using campaign = createCampaignClient({
    connection: connections.campaign,
    connectionsMax: concurrency,
  });
  let written = 0;
  for (const mapping of mappings) {
    const table = (await dynamics.table(mapping.dynamicsTable)).value;
    const resource = (await campaign.resource(mapping.campaignResource)).value;
    const route = { mapping, metadata: { table, resource } };
    const rows = rowsOf(dynamics, route);
    const counts = await Promise.all(
      Array.from({ length: concurrency }, () => writeAll(rows, campaign, route)),
    );
    written += counts.reduce((sum, count) => sum + count, 0);
  }
  return written;
}

/** One generator for all writers: each row goes to one of them. */
async function* rowsOf(
  client: DynamicsClient,
  { mapping, metadata: { table } }: Route,
): AsyncGenerator<DynamicsRow, void> {
  const read = (link: string | null) =>
    client.readPage({
      table,
      columns: columnsOf(mapping),
      link,
      pageRowsMax: PAGE_ROWS,
      trackChanges: true,
    });
  let reading: ReturnType<typeof read> | null = read(null);
  while (reading !== null) {
    const page: Awaited<ReturnType<typeof read>>['value'] = (await reading).value;
    reading = page.nextLink === null ? null : read(page.nextLink);
    yield* page.rows;
  }
}

async function writeAll(
  rows: AsyncGenerator<DynamicsRow, void>,
  client: CampaignClient,
  route: Route,
): Promise<number> {
  let written = 0;
  for (;;) {
    const next = await rows.next();
    if (next.done === true) return written;
    await client.insert(route.metadata.resource, bodyOf(next.value, route));
    written += 1;
  }
}

function bodyOf(row: DynamicsRow, { mapping, metadata }: Route) {
  const mapped = mapRecord(row.columns, mapping, metadata, CLEARING);
  if (!mapped.ok) throw new Error(mapped.rejected.message);
  const links = mapLinks(row, mapping, metadata, CLEARING);
  if (links.kind !== 'linked') throw new Error('A link does not map');
  return nestedBody({
    [mapped.keyField]: mapped.key,
    ...mapped.followed,
    ...mapped.onInsert,
    ...links.attributes,
  });
}
