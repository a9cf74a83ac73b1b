import type { IngressRun, ReplicaId, TableName } from '@landbridge/contracts';
import { backlogOf, type Bus, readSelection, removeSelection } from '@landbridge/messaging';
import {
  type Pipeline,
  type Reader,
  type RunEnd,
  type RunHandle,
  runPipeline,
  RunVoice,
  type StartContext,
} from '@landbridge/pipeline';
import type { Log, MetricsRegistry } from '@landbridge/telemetry';
import type { IngressConfig } from './config.ts';
import { type Ends, openEnds } from './ends.ts';
import { type PreparedTable, prepareTables } from './prepare-tables.ts';
import { createDecidedReader } from './deleting/carry-out.ts';
import { watchHeldDeletes } from './deleting/watch-held.ts';
import { countWaiting } from './linking/link-tables.ts';
import { areRead, createLinkedReader } from './linking/linked.reader.ts';
import { LinkSweep } from './linking/sweep.ts';
import { guardReads } from './reading/read-guard.ts';
import { createTableReader } from './reading/table.reader.ts';
import { watchSchemas, writeSuspectsAgain } from './schema/schema-watch.ts';
import { executeVerifications } from './verifying/verifications.ts';
import type { VerifyingDeps } from './verifying/verifying-deps.ts';
import { createRecordWriter } from './writing/record.writer.ts';

export type IngressDeps = {
  bus: Bus;
  config: IngressConfig;
  log: Log;
  registry?: MetricsRegistry;
  /** How the two systems are reached; `openEnds` where left out. */
  open?: typeof openEnds;
  /** The wall clock, by which a day's budget ends. */
  now?: () => Date;
};

/**
 * Takes up one run in this process: checks both systems, then reads and writes until it is stopped
 * or meets what a person must mend.
 * Throws  RunFailedError, or the vendors' errors that time heals: then nothing of it is left.
 */
export async function runIngress(
  run: IngressRun,
  { replica, signal }: StartContext,
  deps: IngressDeps,
): Promise<RunHandle> {
  const { bus, config, log, registry, open = openEnds } = deps;
  const ends = await open(run, { bus, replica, config, log, now: deps.now });
  const voice = new RunVoice();
  try {
    const { clearing } = config;
    const tables = await prepareTables(run, ends, {
      bus,
      replica,
      clearing,
      onSpent: voice.spend.bind(voice),
    });
    signal.throwIfAborted();
    const pipeline = await runPipeline({
      bus,
      run,
      replica,
      readers: [...tables.values()].map((table) => readerOf(table, ends, { ...deps, run })),
      write: createRecordWriter(tables),
      ...waitingCountsOf(tables, bus, run),
      partitions: config.partitions,
      limits: config.limits,
      log,
      registry,
    });
    voice.heardBy(pipeline);
    return watchOver(pipeline, tables, ends, { ...deps, run, replica });
  } catch (error) {
    await ends.close();
    throw error;
  }
}

function readerOf(
  table: PreparedTable,
  ends: Ends,
  { bus, config, run }: IngressDeps & { run: IngressRun },
): Reader {
  const { at, mapping, memory, schema, deletes, linked } = table;
  const reader = createTableReader(
    {
      instance: at.instance,
      mapping,
      client: ends.dynamics,
      metadata: () => schema.metadata,
      memory,
      deletes,
      settledSince: async (since) => {
        const { oldestAt } = await backlogOf(bus, at);
        return oldestAt === null || oldestAt > since;
      },
      pageRowsMax: config.pageRowsMax,
      replayId: run.replays.find(({ table }) => table === at.table)?.replayId ?? null,
      selections: {
        next: () => readSelection(bus, at),
        done: (id) => removeSelection(bus, at, id),
      },
    },
    guardReads(schema),
  );
  if (linked === null) return createDecidedReader(reader, bus, at);
  const { linking, parents, children } = linked;
  const sweep = linking.isTarget
    ? new LinkSweep({ table: at.table, memory, linking, children })
    : null;
  const linkedDeps = { areParentsRead: areRead(bus, at, parents), sweep };
  return createDecidedReader(createLinkedReader(reader, linkedDeps), bus, at);
}

function waitingCountsOf(
  tables: ReadonlyMap<TableName, PreparedTable>,
  bus: Bus,
  { workflow, instance }: IngressRun,
) {
  const children = [...tables.values()].filter(({ linked }) => (linked?.parents.length ?? 0) > 0);
  if (children.length === 0) return {};
  const names = children.map(({ at }) => at.table);
  return { waitingCounts: countWaiting(names, { bus, at: { workflow, instance } }) };
}

/** Watches the schemas for as long as the run lives, and tidies up after it. */
function watchOver(
  pipeline: Pipeline,
  tables: ReadonlyMap<TableName, PreparedTable>,
  ends: Ends,
  deps: IngressDeps & { run: IngressRun; replica: ReplicaId },
): RunHandle {
  const { bus, config, log } = deps;
  const watching = new AbortController();
  const onFault = pipeline.fail.bind(pipeline);
  const watch = watchSchemas(tables, { everyMs: config.metadataMs, log, onFault }, watching.signal);
  const verifying = new AbortController();
  void pipeline.ended.then(() => verifying.abort());
  const verifications = [...tables.values()].map((table) =>
    executeVerifications(verifyingDeps(table, ends, deps), deps, verifying.signal),
  );
  const mapped = [...tables.values()].map(({ at }) => at);
  const held = watchHeldDeletes(mapped, { bus, pipeline, log }, watching.signal);
  const end = async (): Promise<RunEnd> => {
    const ended = await pipeline.ended;
    watching.abort();
    await Promise.all([watch, held, ...verifications]);
    for (const table of tables.values()) {
      const { fault } = table.schema;
      // What was still in hand when the fault was found was written after the first look.
      if (fault !== null) await writeSuspectsAgain(table, fault, bus);
    }
    await ends.close();
    return ended;
  };
  const ended = end();
  return {
    ended,
    stop: async (reason) => {
      verifying.abort();
      await pipeline.stop(reason);
      await ended;
    },
  };
}

function verifyingDeps(
  { at, mapping, memory, schema, clearing, place }: PreparedTable,
  { dynamics, campaign }: Ends,
  { bus, config }: IngressDeps,
): VerifyingDeps {
  const { resource, keyField, addressing } = place;
  return {
    bus,
    at,
    mapping,
    memory,
    metadata: () => schema.metadata,
    clearing,
    dynamics,
    campaign,
    place: { resource, keyField, addressing },
    passRecordsMax: config.verifyPassRecords,
    lookAgainAfterMs: Math.max(LOOK_AGAIN_MS_MIN, LOOK_AGAIN_POLLS * config.limits.pollMs),
  };
}

/** What changed a moment ago is given time to be read and written. */
const LOOK_AGAIN_MS_MIN = 2_000;
const LOOK_AGAIN_POLLS = 3;
