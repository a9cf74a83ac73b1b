import type { IngressConfiguration, LinkMapping, TableName } from '@landbridge/contracts';
import {
  type Bus,
  type EdgeEnd,
  linkEdges,
  requestRetry,
  waitingCount,
  type WorkflowAddress,
  type WrittenMemory,
} from '@landbridge/messaging';
import type { TableLinking } from './table-linking.ts';

/** Everything about the links of one table; `children` are the tables that refer to it. */
export type LinkedTable = {
  linking: TableLinking;
  parents: readonly TableName[];
  children: ReadonlyMap<TableName, Pick<WrittenMemory, 'get'>>;
};

/** Who refers to whom in `configuration`; a table without any link is not in the answer. */
export function linkTables(
  { mappings }: IngressConfiguration,
  memories: ReadonlyMap<TableName, WrittenMemory>,
  {
    bus,
    at,
    release,
    lookUp,
  }: { bus: Bus; at: WorkflowAddress } & Pick<TableLinking, 'release' | 'lookUp'>,
): Map<TableName, LinkedTable> {
  const edges = linkEdges(bus, at);
  const only = (tables: readonly TableName[]) =>
    new Map([...memories].filter(([table]) => tables.includes(table)));
  const linked = new Map<TableName, LinkedTable>();
  for (const { dynamicsTable: table, links } of mappings) {
    const parents = [...new Set(links.map(({ to }) => to))];
    const tablesWith = (isChosen: (link: LinkMapping) => boolean) =>
      mappings
        .filter((other) => other.links.some(isChosen))
        .map(({ dynamicsTable }) => dynamicsTable);
    const children = tablesWith(({ to }) => to === table);
    const ask = (record: EdgeEnd, how: { rewrite?: boolean }) =>
      requestRetry(
        bus,
        { ...at, table: record.table },
        { key: record.key, deadLetterId: null, ...how },
      );
    if (parents.length === 0 && children.length === 0) continue;
    const linking: TableLinking = {
      isTarget: children.length > 0,
      parents: only(parents),
      edges,
      nestedIn: new Set(tablesWith(({ to, by }) => to === table && by === 'key')),
      readAgain: (record) => ask(record, {}),
      lookUp,
      rewrite: (record) => ask(record, { rewrite: true }),
      release,
    };
    linked.set(table, { linking, parents, children: only(children) });
  }
  return linked;
}

/** How many links of each table's records wait; asks JetStream at most every two seconds. */
export function countWaiting(
  tables: readonly TableName[],
  { bus, at }: { bus: Bus; at: WorkflowAddress },
): () => Promise<ReadonlyMap<TableName, number>> {
  const counts = new Map<TableName, number>();
  let countedAtMs = Number.NEGATIVE_INFINITY;
  return async () => {
    if (performance.now() - countedAtMs < COUNT_EVERY_MS) return counts;
    countedAtMs = performance.now();
    for (const table of tables) counts.set(table, await waitingCount(bus, { ...at, table }));
    return counts;
  };
}

const COUNT_EVERY_MS = 2_000;
