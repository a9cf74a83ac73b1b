import { readFile } from 'node:fs/promises';
import type { BenchLandbridge } from './landbridge.ts';

/** The most memory that the process ever had resident. Units: MB of 1,000,000 bytes; Linux only. */
export async function residentMaxMb(pid: number | null): Promise<number> {
  if (pid === null) return 0;
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return (Number(kibibytes ?? 0) * 1_024) / 1_000_000;
}

/** The same of the replica of ingress that needed most. */
export async function ingressMaxMb({ everything }: BenchLandbridge): Promise<number> {
  const all = await Promise.all(everything.ingress.map((one) => residentMaxMb(one.pid())));
  return Math.max(...all);
}
