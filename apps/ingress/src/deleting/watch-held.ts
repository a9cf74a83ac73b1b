import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Bus,
  changeDeletes,
  countDeletes,
  readDeletes,
  type TableAddress,
} from '@landbridge/messaging';
import type { Pipeline } from '@landbridge/pipeline';
import type { Log } from '@landbridge/telemetry';

const LOOK_EVERY_MS = 1_000;
/** How many wait is told anew no more often than this: each time is an entry of the log. */
const TELL_EVERY_MS = 10_000;
/** With nothing that waits any more for so long, deletes go through again. */
const EMPTY_FOR_MS = 10 * 60_000;

type Telling = Pick<Pipeline, 'raise' | 'clear'>;

/** Tells people of deletes that wait, for as long as the run lives. */
export async function watchHeldDeletes(
  tables: readonly TableAddress[],
  { bus, pipeline, log }: { bus: Bus; pipeline: Telling; log: Log },
  signal: AbortSignal,
): Promise<void> {
  const seldom = tellSeldom(pipeline);
  while (!signal.aborted) {
    await tell(tables, bus, seldom).catch((err: unknown) => {
      log.warn({ err }, 'the deletes that wait could not be looked at; looking again');
    });
    await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function tell(tables: readonly TableAddress[], bus: Bus, pipeline: Telling): Promise<void> {
  const said: string[] = [];
  for (const at of tables) {
    const since = await heldSince(bus, at);
    const count = since === null ? 0 : await countDeletes(bus, at, 'held');
    if (count > 0) said.push(`${at.table}: ${count} deletes wait since ${since}`);
    else if (since !== null) await openAfterAWhile(bus, at);
  }
  if (said.length === 0) pipeline.clear('DeletesHeld');
  else pipeline.raise('DeletesHeld', `${said.join('; ')}. Approve or discard them`);
}

/** The first word and the last at once, those in between now and then. */
function tellSeldom({ raise, clear }: Telling): Telling {
  let toldAtMs = Number.NEGATIVE_INFINITY;
  return {
    raise: (condition, message) => {
      if (performance.now() - toldAtMs < TELL_EVERY_MS) return;
      toldAtMs = performance.now();
      raise(condition, message);
    },
    clear: (condition) => {
      toldAtMs = Number.NEGATIVE_INFINITY;
      clear(condition);
    },
  };
}

async function heldSince(bus: Bus, at: TableAddress): Promise<string | null> {
  return (await readDeletes(bus, at)).heldSince;
}

/** All that waited has come back by itself. What is still queued must not slip through meanwhile. */
async function openAfterAWhile(bus: Bus, at: TableAddress): Promise<void> {
  await changeDeletes(bus, at, (ledger) => {
    const { heldSince: since, decision } = ledger;
    const isLong = since !== null && Date.now() - Date.parse(since) > EMPTY_FOR_MS;
    const next = isLong && decision === null ? { ...ledger, heldSince: null } : null;
    return { next, answer: undefined };
  });
}
