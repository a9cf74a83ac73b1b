import type { WorkflowView } from '@landbridge/contracts';
import { until } from '@landbridge/testing';
import type { BenchLine } from '../result.ts';
import type { BenchInstance } from '../system/landbridge.ts';
import type { BenchSimulators } from '../system/simulators.ts';

const TIMEOUT_MS = 120_000;

/** A look at the schemas costs calls that no record caused. */
export const NO_METADATA_CHECKS = {
  LANDBRIDGE_METADATA_MS: '86400000',
  LANDBRIDGE_POLL_MS: '200',
};

/** What people do in Dynamics 365 to `records` records each. `touch`: in a column that is not mapped. */
export interface Deeds {
  records: number;
  insert: () => Promise<unknown>;
  update: () => Promise<unknown>;
  touch: () => Promise<unknown>;
  remove: () => Promise<unknown>;
}

/**
 * Calls that Campaign counted for each record inserted, updated, left as it was and deleted. The
 * workflow follows changes and has nothing to do. `of`: whose calls, as in `a linked child`.
 */
export async function countCalls(
  instance: BenchInstance,
  { campaign }: BenchSimulators,
  { of, deeds }: { of: string; deeds: Deeds },
): Promise<BenchLine[]> {
  const { records } = deeds;
  const lines: BenchLine[] = [];
  const count = async (
    what: string,
    figure: (view: WorkflowView) => number,
    cause: () => Promise<unknown>,
  ): Promise<void> => {
    const before = figure(await instance.view());
    await campaign.resetCalls();
    await cause();
    await until(
      `${what} of ${records} records`,
      async () => figure(await instance.view()) - before,
      (more) => more >= records,
      { timeoutMs: TIMEOUT_MS },
    );
    const { byCall, total } = await campaign.callCounts();
    const calls = Object.entries(byCall).map(([call, times]) => `${call} ${times}`);
    const value = `${(total / records).toFixed(2)} (${calls.join(', ') || 'none'})`;
    lines.push({ what: `calls for ${what}, ${of}`, value });
  };
  const written = ({ figures }: WorkflowView): number => figures.written;
  const unchanged = ({ figures }: WorkflowView): number => figures.skipped['unchanged'] ?? 0;
  await count('insert', written, deeds.insert);
  await count('update', written, deeds.update);
  await count('unchanged', unchanged, deeds.touch);
  await count('delete', written, deeds.remove);
  return lines;
}
