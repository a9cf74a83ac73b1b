import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '@landbridge/testing';
import { startOptin } from './optin/service.ts';
import { type BenchResult, printable } from './result.ts';
import { quantile } from './system/quantile.ts';
import { type BenchSimulators, startBenchSimulators } from './system/simulators.ts';

const CONTACTS = 240;
const CHANGES = 100;
const POLL_SECONDS = 5;
/** No divisor of the polls, so that changes fall anywhere between two of them. */
const CHANGE_EVERY_MS = 173;
const LOOK_EVERY_MS = 20;
const TIMEOUT_MS = 120_000;
const COLUMN = 'donotbulkemail';
const ATTRIBUTE = 'blackListEmail';

/** From a person's opt-out on one side until the other side has it, Campaign being polled. */
export async function benchOptin(): Promise<BenchResult> {
  await using simulators = await startBenchSimulators(CONTACTS);
  const { dynamics, campaign } = simulators;
  const ids = await dynamics.contactIds();
  for (const externalId of ids) {
    await campaign.createProfile({ externalId });
    await dynamics.changeContact(externalId, { [COLUMN]: false });
  }
  await using service = await startOptin(simulators, { everySeconds: POLL_SECONDS });
  const [warmUp = '', ...people] = ids;
  await crossed(simulators, 'campaign', warmUp);
  await until('an empty queue', service.backlog, (count) => count === 0);
  const fromCampaign = await measure(simulators, 'campaign', people.slice(0, CHANGES));
  const fromDynamics = await measure(simulators, 'dynamics', people.slice(CHANGES, 2 * CHANGES));
  const lines = (what: string, tookMs: readonly number[]) =>
    [0.5, 0.95, 1].map((share) => ({
      what: `${what}, ${share === 1 ? 'slowest' : `p${share * 100}`}`,
      value: `${Math.round(quantile(tookMs, share))} ms`,
    }));
  return {
    title: `Opt-out to written, ${CHANGES} each way, Campaign polled every ${POLL_SECONDS} s, sync_interval always`,
    lines: [
      ...lines('Campaign to Dynamics', fromCampaign),
      ...lines('Dynamics to Campaign', fromDynamics),
    ],
  };
}

async function measure(
  simulators: BenchSimulators,
  side: 'dynamics' | 'campaign',
  ids: readonly string[],
): Promise<number[]> {
  const seen: Promise<number>[] = [];
  for (const id of ids) {
    seen.push(crossed(simulators, side, id));
    await sleep(CHANGE_EVERY_MS);
  }
  return Promise.all(seen);
}

async function crossed(
  { dynamics, campaign }: BenchSimulators,
  side: 'dynamics' | 'campaign',
  id: string,
): Promise<number> {
  if (side === 'campaign') await campaign.changeOptOut(id, ATTRIBUTE, true);
  else await dynamics.changeContact(id, { [COLUMN]: true });
  const changedMs = performance.now();
  const isThere = async (): Promise<boolean> =>
    side === 'campaign'
      ? (await dynamics.contact(id))?.[COLUMN] === true
      : (await campaign.profile(id))?.[ATTRIBUTE] === true;
  await until(`the opt-out of ${id}`, isThere, (there) => there, {
    timeoutMs: TIMEOUT_MS,
    everyMs: LOOK_EVERY_MS,
  });
  return performance.now() - changedMs;
}

if (import.meta.main) process.stdout.write(`${printable(await benchOptin())}\n`);
