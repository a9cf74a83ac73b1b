import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '@landbridge/testing';
import type { BenchLine } from '../result.ts';
import { quantile } from '../system/quantile.ts';

/** No divisor of the poll, so that changes fall anywhere between two polls. */
const CHANGE_EVERY_MS = 173;
const LOOK_EVERY_MS = 10;
const TIMEOUT_MS = 60_000;

/** One value of a record: as a person changes it in Dynamics 365, and as Campaign shows it. */
export interface Followed {
  change(id: string, value: string): Promise<unknown>;
  shown(id: string): Promise<unknown>;
}

/**
 * From a person's change until Campaign shows it, for each record of `ids` but the first, which warms
 * up. The workflow follows changes and has nothing to do. Throws  ConditionNotMet.
 */
export async function seeChanges(
  [warmUp = '', ...ids]: readonly string[],
  followed: Followed,
): Promise<BenchLine[]> {
  await changeAndSee(warmUp, 'Warm', followed);
  const seen: Promise<number>[] = [];
  for (const [index, id] of ids.entries()) {
    seen.push(changeAndSee(id, `Seen${index}`, followed));
    await sleep(CHANGE_EVERY_MS);
  }
  const tookMs = await Promise.all(seen);
  const line = (what: string, ms: number) => ({ what, value: `${Math.round(ms)} ms` });
  return [
    line('change to visible, p50', quantile(tookMs, 0.5)),
    line('change to visible, p95', quantile(tookMs, 0.95)),
    line('change to visible, slowest', Math.max(...tookMs)),
  ];
}

async function changeAndSee(id: string, value: string, followed: Followed): Promise<number> {
  await followed.change(id, value);
  const changedMs = performance.now();
  await until(
    `the change of ${id}`,
    () => followed.shown(id),
    (shown) => shown === value,
    { timeoutMs: TIMEOUT_MS, everyMs: LOOK_EVERY_MS },
  );
  return performance.now() - changedMs;
}
