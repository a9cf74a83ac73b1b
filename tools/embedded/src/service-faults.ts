import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { serviceFolders } from './services.ts';

const root = join(import.meta.dirname, '../../..');

/** Looks at the environment as each service's `main.ts` does, and starts none. */
const LOOK = `
import { EnvironmentInvalid, parseEnvironment } from '@landbridge/telemetry';
for (const config of process.argv.slice(1)) {
  const { Environment } = await import(config);
  try {
    parseEnvironment(Environment, process.env);
  } catch (error) {
    if (!(error instanceof EnvironmentInvalid)) throw error;
    console.log(error.message);
  }
}`;

/** What `npm start` gives each service itself; none of it can be at fault. */
const GIVEN = {
  LANDBRIDGE_HOST: '127.0.0.1',
  LANDBRIDGE_PORT: '0',
  LANDBRIDGE_NATS_URL: 'nats://127.0.0.1:4222',
  LANDBRIDGE_NATS_MONITOR_URL: 'http://127.0.0.1:8222',
  LANDBRIDGE_DATABASE_URL: 'postgresql://127.0.0.1:5432/landbridge',
  LANDBRIDGE_KEY: randomBytes(32).toString('base64url'),
};

/** What the services would refuse of this environment, a line for each setting; [] when nothing. */
export async function serviceFaults(env: NodeJS.ProcessEnv): Promise<string[]> {
  const configs = serviceFolders.map((folder) => join(root, folder, 'src/config.ts'));
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '-e', LOOK, ...configs],
    { cwd: root, env: { ...env, ...GIVEN } },
  );
  const faults = stdout.split('\n').filter((line) => line.startsWith('  '));
  return [...new Set(faults.map((line) => line.trim()))];
}
