/**
 * `npm start`, `npm test` and their like, on a machine that has Node.js 20 and nothing else: brings
 * in what is missing, then hands over to TypeScript on the Node.js 24 that npm installed.
 * Uses nothing but Node.js itself, because nothing else is there yet.
 */
import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { installDependencies } from './bootstrap/dependencies.mjs';
import { findNode } from './bootstrap/node.mjs';
import { provideNatsServer } from './bootstrap/nats-server.mjs';

const root = join(import.meta.dirname, '../..');
const dataDir = process.env.LANDBRIDGE_DATA || join(root, '.landbridge');
const programs = {
  start: 'tools/embedded/src/start.ts',
  test: 'tools/embedded/src/run-tests.ts',
  e2e: 'tools/embedded/src/run-tests.ts',
  bench: 'tools/bench/src/main.ts',
};

const say = (text) => process.stdout.write(`${text}\n`);
const [mode = 'start', ...rest] = process.argv.slice(2);

try {
  if (mode !== 'install' && !(mode in programs)) {
    throw new Error(`Unknown: ${mode}. Known: install, ${Object.keys(programs).join(', ')}`);
  }
  await installDependencies(root, say);
  if (mode !== 'install') process.exitCode = await runProgram();
} catch (error) {
  process.stderr.write(`\n${error.message}\n`);
  process.exitCode = 1;
}

async function runProgram() {
  const node = findNode(root);
  const newest = await provideNatsServer({ root, which: 'newest', say });
  const floor =
    mode === 'test' ? await provideNatsServer({ root, which: 'floor', say }) : undefined;
  return handOver(node, newest, floor);
}

function handOver(node, newest, floor) {
  const env = {
    ...process.env,
    PATH: [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter),
    LANDBRIDGE_DATA: dataDir,
    NATS_SERVER: newest,
    ...(floor === undefined ? {} : { NATS_SERVER_FLOOR: floor }),
  };
  const args = [join(root, programs[mode]), ...(mode === 'e2e' ? ['--e2e'] : []), ...rest];
  const child = spawn(node, args, { cwd: root, env, stdio: 'inherit' });
  // Ctrl-C reaches the child by itself; this process waits until the child has put all away.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1)));
  });
}
