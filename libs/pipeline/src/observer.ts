import { setTimeout as sleep } from 'node:timers/promises';
import type { ReadProgress, TableName } from '@landbridge/contracts';
import {
  type Backlog,
  type Bus,
  backlogOf,
  removeSettledLeftovers,
  type WorkflowAddress,
} from '@landbridge/messaging';
import type { Log } from '@landbridge/telemetry';
import type { Conditions } from './conditions.ts';
import type { Figures } from './figures.ts';
import type { ReportBody, Reporter } from './reporter.ts';

export interface ObserverDeps {
  bus: Bus;
  at: WorkflowAddress;
  reporter: Reporter;
  log: Log;
  waitingCounts?: (() => Promise<ReadonlyMap<TableName, number>>) | undefined;
}

export interface Observed {
  figures: Figures;
  conditions: Conditions;
  /** The latest of each table. */
  progress: ReadonlyMap<TableName, ReadProgress>;
}

const EVERY_MS = 1_000;
/** What is older may be settled and still there; it saves calls not to look at once. */
const LEFTOVER_AFTER_MS = 5_000;

/**
 * Reports backlog, figures and progress when they changed, at most once a second, until `signal`
 * aborts; then once more, so that the last word is the truth.
 */
export async function observe(
  deps: ObserverDeps,
  observed: Observed,
  signal: AbortSignal,
): Promise<void> {
  const { bus, at, reporter, log } = deps;
  const told = new Map<string, string>();
  const tell = (subject: string, body: ReportBody): void => {
    const text = JSON.stringify(body);
    if (told.get(subject) === text) return;
    if (signal.aborted) void reporter.send(body);
    else if (!reporter.offer(body)) return;
    told.set(subject, text);
  };
  const look = async (): Promise<void> => {
    observed.conditions.look();
    for (const [table, progress] of observed.progress) {
      tell(`progress ${table}`, { kind: 'readProgressed', progress });
    }
    for (const [table, count] of (await deps.waitingCounts?.()) ?? []) {
      observed.figures.waiting(table, count);
    }
    tell('figures', { kind: 'figuresObserved', tables: observed.figures.observe() });
    const { queued, pending, oldestAt } = await truthOf(bus, at, log);
    const oldest = oldestAt?.toISOString() ?? null;
    tell('backlog', { kind: 'backlogObserved', queued, pending, oldestAt: oldest });
  };
  while (!signal.aborted) {
    await sleep(EVERY_MS, undefined, { signal }).catch(() => undefined);
    await look().catch((err: unknown) => {
      log.warn({ err }, 'the backlog is not known; asking again');
    });
  }
}

async function truthOf(bus: Bus, at: WorkflowAddress, log: Log): Promise<Backlog> {
  const backlog = await backlogOf(bus, at);
  const { oldestAt } = backlog;
  if (oldestAt === null || Date.now() - oldestAt.getTime() < LEFTOVER_AFTER_MS) return backlog;
  const removed = await removeSettledLeftovers(bus, at);
  if (removed === 0) return backlog;
  log.warn({ removed }, 'nats had kept settled messages; they are removed from the queue');
  return backlogOf(bus, at);
}
