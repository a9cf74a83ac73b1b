/** `npm run bench`: all benches, or those named as arguments; slowness is a figure, not an error. */
import { benchChangeToVisible } from './change-to-visible.ts';
import { benchEgress } from './egress.ts';
import { benchEngineCalls } from './engine-calls.ts';
import { benchEventLog } from './event-log.ts';
import { benchIngress } from './ingress.ts';
import { benchMapping } from './mapping.ts';
import { benchOptin } from './optin.ts';
import { type BenchResult, printable } from './result.ts';
import { benchScale } from './scale.ts';
import { benchTables } from './tables.ts';
import { benchVerify } from './verify.ts';

const args = process.argv.slice(2);
const large = args.includes('--large');
/** How many records a bench takes that can be told so: `--records=20000`, for verify also several. */
const records = args
  .find((arg) => arg.startsWith('--records='))
  ?.slice('--records='.length)
  .split(',')
  .map(Number);
const LARGE = [10_000, 100_000, 1_000_000];
const benches: Record<string, () => Promise<BenchResult>> = {
  'event-log': () => benchEventLog(),
  mapping: benchMapping,
  ingress: () => benchIngress(),
  tables: () => benchTables(records?.[0] === undefined ? {} : { recordsEach: records[0] }),
  egress: () => benchEgress(),
  'engine-calls': benchEngineCalls,
  'change-to-visible': benchChangeToVisible,
  optin: benchOptin,
  scale: () => benchScale({ large }),
  verify: () => benchVerify(records ?? (large ? LARGE : undefined)),
};
const named = args.filter((arg) => !arg.startsWith('--'));
const unknown = named.filter((name) => !(name in benches));
if (unknown.length > 0) {
  process.stderr.write(
    `Unknown: ${unknown.join(', ')}. Known: ${Object.keys(benches).join(', ')}, --large, --records=<count>,…\n`,
  );
  process.exit(1);
}
for (const [name, bench] of Object.entries(benches)) {
  if (named.length > 0 && !named.includes(name)) continue;
  try {
    process.stdout.write(`${printable(await bench())}\n\n`);
  } catch (error) {
    process.exitCode = 1;
    process.stderr.write(
      `${name}: ${error instanceof Error ? (error.stack ?? '') : String(error)}\n\n`,
    );
  }
}
