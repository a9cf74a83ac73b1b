import { setTimeout as sleep } from 'node:timers/promises';
import { consumeReports, type Bus } from '@landbridge/messaging';
import type { HealthCheck, Log } from '@landbridge/telemetry';
import { carryOutDeeds } from './dead-letters/carry-out-deeds.ts';
import { deadLettersProjection } from './dead-letters/dead-letters.projection.ts';
import { dealingsProjection } from './dead-letters/dealings.projection.ts';
import { carryDecisionsToServices } from './deletes/carry-to-services.ts';
import { publishDesiredStates } from './desired-state/publish-desired-states.ts';
import { throughputProjection } from './figures/throughput.projection.ts';
import type { Stores } from './projections/stores.ts';
import { takeReport } from './reports/take-report.ts';
import type { WatchdogSettings } from './watchdog/judge.ts';
import { watchOverRuns } from './watchdog/watchdog.ts';

/** Held by the one control plane that speaks for all of them. */
const LEADER_LOCK = 'control-plane leader';
const RETRY_MS = 500;

export interface BackgroundOptions {
  stores: Stores;
  bus: Bus;
  key: string;
  settings: WatchdogSettings;
  telemetry: Log;
  countReport: (kind: string) => void;
}

export interface Background {
  /** Whether this control plane leads or waits for its turn; either is well. */
  health: HealthCheck;
  close(): Promise<void>;
}

/** A part of the work that goes on for as long as this control plane leads. */
type Task = (signal: AbortSignal) => Promise<void>;

/**
 * Takes reports, publishes desired states and watches over runs while this is the leader; keeps the
 * projections' tables up to date, each in whichever control plane has its lock.
 */
export function startBackground(options: BackgroundOptions): Background {
  const { stores, bus, key, settings, telemetry, countReport } = options;
  const { log } = stores;
  const closing = new AbortController();
  const { signal } = closing;
  let leads = false;
  const taking = { stores, log: telemetry, count: countReport, now: () => new Date() };
  const tasks: Record<string, Task> = {
    reports: (until) =>
      consumeReports(bus, (report, context) => takeReport(taking, report, context), until),
    'desired state': (until) => publishDesiredStates({ stores, bus, key, telemetry }, until),
    'dead letters': (until) => carryOutDeeds({ stores, bus }, until),
    'held deletes': (until) => carryDecisionsToServices({ stores, bus }, until),
    watchdog: (until) => watchOverRuns({ stores, bus, settings, telemetry }, until),
  };
  const lead: Task = (until) =>
    log.lock(
      LEADER_LOCK,
      async (leading) => {
        leads = true;
        telemetry.info('this control plane leads');
        try {
          await together(tasks, leading, telemetry);
        } finally {
          leads = false;
        }
      },
      { signal: until },
    );
  const running = [
    again('leader', lead, signal, telemetry),
    ...[throughputProjection, deadLettersProjection, dealingsProjection].map(({ name, apply }) =>
      again(name, (until) => log.project({ name, apply, signal: until }), signal, telemetry),
    ),
  ];
  return {
    health: {
      name: 'background',
      check: async () => ({ ok: true, detail: leads ? 'leads' : 'another control plane leads' }),
    },
    close: async () => {
      closing.abort();
      await Promise.all(running);
    },
  };
}

/** Runs all of them until the signal aborts; one that fails is begun again, and disturbs no other. */
async function together(
  tasks: Record<string, Task>,
  signal: AbortSignal,
  telemetry: Log,
): Promise<void> {
  const all = Object.entries(tasks).map(([name, task]) => again(name, task, signal, telemetry));
  await Promise.all(all);
}

async function again(name: string, task: Task, signal: AbortSignal, telemetry: Log): Promise<void> {
  const isOver = () => signal.aborted;
  while (!isOver()) {
    try {
      await task(signal);
    } catch (err) {
      if (isOver()) return;
      telemetry.warn({ err, task: name }, 'background work was interrupted; beginning it again');
    }
    await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined);
  }
}
