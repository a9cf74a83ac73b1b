import type { WorkflowFigures } from '@landbridge/contracts';
import type { FiguresObserved, ReplicaFigures } from './figures.events.ts';
import { totalsOf } from './totals.ts';

/** Rates are over this long. */
const RATE_MS = 10_000;

/** Records queued and not yet settled. */
export function backlogIn(observation: FiguresObserved | null): number {
  return observation === null ? 0 : observation.backlog.queued + observation.backlog.pending;
}

/** The figures of the active or last run, as they are at `now`. */
export function readFigures(observation: FiguresObserved | null, now: Date): WorkflowFigures {
  const { read, written, skipped, dead, calls } = totalsOf(observation ?? { replicas: {} });
  return {
    read,
    written,
    skipped,
    dead,
    calls,
    writtenPerSecond: observation === null ? 0 : ratePerSecond(observation, now),
    lagMs: observation === null ? null : worstLag(observation),
    oldestQueuedAt: backlogIn(observation) > 0 ? (observation?.backlog.oldestAt ?? null) : null,
  };
}

function ratePerSecond(observation: FiguresObserved, now: Date): number {
  const from = now.getTime() - RATE_MS;
  const before = observation.recent.findLast(({ at }) => Date.parse(at) <= from);
  const base = before ?? observation.recent[0];
  if (base === undefined) return 0;
  const spanMs = before === undefined ? now.getTime() - Date.parse(base.at) : RATE_MS;
  const written = totalsOf(observation).written - base.written;
  return Math.round((written * 10_000) / Math.max(spanMs, 1_000)) / 10;
}

/** A lag is over the last minute: of a replica that was heard before that, none is known. */
function worstLag({ replicas, observedAt }: FiguresObserved): ReplicaFigures['lagMs'] {
  const from = new Date(Date.parse(observedAt) - 60_000).toISOString();
  const lags = Object.values(replicas)
    .filter(({ at }) => at >= from)
    .map(({ lagMs }) => lagMs)
    .filter((lag) => lag !== null);
  if (lags.length === 0) return null;
  return {
    p50: Math.max(...lags.map(({ p50 }) => p50)),
    p95: Math.max(...lags.map(({ p95 }) => p95)),
  };
}
