import { INITIAL_INGRESS_CONFIGURATION } from '@landbridge/contracts';
import { compareFirstLoads } from './ingress/take-turns.ts';
import { type BenchResult, printable } from './result.ts';
import { startBenchSimulators } from './system/simulators.ts';

export interface IngressBenchOptions {
  contacts: number;
  /** How often each contender loads everything; the median counts. */
  rounds: number;
  /** What a call to Campaign takes, each condition on its own. Units: ms. */
  latenciesMs: readonly number[];
}

/** First loads of contacts through the whole of Landbridge, against a bare loop. */
export async function benchIngress(
  options: IngressBenchOptions = { contacts: 10_000, rounds: 3, latenciesMs: [63, 20, 0] },
): Promise<BenchResult> {
  await using simulators = await startBenchSimulators(options.contacts);
  const { mappings } = INITIAL_INGRESS_CONFIGURATION;
  const contest = { ...options, mappings, records: options.contacts };
  const lines = await compareFirstLoads(simulators, contest);
  const title = `Ingress: a first load of ${options.contacts} contacts, records per second`;
  return { title, lines };
}

if (import.meta.main) process.stdout.write(`${printable(await benchIngress())}\n`);
