import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildConsole } from './console-build.ts';

/**
 * `npm test`: the whole suite but what needs a browser; `npm run e2e`: what needs one.
 * More arguments go to Jest. Ends with the line `N passed, N failed`.
 */
const root = join(import.meta.dirname, '../../..');
const IMAGES = ['postgres:18', 'nats:2.15', 'nats:2.10'];
const args = process.argv.slice(2);
const e2e = args.includes('--e2e');
const forJest = args.filter((arg) => arg !== '--e2e');
const print = (text: string): void => void process.stdout.write(`${text}\n`);

const servers = e2e ? 'embedded' : await whichServers();
/** Stories start whole systems. Two cores carry two of them: most of a story is waiting. */
const rounds = e2e
  ? [['-c', 'tools/e2e/jest.config.mjs', '--runInBand']]
  : [
      [
        '--testPathIgnorePatterns',
        '/node_modules/',
        '\\.story\\.test\\.ts$',
        '\\.e2e\\.test\\.ts$',
        '--maxWorkers=2',
        '--passWithNoTests',
      ],
      ['--testPathPatterns', '\\.story\\.test\\.ts$', '--maxWorkers=2', '--passWithNoTests'],
    ];
if (e2e) await buildConsole(print);
let passed = 0;
let failed = 0;
for (const round of rounds) {
  const result = await runJest(forJest.length === 0 ? round : [...round, ...forJest]);
  passed += result.passed;
  failed += result.failed;
}
print(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);

async function whichServers(): Promise<'containers' | 'embedded'> {
  const asked = process.env['LANDBRIDGE_TEST_SERVERS'];
  if (asked === 'containers' || asked === 'embedded') {
    print(`Postgres and NATS: ${asked}, as LANDBRIDGE_TEST_SERVERS says.`);
    return asked;
  }
  const docker = promisify(execFile);
  try {
    await docker('docker', ['info'], { timeout: 10_000 });
  } catch {
    print('No Docker engine answers: the tests run on embedded Postgres and NATS.');
    return 'embedded';
  }
  for (const image of IMAGES) {
    const there = await docker('docker', ['image', 'inspect', image]).catch(() => null);
    const pulled = there ?? (await docker('docker', ['pull', '-q', image]).catch(() => null));
    if (pulled !== null) continue;
    print(`A Docker engine answers, but has no ${image}: the tests run on embedded servers.`);
    return 'embedded';
  }
  print('A Docker engine answers: Postgres and NATS run in containers (Testcontainers).');
  return 'containers';
}

async function runJest(jestArgs: string[]): Promise<{ passed: number; failed: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'landbridge-jest-'));
  const outputFile = join(folder, 'result.json');
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  const child = spawn(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--no-warnings=ExperimentalWarning',
      jest,
      ...jestArgs,
      '--json',
      '--outputFile',
      outputFile,
    ],
    {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        ...process.env,
        LANDBRIDGE_TEST_SERVERS: servers,
        TESTCONTAINERS_RYUK_DISABLED: process.env['TESTCONTAINERS_RYUK_DISABLED'] ?? 'true',
      },
    },
  );
  const code = await new Promise<number>((resolve) =>
    child.once('exit', (exit) => resolve(exit ?? 1)),
  );
  const text = await readFile(outputFile, 'utf8').catch(() => '');
  await rm(folder, { recursive: true, force: true });
  return text === '' ? { passed: 0, failed: 1 } : counts(JSON.parse(text), code);
}

/** A test file that could not be loaded counts as one failed test. */
function counts(result: unknown, code: number): { passed: number; failed: number } {
  const count = (name: string): number => {
    const value: unknown =
      typeof result === 'object' && result !== null ? Reflect.get(result, name) : 0;
    return typeof value === 'number' ? value : 0;
  };
  const failed = count('numFailedTests') + count('numRuntimeErrorTestSuites');
  return { passed: count('numPassedTests'), failed: failed === 0 && code !== 0 ? 1 : failed };
}
