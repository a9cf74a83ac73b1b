import { type VerificationFigures, VerificationView } from '@landbridge/contracts';
import { until } from '@landbridge/testing';
import { type BenchLine, type BenchResult, printable } from './result.ts';
import { type BenchLandbridge, startLandbridge } from './system/landbridge.ts';
import { ingressMaxMb } from './system/memory.ts';
import { type BenchSimulators, startBenchSimulators } from './system/simulators.ts';

const SIZE = 20_000;
const PLANTED = 20;
const NAME = 'verify';
const PATH = `/instances/${NAME}/workflows/ingress/mappings/contact/verify`;

/**
 * Tables that are loaded and then verified, each in fresh processes: time, calls, and the most memory
 * of ingress. What each size found is told on stderr as soon as it is known.
 */
export async function benchVerify(sizes: readonly number[] = [SIZE]): Promise<BenchResult> {
  const lines: BenchLine[] = [];
  for (const size of sizes) {
    const found = await loadAndVerify(size);
    const title = `Verification of ${size.toLocaleString('en')} contacts`;
    if (sizes.length === 1) return { title, lines: found };
    process.stderr.write(`${printable({ title, lines: found })}\n`);
    const of = (what: string) => `${size.toLocaleString('en')} contacts, ${what}`;
    lines.push(...found.map((line) => ({ ...line, what: of(line.what) })));
  }
  return { title: 'Verification of growing tables', lines };
}

async function loadAndVerify(records: number): Promise<BenchLine[]> {
  await using simulators = await startBenchSimulators(records);
  await using landbridge = await startLandbridge({ syncAlways: false });
  const instance = await landbridge.instance(NAME, simulators);
  const startedMs = performance.now();
  await instance.start();
  const first = await untilThere(simulators, 1);
  const firstMs = performance.now();
  await untilThere(simulators, records);
  const lastMs = performance.now();
  await until('an empty queue', instance.view, ({ backlog }) => backlog === 0, {
    timeoutMs: Number.POSITIVE_INFINITY,
    everyMs: 500,
  });
  const loadedMb = await ingressMaxMb(landbridge);
  const ids = await simulators.dynamics.contactIds({ top: PLANTED });
  for (const id of ids) await simulators.campaign.changeProfile(id, { lastName: 'Planted' });
  const verifyStartedMs = performance.now();
  const { figures, forecast } = await verify(landbridge);
  const seconds = (performance.now() - verifyStartedMs) / 1_000;
  const verifiedMb = await ingressMaxMb(landbridge);
  await instance.stop();
  return [
    ms('first load, time per record', (lastMs - startedMs) / records),
    ms('first load, time per record behind the first', (lastMs - firstMs) / (records - first)),
    { what: 'records compared', value: String(figures.comparedCount) },
    { what: 'differences planted and found', value: `${PLANTED} and ${figures.different}` },
    { what: 'passes', value: String(figures.passCount) },
    { what: 'time', value: `${seconds.toFixed(1)} s (with one wait for the second look a pass)` },
    { what: 'records a second', value: (figures.comparedCount / seconds).toFixed(0) },
    {
      what: 'calls of Dynamics',
      value: String(figures.calls.dynamics),
      reference: `${forecast.calls.dynamics} said beforehand`,
    },
    {
      what: 'calls of Campaign',
      value: String(figures.calls.campaign),
      reference: `${forecast.calls.campaign} said beforehand, and one for each difference`,
    },
    { what: 'most memory of ingress, after the load', value: `${loadedMb.toFixed(0)} MB` },
    {
      what: 'most memory of ingress, after the verification',
      value: `${verifiedMb.toFixed(0)} MB`,
    },
  ];
}

const ms = (what: string, value: number): BenchLine => ({ what, value: `${value.toFixed(3)} ms` });

/** Answers how many profiles were seen. */
function untilThere({ campaign }: BenchSimulators, count: number): Promise<number> {
  return until(
    `${count} profiles`,
    () => campaign.profileCount(),
    (found) => found >= count,
    { timeoutMs: Number.POSITIVE_INFINITY, everyMs: 50 },
  );
}

async function verify({ everything }: BenchLandbridge): Promise<{
  figures: VerificationFigures;
  forecast: VerificationView['forecast'];
}> {
  const { api } = everything;
  await api.request('POST', PATH, { body: {} });
  return until(
    'the verification to end',
    async () => VerificationView.parse((await api.request('GET', PATH)).body),
    ({ phase }) => phase === 'done' || phase === 'failed',
    { timeoutMs: Number.POSITIVE_INFINITY, everyMs: 200 },
  );
}
