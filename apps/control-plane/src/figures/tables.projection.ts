import type { TableView } from '@landbridge/contracts';
import type { FiguresObserved, Pace, TableTally } from './figures.events.ts';
import { readLoad } from './loads.ts';
import { addTallies, NO_TALLY, oldestFirst } from './tallies.ts';

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
    const tally = tallies[table] ?? NO_TALLY;
    const progress = observation.progress[table] ?? null;
    const recordsPerSecond = paceAt(observation.paces[table], now);
    const load = readLoad(progress, table, observation);
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

function talliesIn({ replicas, observedAt }: FiguresObserved): Record<string, TableTally> {
  const lagsSince = new Date(Date.parse(observedAt) - LAG_AGE_MAX_MS).toISOString();
  const tallies: Record<string, TableTally> = {};
  for (const { at, tables } of oldestFirst(replicas)) {
    for (const [table, tally] of Object.entries(tables)) {
      const told = at < lagsSince ? { ...tally, lagMs: null } : tally;
      tallies[table] = addTallies(tallies[table] ?? NO_TALLY, told);
    }
  }
  return tallies;
}

const paceAt = (pace: Pace | undefined, now: Date): number =>
  pace === undefined || now.getTime() - Date.parse(pace.at) > PACE_AGE_MAX_MS ? 0 : pace.perSecond;

function secondsLeft(load: TableView['load'], recordsPerSecond: number): number | null {
  if (load === null || load.total === null || recordsPerSecond <= 0) return null;
  return Math.ceil((load.total - load.done) / recordsPerSecond);
}
