import type { ReportOf, RunId, TableFigures } from '@landbridge/contracts';
import type { FiguresObserved, Pace, ReplicaFigures } from './figures.events.ts';
import { loadsAfterFigures, loadsAfterProgress, loadsCarried, loadsLeft } from './loads.ts';
import { addTallies, NO_TALLY, settledOf } from './tallies.ts';
import { totalsOf } from './totals.ts';

/** The reports that carry figures. */
export type FiguresReport = ReportOf<'backlogObserved' | 'figuresObserved' | 'readProgressed'>;

/** How long a sample is kept for the rate, and how many replicas are told apart. */
const RECENT_MS = 12_000;
const SAMPLE_EVERY_MS = 500;
const REPLICAS_MAX = 64;
/** A replica that does not execute the run and was not heard for so long will not come back. */
const OVER_MS = 10 * 60_000;
const PACE_EVERY_S = 2;

/** `runId`: of the last run that was started. `running`: who executes it; null: not known. */
export interface ObserveContext {
  runId: RunId | null;
  now: Date;
  running?: readonly string[] | null;
}
type Bounding = { now: Date; running: readonly string[] | null };

/**
 * What is known after a report, given what was known before it.
 * Shape   null: nothing new (told before, or of another run than `runId`, the last one started).
 */
export function observe(
  report: FiguresReport,
  last: FiguresObserved | null,
  { runId, now, running = null }: ObserveContext,
): FiguresObserved | null {
  if (report.runId !== runId) return null;
  const known = last?.runId === runId ? last : newObservation(runId, last, now);
  const next = take(report, known, { now, running });
  if (next === null) return null;
  const observedAt = now.toISOString();
  const settled = settledIn(next) !== settledIn(known);
  const waiting = next.backlog.queued + next.backlog.pending > 0;
  return {
    ...next,
    observedAt,
    loads: loadsLeft(next.loads, next),
    settledAt: settled ? observedAt : known.settledAt,
    backlogSince: waiting ? (known.backlogSince ?? observedAt) : null,
    paces: pacesIn(next, known.paces, now),
    recent: withSample(known.recent, { at: observedAt, written: totalsOf(next).written }, now),
  };
}

/** The backlog outlives the run, for it lies in the queue; all else begins anew. */
function newObservation(runId: RunId, last: FiguresObserved | null, now: Date): FiguresObserved {
  const at = now.toISOString();
  const backlog = last?.backlog ?? { queued: 0, pending: 0, at: EPOCH, oldestAt: null };
  return {
    type: 'FiguresObserved',
    runId,
    observedAt: at,
    backlog,
    backlogSince: backlog.queued + backlog.pending > 0 ? at : null,
    settledAt: at,
    replicas: {},
    recent: [{ at, written: 0 }],
    progress: {},
    loads: last === null ? {} : loadsCarried(last, at),
    paces: {},
  };
}

const EPOCH = new Date(0).toISOString();

function take(
  report: FiguresReport,
  known: FiguresObserved,
  context: Bounding,
): FiguresObserved | null {
  switch (report.kind) {
    case 'backlogObserved': {
      const { queued, pending, oldestAt, at } = report;
      if (at <= known.backlog.at) return null;
      return { ...known, backlog: { queued, pending, at, oldestAt } };
    }
    case 'figuresObserved': {
      const before = known.replicas[report.replica];
      if (before !== undefined && report.at <= before.at) return null;
      const figures = sumOfTables(report.tables, report.at);
      const replicas = { ...known.replicas, [report.replica]: figures };
      const next = { ...known, replicas: bounded(replicas, context) };
      return { ...next, loads: loadsAfterFigures(known.loads, next, report.replica) };
    }
    case 'readProgressed': {
      const { progress } = report;
      const loads = loadsAfterProgress(known.loads, report);
      return { ...known, loads, progress: { ...known.progress, [progress.table]: progress } };
    }
  }
}

