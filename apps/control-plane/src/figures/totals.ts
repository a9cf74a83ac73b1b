import type { FiguresObserved } from './figures.events.ts';

/** What all replicas of a run did together. */
export interface Totals {
  read: number;
  written: number;
  skipped: Record<string, number>;
  skippedCount: number;
  dead: number;
  calls: { dynamics: number; campaign: number };
}

export function totalsOf({ replicas }: Pick<FiguresObserved, 'replicas'>): Totals {
  const totals: Totals = {
    read: 0,
    written: 0,
    skipped: {},
    skippedCount: 0,
    dead: 0,
    calls: { dynamics: 0, campaign: 0 },
  };
  for (const figures of Object.values(replicas)) {
    totals.read += figures.read;
    totals.written += figures.written;
    totals.dead += figures.dead;
    totals.calls.dynamics += figures.calls.dynamics;
    totals.calls.campaign += figures.calls.campaign;
    for (const [reason, count] of Object.entries(figures.skipped)) {
      totals.skipped[reason] = (totals.skipped[reason] ?? 0) + count;
      totals.skippedCount += count;
    }
  }
  return totals;
}
