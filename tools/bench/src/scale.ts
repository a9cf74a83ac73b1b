import { until } from '@landbridge/testing';
import { type BenchLine, type BenchResult, printable } from './result.ts';
import { type BenchLandbridge, startLandbridge } from './system/landbridge.ts';
import { residentMaxMb } from './system/memory.ts';
import { type BenchSimulators, startBenchSimulators } from './system/simulators.ts';

const SIZES = [10_000, 100_000];
const LARGE = 1_000_000;
/** A load that stands still for so long has come to grief. */
const STILL_MS_MAX = 60_000;

/** A first load of each size in fresh processes: time per record, and each service's memory. */
export async function benchScale(options: { large: boolean }): Promise<BenchResult> {
  const sizes = options.large ? [...SIZES, LARGE] : SIZES;
  const lines: BenchLine[] = [];
  let smallest: number | null = null;
  for (const size of sizes) {
    const { msPerRecord, memory } = await load(size);
    smallest ??= msPerRecord;
    const records = `${size.toLocaleString('en')} records`;
    lines.push({
      what: `${records}, time per record`,
      value: `${msPerRecord.toFixed(3)} ms`,
      ...(msPerRecord === smallest
        ? {}
        : {
            reference: `${smallest.toFixed(3)} ms at the smallest`,
            ratio: smallest / msPerRecord,
          }),
    });
    for (const [name, mb] of memory) {
      lines.push({ what: `${records}, most memory of ${name}`, value: `${Math.round(mb)} MB` });
    }
  }
  return { title: 'Scale: first loads of growing tables, sync_interval always', lines };
}

type Load = { msPerRecord: number; memory: [service: string, mb: number][] };

async function load(size: number): Promise<Load> {
  await using simulators = await startBenchSimulators(size);
  await using landbridge = await startLandbridge({ syncAlways: true });
  const instance = await landbridge.instance('scale', simulators);
  const startedMs = performance.now();
  await instance.start();
  await untilLoaded(simulators, size, startedMs, landbridge);
  const msPerRecord = (performance.now() - startedMs) / size;
  const memory = await memoryOf(landbridge);
  await instance.stop();
  return { msPerRecord, memory };
}

async function memoryOf({ everything }: BenchLandbridge): Promise<Load['memory']> {
  const services = [everything.controlPlane, ...everything.ingress, everything.nats];
  return Promise.all(
    services.map(async (one): Promise<[string, number]> => [
      one.name,
      await residentMaxMb(one.pid()),
    ]),
  );
}

/** Tells on stderr how each tenth went: a long load is watched, and may have to be broken off. */
async function untilLoaded(
  { campaign }: BenchSimulators,
  size: number,
  startedMs: number,
  landbridge: BenchLandbridge,
): Promise<void> {
  for (let tenth = 1, sinceMs = startedMs; tenth <= 10; tenth += 1) {
    const wanted = (size * tenth) / 10;
    let [last, movedMs] = [0, performance.now()];
    await until(
      `${wanted} profiles, or a standstill`,
      async () => {
        const count = await campaign.profileCount();
        if (count > last) [last, movedMs] = [count, performance.now()];
        return count;
      },
      (count) => count >= wanted || performance.now() - movedMs > STILL_MS_MAX,
      { timeoutMs: Number.POSITIVE_INFINITY, everyMs: 50 },
    );
    if (last < wanted) throw new Error(`The load stands still at ${last} of ${size} records`);
    const nowMs = performance.now();
    const ms = ((nowMs - sinceMs) / (size / 10)).toFixed(3);
    const memory = (await memoryOf(landbridge)).map(([name, mb]) => `${name} ${Math.round(mb)} MB`);
    process.stderr.write(`  ${wanted} records: ${ms} ms each, ${memory.join(', ')}\n`);
    sinceMs = nowMs;
  }
}

if (import.meta.main) {
  const large = process.argv.includes('--large');
  process.stdout.write(`${printable(await benchScale({ large }))}\n`);
}
