import type { ReadProgress, ReportOf } from '@landbridge/contracts';
import type { FiguresObserved, Load } from './figures.events.ts';
import { NO_TALLY, settledOf, tallyOf } from './tallies.ts';

type Loads = FiguresObserved['loads'];
type Seen = Pick<FiguresObserved, 'replicas' | 'backlog'>;

/** What is told of a table that is read in full, and that it has been. */
export function loadsAfterProgress(
  loads: Loads,
  { progress, at, replica }: Pick<ReportOf<'readProgressed'>, 'progress' | 'at' | 'replica'>,
): Loads {
  const { table, phase } = progress;
  const known = loads[table];
  switch (phase) {
    case 'load':
    case 'overlap': {
      const load = loadOf(progress, { at, replica, carried: known?.carried ?? 0 });
      return { ...loads, [table]: load };
    }
    case 'deletions':
    case 'changes':
      if (known === undefined || known.isRead) return loads;
      return { ...loads, [table]: { ...known, isRead: true, at, replica } };
  }
}

/** Progress is told before the figures: what a replica read until then is in its next ones. */
export function loadsAfterFigures(
  loads: Loads,
  seen: Seen,
  replica: ReportOf<'figuresObserved'>['replica'],
): Loads {
  return mapLoads(loads, (load, table) => {
    const isKnownNow = load.isRead && load.readBy === null && load.replica === replica;
    return isKnownNow ? { ...load, readBy: (tallyOf(seen, table) ?? NO_TALLY).read } : load;
  });
}

/** Without those of which everything has been settled. */
export const loadsLeft = (loads: Loads, seen: Seen): Loads =>
  mapLoads(loads, (load, table) => {
    const isSettled = load.readBy !== null && leftOf(load, table, seen) === 0;
    return load.isRead && (isSettled || queuedSince(load, seen) === 0) ? null : load;
  });

/** What a new run still has to settle of the loads of the run before it. */
export const loadsCarried = (last: FiguresObserved, at: string): Loads =>
  mapLoads(last.loads, (load, table) => {
    const carried = leftOf(load, table, last);
    return carried === 0 ? null : { ...load, at, carried, isRead: true, readBy: 0 };
  });

/** How far a load is; null: there is none, or all that it queued has been settled. */
export function readLoad(
  progress: ReadProgress | null,
  table: string,
  observation: FiguresObserved,
): { done: number; total: number | null } | null {
  const isReading = progress?.phase === 'load';
  const load = observation.loads[table] ?? (isReading ? unseen(progress, observation) : null);
  if (load === null) return null;
  const left = leftOf(load, table, observation);
  if (!isReading && load.isRead && left === 0) return null;
  const { readCount, totalCount } = load;
  const done = Math.max(0, readCount - left);
  if (load.isRead) return { done, total: readCount };
  // The source's own count is an estimate, which the records themselves may outgrow.
  return { done, total: totalCount === null ? null : Math.max(totalCount, readCount) };
}

/**
 * How many records of a load are queued yet: what was read of the table and is not settled. A count
 * that a killed process took with it is never settled, so the queue itself has the last word.
 */
function leftOf(load: Load, table: string, seen: Seen): number {
  const tally = tallyOf(seen, table) ?? NO_TALLY;
  const queued = load.carried + (load.readBy ?? tally.read) - settledOf(tally);
  return Math.max(0, Math.min(queued, queuedSince(load, seen) ?? queued));
}

/** What the whole queue held after the load was told of last; null: it was not looked at since. */
function queuedSince(load: Load, { backlog }: Seen): number | null {
  return backlog.at > load.at ? backlog.queued + backlog.pending : null;
}

function loadOf(
  { phase, readCount, totalCount }: ReadProgress,
  told: Pick<Load, 'at' | 'replica' | 'carried'>,
): Load {
  return { readCount, totalCount, isRead: phase !== 'load', readBy: null, ...told };
}

/** Events of before loads were kept have only the progress. */
const unseen = (progress: ReadProgress, { observedAt }: FiguresObserved): Load =>
  loadOf(progress, { at: observedAt, replica: '', carried: 0 });

const mapLoads = (loads: Loads, change: (load: Load, table: string) => Load | null): Loads =>
  Object.fromEntries(
    Object.entries(loads).flatMap(([table, load]): [string, Load][] => {
      const changed = change(load, table);
      return changed === null ? [] : [[table, changed]];
    }),
  );
