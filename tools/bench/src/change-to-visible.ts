import { until } from '@landbridge/testing';
import { seeChanges } from './ingress/see-changes.ts';
import { type BenchResult, printable } from './result.ts';
import { startLandbridge } from './system/landbridge.ts';
import { untilRecords } from './system/settled.ts';
import { startBenchSimulators } from './system/simulators.ts';

const CONTACTS = 1_000;
const CHANGES = 100;
const TIMEOUT_MS = 60_000;

/** From a person's change in Dynamics 365 until Campaign shows it, at the default poll. */
export async function benchChangeToVisible(): Promise<BenchResult> {
  await using simulators = await startBenchSimulators(CONTACTS);
  const { dynamics, campaign } = simulators;
  await using landbridge = await startLandbridge({ syncAlways: true });
  const instance = await landbridge.instance('visible', simulators);
  await instance.start();
  await untilRecords(simulators, ['profile'], CONTACTS, TIMEOUT_MS);
  await until('changes to be followed', instance.view, ({ backlog }) => backlog === 0);
  const lines = await seeChanges(await dynamics.contactIds({ top: CHANGES + 1 }), {
    change: (id, firstname) => dynamics.changeContact(id, { firstname }),
    shown: async (id) => (await campaign.profile(id))?.['firstName'],
  });
  await instance.stop();
  const title = `Change to visible, ${CHANGES} changes, poll 1,000 ms, sync_interval always`;
  return { title, lines };
}

if (import.meta.main) process.stdout.write(`${printable(await benchChangeToVisible())}\n`);
