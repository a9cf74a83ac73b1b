import { until } from '@landbridge/testing';
import { countCalls, NO_METADATA_CHECKS } from './ingress/count-calls.ts';
import { seeChanges } from './ingress/see-changes.ts';
import { compareFirstLoads } from './ingress/take-turns.ts';
import { type BenchLine, type BenchResult, printable } from './result.ts';
import { type BenchInstance, type BenchLandbridge, startLandbridge } from './system/landbridge.ts';
import { ingressMaxMb } from './system/memory.ts';
import { untilRecords } from './system/settled.ts';
import { type BenchSimulators, startBenchSimulators } from './system/simulators.ts';
import { CHILD, FIVE_TABLES } from './tables/five-tables.ts';
import { deedsToChildren, type LinkedRecords, makeLinkedRecords } from './tables/linked-records.ts';

const CHANGES = 100;
const CALLS = 200;
const TIMEOUT_MS = 900_000;

export interface TablesBenchOptions {
  /** Of each of the five tables. */
  recordsEach: number;
  /** How often each contender loads everything; the median counts. */
  rounds: number;
  /** What a call to Campaign takes, each condition on its own. Units: ms. */
  latenciesMs: readonly number[];
}

/**
 * Five tables with links: their first load against a bare loop that writes parents first, then what
 * a child with parents and grandparents costs and how soon its changes show.
 */
export async function benchTables({
  recordsEach = 2_000,
  rounds = 3,
  latenciesMs = [63, 0],
}: Partial<TablesBenchOptions> = {}): Promise<BenchResult> {
  await using simulators = await startBenchSimulators(recordsEach);
  const made = await makeLinkedRecords(simulators, recordsEach);
  const records = recordsEach * FIVE_TABLES.length;
  const contest = { mappings: FIVE_TABLES, records, rounds, latenciesMs };
  const lines = await compareFirstLoads(simulators, contest);
  lines.push(...(await visible(simulators, made, records)));
  lines.push(...(await calls(simulators, made, records)));
  const title = `Five linked tables of ${recordsEach.toLocaleString('en')} records each: first load, records per second; a child’s changes and calls`;
  return { title, lines };
}

async function visible(
  simulators: BenchSimulators,
  made: LinkedRecords,
  records: number,
): Promise<BenchLine[]> {
  const { dynamics, campaign } = simulators;
  await using landbridge = await startLandbridge({ syncAlways: true });
  const instance = await loaded(landbridge, simulators, { name: 'visible', records });
  const lines = await seeChanges((made.get(CHILD.table) ?? []).slice(0, CHANGES + 1), {
    change: (id, value) => dynamics.changeRow(CHILD.table, id, { new_name: value }),
    shown: async (id) => (await campaign.record(CHILD.resource, 'externalId', id))?.[CHILD.name],
  });
  const mb = await ingressMaxMb(landbridge);
  await instance.stop();
  return [...lines, { what: 'most memory of ingress', value: `${Math.round(mb)} MB` }];
}

async function calls(
  simulators: BenchSimulators,
  made: LinkedRecords,
  records: number,
): Promise<BenchLine[]> {
  await using landbridge = await startLandbridge({ syncAlways: false, env: NO_METADATA_CHECKS });
  const instance = await loaded(landbridge, simulators, { name: 'calls', records });
  const deeds = deedsToChildren(simulators, made, CALLS);
  const lines = await countCalls(instance, simulators, { of: 'a linked child', deeds });
  await instance.stop();
  return lines;
}

/** An instance whose first load is written and told, and which follows changes now. */
async function loaded(
  landbridge: BenchLandbridge,
  simulators: BenchSimulators,
  { name, records }: { name: string; records: number },
): Promise<BenchInstance> {
  const resources = FIVE_TABLES.map(({ campaignResource }) => campaignResource);
  for (const resource of resources) await simulators.campaign.deleteAllRecords(resource);
  const instance = await landbridge.instance(name, simulators);
  await instance.map(FIVE_TABLES);
  await instance.start();
  await untilRecords(simulators, resources, records, TIMEOUT_MS);
  await until(
    'the first load to be told, and changes to be followed',
    instance.view,
    ({ figures, backlog }) => figures.written >= records && backlog === 0,
    { timeoutMs: TIMEOUT_MS },
  );
  return instance;
}

if (import.meta.main) process.stdout.write(`${printable(await benchTables())}\n`);
