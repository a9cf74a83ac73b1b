import { until } from '@landbridge/testing';
import { bareLoop } from './egress/bare-loop.ts';
import { type BenchEgress, startEgress } from './egress/service.ts';
import { type BenchLine, type BenchResult, printable } from './result.ts';
import { median } from './system/quantile.ts';
import { type BenchSimulators, startBenchSimulators } from './system/simulators.ts';

const TIMEOUT_MS = 300_000;
const TABLES = ['adobe_emailsend', 'adobe_emailopen', 'adobe_emailclick', 'adobe_emailbounce'];
const BATCH = { eventsPerReadMax: 2_000, rowsMax: 500 };

export interface EgressBenchOptions {
  contacts: number;
  mailings: number;
  /** How often each contender writes everything; the median counts. */
  rounds: number;
  /** What a request to Dataverse takes, each condition on its own. Units: ms. */
  latenciesMs: readonly number[];
}

type Measured = { rate: number; requestsPerEvent: number };

/**
 * A journal full of events through egress and NATS, from the start to the last activity, against a
 * bare loop with the same reads and bulk writes. Both take turns on the same simulators.
 */
export async function benchEgress(
  options: EgressBenchOptions = { contacts: 4_000, mailings: 4, rounds: 3, latenciesMs: [100] },
): Promise<BenchResult> {
  await using simulators = await startBenchSimulators(options.contacts);
  const { dynamics, campaign } = simulators;
  await dynamics.setLimits({ enabled: false });
  await campaign.setSwitches({ journalRetryAfterS: 0 });
  for (const externalId of await dynamics.contactIds())
    await campaign.createProfile({ externalId });
  for (let mailing = 0; mailing < options.mailings; mailing += 1) await campaign.sendMailing();
  const { byKind } = await campaign.ledgerCounts();
  const events = byKind.send + byKind.open + byKind.click + byKind.bounce;
  const lines: BenchLine[] = [];
  for (const syncAlways of [true, false]) {
    const { eventsPerReadMax } = BATCH;
    await using egress = await startEgress(simulators, { syncAlways, eventsPerReadMax });
    for (const latencyMs of options.latenciesMs) {
      await dynamics.setLatency(latencyMs);
      const sync = syncAlways ? 'sync_interval always' : 'sync_interval default';
      const turns = {
        events,
        rounds: options.rounds,
        name: `bench-${syncAlways ? 'always' : 'default'}-${latencyMs}`,
      };
      const measured = await takeTurns(egress, simulators, turns);
      const condition = `${sync}, Dataverse answers after ${latencyMs} ms`;
      lines.push(...measured.map((line) => ({ ...line, what: `${line.what}; ${condition}` })));
    }
    await dynamics.setLatency(0);
  }
  return { title: `Egress: ${events} events to activities`, lines };
}

async function takeTurns(
  egress: BenchEgress,
  simulators: BenchSimulators,
  { events, rounds, name }: { events: number; rounds: number; name: string },
): Promise<BenchLine[]> {
  const through: Measured[] = [];
  const bare: Measured[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const there = await activityCount(simulators);
    through.push(
      await measure(events, simulators, async () => {
        await egress.starts(`${name}-${round}`);
        await until(
          'all activities',
          () => activityCount(simulators),
          (count) => count >= there + events,
          {
            timeoutMs: TIMEOUT_MS,
            everyMs: 50,
          },
        );
      }),
    );
    bare.push(
      await measure(events, simulators, () =>
        bareLoop(simulators, { ...BATCH, scope: `${name}-${round}` }),
      ),
    );
  }
  const rateOf = (all: readonly Measured[]) => median(all.map(({ rate }) => rate));
  const costOf = (all: readonly Measured[]) => median(all.map((one) => one.requestsPerEvent));
  return [
    {
      what: 'events a second',
      value: Math.round(rateOf(through)).toLocaleString('en'),
      reference: `bare loop ${Math.round(rateOf(bare)).toLocaleString('en')}`,
      ratio: rateOf(through) / rateOf(bare),
    },
    {
      what: 'Dataverse requests per event',
      value: costOf(through).toFixed(4),
      reference: `bare loop ${costOf(bare).toFixed(4)}`,
      ratio: costOf(through) / costOf(bare),
    },
  ];
}

/** `work` writes `events` activities more than there are. */
async function measure(
  events: number,
  { dynamics }: BenchSimulators,
  work: () => Promise<unknown>,
): Promise<Measured> {
  await dynamics.resetCalls();
  const startedMs = performance.now();
  await work();
  const seconds = (performance.now() - startedMs) / 1_000;
  const { total } = await dynamics.callCounts();
  return { rate: events / seconds, requestsPerEvent: total / events };
}

async function activityCount({ dynamics }: BenchSimulators): Promise<number> {
  const counts = await Promise.all(TABLES.map((table) => dynamics.rowCount(table)));
  return counts.reduce((sum, count) => sum + count, 0);
}

if (import.meta.main) process.stdout.write(`${printable(await benchEgress())}\n`);
