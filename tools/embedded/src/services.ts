import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type ChildServer, startChildServer } from '@landbridge/local-servers';

const root = join(import.meta.dirname, '../../..');

/** Where our four services are, from the repository's root. */
export const serviceFolders = [
  'apps/control-plane',
  'apps/ingress',
  'apps/egress',
  'apps/optin-sync',
] as const;

export interface ServiceOptions {
  /** The folder of its `src/main.ts` from the repository's root, such as `apps/ingress`. */
  folder: string;
  name: string;
  env: Record<string, string>;
  ready: RegExp;
  /** Where its output is kept, a file for each service. */
  logFolder: string;
  onLine?: (line: string) => void;
}

/**
 * Node.js takes memory because it may: without bounds a service grows to twice what it needs.
 * Units: MB; docs/operate says what they leave room for.
 */
const HEAP_BOUNDS = ['--max-old-space-size=192', '--max-semi-space-size=16'];

/**
 * glibc raises its thresholds after each large buffer that is freed, and then keeps what pages took.
 * Fixed, every buffer of more than 128 KiB goes back: 30 MB less, measured. Source: mallopt(3).
 */
const MALLOC_BOUNDS = { MALLOC_MMAP_THRESHOLD_: '131072', MALLOC_TRIM_THRESHOLD_: '131072' };

/** Starts one of our programs as it runs in production: Node.js on its TypeScript source. */
export async function startService(options: ServiceOptions): Promise<ChildServer> {
  await mkdir(options.logFolder, { recursive: true });
  const file = createWriteStream(join(options.logFolder, `${options.name}.log`), { flags: 'a' });
  const child = await startChildServer({
    name: options.name,
    command: process.execPath,
    args: [
      ...HEAP_BOUNDS,
      '--import',
      '@landbridge/telemetry/register',
      join(options.folder, 'src/main.ts'),
    ],
    cwd: root,
    env: { ...MALLOC_BOUNDS, ...process.env, ...options.env },
    ready: options.ready,
    onLine: (line) => {
      file.write(`${line}\n`);
      options.onLine?.(line);
    },
  });
  void child.exited.then(() => file.end());
  return child;
}
