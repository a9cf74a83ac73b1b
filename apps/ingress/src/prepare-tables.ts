import { setTimeout as sleep } from 'node:timers/promises';
import type { IngressRun, ReplicaId, TableMapping, TableName } from '@landbridge/contracts';
import {
  checkStructure,
  type Clearing,
  type Finding,
  type MappingMetadata,
  validateLinks,
} from '@landbridge/mapping';
import {
  type Bus,
  type TableAddress,
  type WrittenMemory,
  writtenMemory,
} from '@landbridge/messaging';
import { RunFailedError } from '@landbridge/pipeline';
import { createDeleteGuard, type DeleteGuard } from './deleting/delete-guard.ts';
import type { Ends } from './ends.ts';
import { type LinkedTable, linkTables } from './linking/link-tables.ts';
import { reportReleases } from './linking/report-releases.ts';
import type { TableLinking } from './linking/table-linking.ts';
import { acceptSchema, findSchema, type OnSpent } from './schema/find-schema.ts';
import { writeSuspectsAgain, type WatchedTable } from './schema/schema-watch.ts';
import { TableSchema } from './schema/table-schema.ts';
import { campaignFailure } from './schema/vendor-failures.ts';
import { recordAt } from './writing/campaign-records.ts';
import type { TableWriting } from './writing/record.writer.ts';

/** Everything that reading, writing and watching one mapped table stands on. */
export type PreparedTable = TableWriting &
  WatchedTable & {
    schema: TableSchema;
    memory: WrittenMemory;
    deletes: DeleteGuard;
    /** null: the table refers to no other, and none to it. */
    linked: LinkedTable | null;
  };

/** Counts calls per table from before the run has anybody to count them. */
export type OnTableSpent = (table: TableName, ...spent: Parameters<OnSpent>) => void;

/**
 * Checks the configuration against both systems and finds out how records are addressed.
 * Throws  RunFailedError naming what stands in the way; the vendors' errors that time heals.
 */
export async function prepareTables(
  run: IngressRun,
  ends: Ends,
  deps: { bus: Bus; replica: ReplicaId; clearing: Clearing; onSpent: OnTableSpent },
): Promise<Map<TableName, PreparedTable>> {
  const { configuration, workflow, instance } = run;
  refuse(checkStructure(configuration, run.settings.guardrails));
  const { bus } = deps;
  const memories = new Map(
    configuration.mappings.map(({ dynamicsTable: table }) => [
      table,
      writtenMemory(bus, { workflow, instance, table }),
    ]),
  );
  const release = reportReleases(run, deps);
  const prepared = new Map<TableName, PreparedTable>();
  const at = { workflow, instance };
  const linked = linkTables(configuration, memories, {
    bus,
    at,
    release,
    lookUp: lookUpIn(prepared),
  });
  // All at once, for each asks both systems in turn; of several faults the first table's is told.
  const preparing = configuration.mappings.map((mapping) =>
    prepareTable(mapping, run, ends, {
      ...deps,
      linked: linked.get(mapping.dynamicsTable) ?? null,
    }),
  );
  await Promise.allSettled(preparing);
  for (const table of preparing) {
    const ready = await table;
    prepared.set(ready.at.table, ready);
  }
  const found = [...prepared.values()].map(({ schema }) => schema.metadata);
  refuse(
    validateLinks(configuration, {
      tables: Object.fromEntries(found.map(({ table }) => [table.table, table])),
      resources: Object.fromEntries(found.map(({ resource }) => [resource.resource, resource])),
    }),
  );
  return prepared;
}

/** Only tables that are mapped are referred to, and nothing is written before all are prepared. */
const lookUpIn =
  (tables: ReadonlyMap<TableName, PreparedTable>): TableLinking['lookUp'] =>
  ({ table, key }, signal) => {
    const place = tables.get(table)?.place;
    if (place === undefined) throw new Error(`${table} is not mapped`);
    return recordAt(place, key, signal);
  };

function refuse(findings: readonly Finding[]): void {
  const wrong = findings.find(({ severity }) => severity === 'error');
  if (wrong !== undefined) throw invalid(`${wrong.pointer}: ${wrong.message}`, wrong.pointer);
}

async function prepareTable(
  mapping: TableMapping,
  { instance, workflow, settings }: IngressRun,
  ends: Ends,
  {
    bus,
    clearing,
    onSpent,
    linked,
  }: { bus: Bus; clearing: Clearing; onSpent: OnTableSpent; linked: LinkedTable | null },
): Promise<PreparedTable> {
  const at: TableAddress = { workflow, instance, table: mapping.dynamicsTable };
  const memory = writtenMemory(bus, at);
  const spent: OnSpent = (system, calls) => onSpent(mapping.dynamicsTable, system, calls);
  const look = () => findSchema(mapping, ends, spent);
  const started = acceptSchema(mapping, await look());
  const addressing = await probe(mapping, started, ends, spent);
  const schema: TableSchema = new TableSchema({
    mapping,
    started,
    look,
    sleep,
    onFault: async (failure) => {
      await writeSuspectsAgain({ at, schema, memory }, failure, bus);
    },
  });
  return {
    at,
    mapping,
    memory,
    schema,
    clearing,
    linking: linked?.linking ?? null,
    deletes: createDeleteGuard({ bus, at, memory, massDeletes: settings.massDeletes }),
    linked,
    place: {
      client: ends.campaign,
      resource: started.resource,
      keyField: mapping.key.campaign,
      addressing,
    },
    scope: [ends.destination, mapping.campaignResource, mapping.key.campaign],
  };
}

async function probe(
  mapping: TableMapping,
  { resource }: MappingMetadata,
  { campaign }: Ends,
  onSpent: OnSpent,
) {
  const keyField = mapping.key.campaign;
  try {
    const { value, calls } = await campaign.probeAddressing(resource, keyField);
    onSpent('campaign', calls);
    if (value !== null) return value;
  } catch (error) {
    const failure = campaignFailure(error);
    throw failure === null ? error : new RunFailedError(failure, { cause: error });
  }
  const field = `${mapping.campaignResource}.${keyField}`;
  const message =
    `Records cannot be addressed by ${field}: make it an identification key of the resource, ` +
    'or define a filter with it as its parameter, and publish';
  throw invalid(message, field);
}

function invalid(message: string, field: string): RunFailedError {
  return new RunFailedError({ code: 'configurationInvalid', system: 'landbridge', message, field });
}
