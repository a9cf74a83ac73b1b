import type { TableMapping } from '@landbridge/contracts';
import type { BenchLine } from '../result.ts';
import { type BenchLandbridge, startLandbridge } from '../system/landbridge.ts';
import { median } from '../system/quantile.ts';
import { untilRecords } from '../system/settled.ts';
import type { BenchSimulators } from '../system/simulators.ts';
import { bareLoop } from './bare-loop.ts';

const CONCURRENCY = 32;
const TIMEOUT_MS = 900_000;

/** First loads of the same tables, by ingress and by the bare loop. */
export interface Contest {
  /** Parents before their children. */
  mappings: readonly TableMapping[];
  /** Of all tables together. */
  records: number;
  /** How often each contender loads everything; the median counts. */
  rounds: number;
  /** What a call to Campaign takes, each condition on its own; 63 was seen at Adobe. Units: ms. */
  latenciesMs: readonly number[];
}

/**
 * First loads through the whole of Landbridge, from the command to the last record, against a bare
 * loop with the same pages, writes and concurrency. Both take turns on the same simulators, with
 * each `sync_interval` and latency; each is told on stderr as soon as it is known.
 */
export async function compareFirstLoads(
  simulators: BenchSimulators,
  contest: Contest,
): Promise<BenchLine[]> {
  // Every load reads the whole table; how Dataverse limits its users is not what is measured.
  await simulators.dynamics.setLimits({ enabled: false });
  await bareLoop(simulators, contest.mappings, CONCURRENCY); // warms the simulators up
  const lines: BenchLine[] = [];
  for (const syncAlways of [true, false]) {
    await using landbridge = await startLandbridge({ syncAlways });
    for (const latencyMs of contest.latenciesMs) {
      await simulators.campaign.setLatency(latencyMs);
      const rates = await takeTurns(landbridge, simulators, contest, `bench-${latencyMs}`);
      const line = lineOf(syncAlways, latencyMs, rates);
      process.stderr.write(`  ${line.what}: ${line.value} against ${line.reference}\n`);
      lines.push(line);
    }
    await simulators.campaign.setLatency(0);
  }
  return lines;
}

type Rates = { ingress: number; bare: number };

function lineOf(syncAlways: boolean, latencyMs: number, { ingress, bare }: Rates) {
  const sync = syncAlways ? 'sync_interval always' : 'sync_interval default';
  return {
    what: `${sync}, Campaign answers after ${latencyMs} ms`,
    value: Math.round(ingress).toLocaleString('en'),
    reference: `bare loop ${Math.round(bare).toLocaleString('en')}`,
    ratio: ingress / bare,
  } satisfies BenchLine;
}

async function takeTurns(
  landbridge: BenchLandbridge,
  simulators: BenchSimulators,
  { mappings, records, rounds }: Contest,
  name: string,
): Promise<Rates> {
  const resources = mappings.map(({ campaignResource }) => campaignResource);
  const empty = async () => {
    for (const resource of resources) await simulators.campaign.deleteAllRecords(resource);
  };
  const ingress: number[] = [];
  const bare: number[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const instance = await landbridge.instance(`${name}-${round}`, simulators);
    await instance.map(mappings);
    await empty();
    ingress.push(
      await rateOf(records, async () => {
        await instance.start();
        await untilRecords(simulators, resources, records, TIMEOUT_MS);
      }),
    );
    await instance.stop();
    await empty();
    bare.push(
      await rateOf(records, async () => {
        await bareLoop(simulators, mappings, CONCURRENCY);
      }),
    );
  }
  return { ingress: median(ingress), bare: median(bare) };
}

async function rateOf(records: number, work: () => Promise<void>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return records / ((performance.now() - startedMs) / 1_000);
}
