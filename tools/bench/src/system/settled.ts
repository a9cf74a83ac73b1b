import { until } from '@landbridge/testing';
import type { BenchSimulators } from './simulators.ts';

/** Until Campaign holds `count` records of `resources` together. Throws  ConditionNotMet. */
export async function untilRecords(
  { campaign }: BenchSimulators,
  resources: readonly string[],
  count: number,
  timeoutMs: number,
): Promise<void> {
  await until(
    `${count} records in Campaign`,
    async () => {
      const counts = await Promise.all(resources.map((one) => campaign.recordCount(one)));
      return counts.reduce((sum, one) => sum + one, 0);
    },
    (found) => found >= count,
    { timeoutMs, everyMs: 100 },
  );
}
