import type { FiguresObserved, ReplicaFigures, TableTally } from './figures.events.ts';

export const NO_TALLY: TableTally = {
  read: 0,
  written: 0,
  skipped: {},
  dead: 0,
  calls: { dynamics: 0, campaign: 0 },
  lagMs: null,
};

/** What all replicas did for one table; null: none has told anything of it. */
export function tallyOf(
  { replicas }: Pick<FiguresObserved, 'replicas'>,
  table: string,
): TableTally | null {
  const told = oldestFirst(replicas).flatMap(({ tables }) => tables[table] ?? []);
  return told.length === 0 ? null : told.reduce(addTallies);
}

/** What each replica told last, in the order in which it was told. */
export const oldestFirst = (replicas: FiguresObserved['replicas']): ReplicaFigures[] =>
  Object.values(replicas).toSorted((one, other) => (one.at < other.at ? -1 : 1));

/**
 * The sum of two, the newer last; of two lags the worse, and of what waits, which all replicas see,
 * what was told last: a replica that is gone sees nothing any more.
 */
export function addTallies(one: TableTally, other: TableTally): TableTally {
  const skipped = { ...one.skipped };
  for (const [reason, count] of Object.entries(other.skipped)) {
    skipped[reason] = (skipped[reason] ?? 0) + count;
  }
  const waiting = other.waiting ?? one.waiting;
  return {
    read: one.read + other.read,
    written: one.written + other.written,
    skipped,
    dead: one.dead + other.dead,
    calls: {
      dynamics: one.calls.dynamics + other.calls.dynamics,
      campaign: one.calls.campaign + other.calls.campaign,
    },
    lagMs: worse(one.lagMs, other.lagMs),
    ...(waiting === undefined ? {} : { waiting }),
  };
}

function worse(one: ReplicaFigures['lagMs'], other: ReplicaFigures['lagMs']) {
  if (one === null || other === null) return one ?? other;
  return { p50: Math.max(one.p50, other.p50), p95: Math.max(one.p95, other.p95) };
}

/** Written, skipped or found dead. */
export const settledOf = ({ written, skipped, dead }: TableTally): number =>
  written + dead + Object.values(skipped).reduce((sum, count) => sum + count, 0);