function sumOfTables(tables: readonly TableFigures[], at: string): ReplicaFigures {
  const own = ({ table, ...tally }: TableFigures) => ({ [table]: tally });
  return tables.reduce<ReplicaFigures>(
    (sum, table) => addUp(sum, { ...table, at, tables: own(table) }),
    { at, ...NO_TALLY, tables: {} },
  );
}

/** The sum of two; of two lags the worse. */
export function addUp(one: ReplicaFigures, other: ReplicaFigures): ReplicaFigures {
  const tables = { ...one.tables };
  for (const [table, tally] of Object.entries(other.tables)) {
    const known = tables[table];
    tables[table] = known === undefined ? tally : addTallies(known, tally);
  }
  return {
    ...addTallies(one, other),
    at: one.at > other.at ? one.at : other.at,
    tables,
  };
}

/**
 * Adds those up that are over for long, so that a run of months stays small; and the replicas heard
 * longest ago, when there are too many to tell apart.
 */
function bounded(
  replicas: Record<string, ReplicaFigures>,
  { now, running }: Bounding,
): Record<string, ReplicaFigures> {
  const { earlier, ...others } = replicas;
  const byAge = Object.entries(others).sort(([, a], [, b]) => (a.at < b.at ? -1 : 1));
  const overBefore = new Date(now.getTime() - OVER_MS).toISOString();
  const tooMany = byAge.length < REPLICAS_MAX ? 0 : byAge.length - REPLICAS_MAX / 2;
  const isOld = ([name, { at }]: [string, ReplicaFigures], index: number) =>
    index < tooMany || (running?.includes(name) === false && at < overBefore);
  const old = byAge.filter(isOld).map(([, figures]) => figures);
  if (old.length === 0) return replicas;
  const kept = Object.fromEntries(byAge.filter((entry, index) => !isOld(entry, index)));
  const sum = old.reduce(addUp, earlier ?? sumOfTables([], EPOCH));
  const tables = Object.entries(sum.tables).map(
    ([table, { waiting: _waiting, ...tally }]) => [table, { ...tally, lagMs: null }] as const,
  );
  return { ...kept, earlier: { ...sum, lagMs: null, tables: Object.fromEntries(tables) } };
}

/** How a table's pace moves on; one that was measured a moment ago is left as it is. */
function pacesIn(
  { replicas }: FiguresObserved,
  before: FiguresObserved['paces'],
  now: Date,
): FiguresObserved['paces'] {
  const tables = Object.values(replicas).reduce(addUp, sumOfTables([], EPOCH)).tables;
  const paces = Object.entries(tables).map(([table, tally]): [string, Pace] => {
    const at = now.toISOString();
    const settled = settledOf(tally);
    const last = before[table] ?? { at, settled, perSecond: 0 };
    const seconds = (now.getTime() - Date.parse(last.at)) / 1_000;
    if (seconds < PACE_EVERY_S) return [table, last];
    const measured = Math.max(0, settled - last.settled) / seconds;
    const perSecond = last.perSecond === 0 ? measured : (last.perSecond + measured) / 2;
    return [table, { at, settled, perSecond: Math.round(perSecond * 10) / 10 }];
  });
  return Object.fromEntries(paces);
}

function settledIn(observation: FiguresObserved): number {
  const { written, skippedCount, dead } = totalsOf(observation);
  return written + skippedCount + dead;
}

function withSample(
  recent: FiguresObserved['recent'],
  sample: FiguresObserved['recent'][number],
  now: Date,
): FiguresObserved['recent'] {
  const young = recent.filter(({ at }) => now.getTime() - Date.parse(at) <= RECENT_MS);
  const kept = young.length > 0 ? young : recent.slice(-1);
  const last = kept.at(-1);
  const tooSoon = last !== undefined && now.getTime() - Date.parse(last.at) < SAMPLE_EVERY_MS;
  return tooSoon ? kept : [...kept, sample];
}
