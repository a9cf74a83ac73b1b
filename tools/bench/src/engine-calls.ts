import { until } from '@landbridge/testing';
import { countCalls, NO_METADATA_CHECKS } from './ingress/count-calls.ts';
import { type BenchLine, type BenchResult, printable } from './result.ts';
import { startLandbridge } from './system/landbridge.ts';
import { startBenchSimulators } from './system/simulators.ts';

const RECORDS = 200;
const TIMEOUT_MS = 120_000;

/** Calls that Campaign counted for each record inserted, updated, left as it was and deleted. */
export async function benchEngineCalls(): Promise<BenchResult> {
  await using landbridge = await startLandbridge({ syncAlways: false, env: NO_METADATA_CHECKS });
  const lines: BenchLine[] = [];
  for (const uriKey of ['allowed', 'pkeyError'] as const) {
    await using simulators = await startBenchSimulators(RECORDS);
    await simulators.campaign.setSwitches({ uriKey });
    const { dynamics } = simulators;
    const instance = await landbridge.instance(`calls-${uriKey.toLowerCase()}`, simulators);
    await instance.start();
    await until('the first load', instance.view, ({ figures }) => figures.written >= RECORDS, {
      timeoutMs: TIMEOUT_MS,
    });
    const ids = await dynamics.contactIds();
    const all = (deed: (id: string) => Promise<unknown>) => Promise.all(ids.map(deed));
    const deeds = {
      records: RECORDS,
      insert: () => dynamics.seedContacts(RECORDS),
      update: () => all((id) => dynamics.changeContact(id, { firstname: 'Changed' })),
      // The job title is not mapped: the row changes, and what Campaign would get does not.
      touch: () => dynamics.touchContacts(RECORDS),
      remove: () => all((id) => dynamics.deleteContact(id)),
    };
    const of = uriKey === 'allowed' ? 'addressed by key' : 'addressed by filter';
    lines.push(...(await countCalls(instance, simulators, { of, deeds })));
    await instance.stop();
  }
  return { title: `Engine calls per record, of ${RECORDS} records each`, lines };
}

if (import.meta.main) process.stdout.write(`${printable(await benchEngineCalls())}\n`);
