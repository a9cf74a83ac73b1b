import { join } from 'node:path';
import { untilSignal } from '@landbridge/telemetry';
import { ApiRefused } from './api.ts';
import { DEMO_INSTANCE, prepareDemo } from './demo.ts';
import { DataFolderInUse, DataFolderUnusable } from './data-folder.ts';
import { PortTaken, startEverything } from './everything.ts';
import { type LiveLine, showLiveLine } from './live-line.ts';
import { serviceFaults } from './service-faults.ts';
import { readStartOptions, StartOptionsInvalid } from './start-options.ts';
import { startWithDemo } from './with-demo.ts';

/** `npm start`: everything on this machine, until Ctrl-C. */
let live: LiveLine | null = null;
const print = (text: string): void => void process.stdout.write(`${text}\n`);
const say = (text: string): void => (live === null ? print(text) : live.say(text));

try {
  const { options, faults } = readStartOptions(
    process.argv.slice(2),
    process.env,
    join(import.meta.dirname, '../../..'),
  );
  faults.push(...(await serviceFaults(process.env)));
  if (faults.length > 0) throw new StartOptionsInvalid(faults);
  const all = { ...options, withConsole: true, say };
  const { landbridge, simulators } = options.demo
    ? await startWithDemo(all)
    : { landbridge: await startEverything(all), simulators: null };
  if (simulators !== null) {
    await prepareDemo(landbridge.api, simulators.connections).catch((error: unknown) => {
      if (!(error instanceof ApiRefused)) throw error;
      print(`\nThe instance ${DEMO_INSTANCE} is left as it is: ${error.message}`);
      print(`For a fresh one, stop, move ${landbridge.folder.path} away, and start again.`);
    });
  }
  print(`\nLandbridge runs: ${landbridge.url}`);
  print(`  Sign in (works once)   ${landbridge.signInLink()}`);
  print(`  Token for scripts      ${landbridge.adminToken}`);
  print(`    kept in              ${join(landbridge.folder.path, 'admin-token')}`);
  print(`  Logs                   ${landbridge.folder.folder('logs')}`);
  if (simulators !== null) print(`  Simulated Dynamics 365 ${simulators.dynamicsUrl}`);
  if (simulators !== null) print(`  Simulated Campaign     ${simulators.campaignUrl}`);
  print('Ctrl-C stops all of it; the next start goes on where it was.\n');
  live = options.demo ? showLiveLine(landbridge.api, DEMO_INSTANCE, process.stdout) : null;
  await untilSignal('SIGINT', 'SIGTERM');
  live?.stop();
  live = null;
  print('Stopping: writes in flight are finished, the queue is kept …');
  await landbridge.stop();
} catch (error) {
  const expected = [PortTaken, DataFolderInUse, DataFolderUnusable, StartOptionsInvalid].some(
    (kind) => error instanceof kind,
  );
  process.stderr.write(
    `\n${expected && error instanceof Error ? error.message : describe(error)}\n`,
  );
  process.exit(1);
}
print('Stopped.');
process.exit(0);

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
