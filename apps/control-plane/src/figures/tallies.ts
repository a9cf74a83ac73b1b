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
  const told = Object.values(replicas).flatMap(({ tables }) => tables[table] ?? []);
  return told.length === 0 ? null : told.reduce(addTallies);
}

/** The sum of two; of two lags the worse, and of what waits, which all replicas see, the greater. */
export function addTallies(one: TableTally, other: TableTally): TableTally {
  const skipped = { ...one.skipped };
  for (const [reason, count] of Object.entries(other.skipped)) {
    skipped[reason] = (skipped[reason] ?? 0) + count;
  }
  const waiting = Math.max(one.waiting ?? -1, other.waiting ?? -1);
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
    ...(waiting < 0 ? {} : { waiting }),
  };
}

function worse(one: ReplicaFigures['lagMs'], other: ReplicaFigures['lagMs']) {
  if (one === null || other === null) return one ?? other;
  return { p50: Math.max(one.p50, other.p50), p95: Math.max(one.p95, other.p95) };
}

/** Written, skipped or found dead. */
export const settledOf = ({ written, skipped, dead }: TableTally): number =>
  written + dead + Object.values(skipped).reduce((sum, count) => sum + count, 0);
