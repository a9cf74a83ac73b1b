import { setTimeout as sleep } from 'node:timers/promises';
import type { EventLog } from '@landbridge/event-log';

const LOOK_EVERY_MS = 20;
/** Longer than a batch takes; a projection that is further behind is no reason to answer late. */
const PATIENCE_MS = 5_000;

/** Waits until a projection shows the event at `position`; null: there is nothing to wait for. */
export async function untilProjected(
  log: EventLog,
  { name }: { name: string },
  position: bigint | null,
): Promise<void> {
  if (position === null) return;
  const checkpoint = log.checkpoint(name);
  const until = Date.now() + PATIENCE_MS;
  while ((await checkpoint.read()) < position && Date.now() < until) await sleep(LOOK_EVERY_MS);
}
