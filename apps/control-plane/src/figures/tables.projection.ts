import type { ReadProgress, TableView } from '@landbridge/contracts';
import { addTallies, settledOf } from './figures.decider.ts';
import type { FiguresObserved, Pace, TableTally } from './figures.events.ts';

/** A pace that was measured longer ago than this says nothing of now. */
const PACE_AGE_MAX_MS = 15_000;
/** A lag is over the last minute. */
const LAG_AGE_MAX_MS = 60_000;

/** What became of each table's records in the active or last run, as it is at `now`. */
export function readTables(observation: FiguresObserved | null, now: Date): TableView[] {
  if (observation === null) return [];
  const tallies = talliesIn(observation);
  const names = new Set([...Object.keys(tallies), ...Object.keys(observation.progress)]);
  return [...names].sort().map((table) => {
    const tally = tallies[table] ?? NOTHING;
    const progress = observation.progress[table] ?? null;
    const recordsPerSecond = paceAt(observation.paces[table], now);
    const load = loadOf(progress, tally);
    const { read, written, skipped, dead, waiting = 0, calls, lagMs } = tally;
    return {
      table,
      phase: progress?.phase ?? null,
      read,
      written,
      skipped,
      dead,
      waiting,
      calls,
      load,
      recordsPerSecond,
      secondsLeft: secondsLeft(load, recordsPerSecond),
      lagMs,
    };
  });
}

const NOTHING: TableTally = {
  read: 0,
  written: 0,
  skipped: {},
  dead: 0,
  calls: { dynamics: 0, campaign: 0 },
  lagMs: null,
};

function talliesIn({ replicas, observedAt }: FiguresObserved): Record<string, TableTally> {
  const lagsSince = new Date(Date.parse(observedAt) - LAG_AGE_MAX_MS).toISOString();
  const tallies: Record<string, TableTally> = {};
  for (const { at, tables } of Object.values(replicas)) {
    for (const [table, tally] of Object.entries(tables)) {
      const told = at < lagsSince ? { ...tally, lagMs: null } : tally;
      tallies[table] = addTallies(tallies[table] ?? NOTHING, told);
    }
  }
  return tallies;
}

const paceAt = (pace: Pace | undefined, now: Date): number =>
  pace === undefined || now.getTime() - Date.parse(pace.at) > PACE_AGE_MAX_MS ? 0 : pace.perSecond;

/**
 * What was read over all runs that this read took, less what the queue holds of it. The source's
 * own count is an estimate, which the records themselves may outgrow.
 */
function loadOf(progress: ReadProgress | null, tally: TableTally): TableView['load'] {
  if (progress?.phase !== 'load') return null;
  const queued = Math.max(0, tally.read - settledOf(tally));
  const done = Math.max(0, progress.readCount - queued);
  const { totalCount, readCount } = progress;
  return { done, total: totalCount === null ? null : Math.max(totalCount, readCount) };
}

function secondsLeft(load: TableView['load'], recordsPerSecond: number): number | null {
  if (load === null || load.total === null || recordsPerSecond <= 0) return null;
  return Math.ceil((load.total - load.done) / recordsPerSecond);
}
