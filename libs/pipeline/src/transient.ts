import type { ConditionType } from '@landbridge/contracts';
import { LimiterPaused, RetryLater } from './errors.ts';

/** Which end of the run a call went to. */
export type End = 'source' | 'destination';

/** What time heals. `retryAfterMs`: at least so long, because the other side said so; else null. */
export interface Transient {
  condition: ConditionType;
  retryAfterMs: number | null;
}

/**
 * Whether time heals this error, told by its shape: the vendors' clients know nothing of this lib,
 * but all their errors say `kind` (`throttled`, `transient`) and `retryAfterMs`, and those of an
 * unanswered call are named `…Unreachable`. null: it is something else.
 */
export function transientOf(error: unknown, end: End): Transient | null {
  if (error instanceof RetryLater) {
    return { condition: error.condition, retryAfterMs: error.retryAfterMs };
  }
  if (error instanceof LimiterPaused) {
    return { condition: 'Throttled', retryAfterMs: error.retryAfterMs };
  }
  if (!(error instanceof Error)) return null;
  const unreachable = end === 'source' ? 'SourceUnreachable' : 'DestinationUnreachable';
  if (error.name.endsWith('Unreachable')) {
    return { condition: unreachable, retryAfterMs: retryAfterOf(error) };
  }
  const kind = 'kind' in error ? error.kind : null;
  if (kind === 'throttled') return { condition: 'Throttled', retryAfterMs: retryAfterOf(error) };
  if (kind === 'transient') return { condition: unreachable, retryAfterMs: retryAfterOf(error) };
  return null;
}

function retryAfterOf(error: Error): number | null {
  return 'retryAfterMs' in error && typeof error.retryAfterMs === 'number'
    ? error.retryAfterMs
    : null;
}
