import { execFile } from 'node:child_process';
import { join } from 'node:path';

/** How `npm start` ended, and what it said last. */
export interface Ended {
  /** null: it was still running when its time was up. */
  code: number | null;
  stderr: string;
}

const START = join(import.meta.dirname, '../src/start.ts');
/** For what hangs: whatever these tests start refuses to within a few seconds. */
const TIMEOUT_MS = 60_000;

/** Runs what `npm start` hands over to, until it ends by itself. */
export async function runNpmStart(
  env: Record<string, string>,
  args: string[] = [],
): Promise<Ended> {
  const options = { env: { ...process.env, ...env }, timeout: TIMEOUT_MS };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [START, ...args], options, (_error, _stdout, stderr) =>
      resolve({ code: child.exitCode, stderr }),
    );
  });
}
