export interface BackoffOptions {
  /** The longest wait after the first failure. */
  baseMs?: number;
  /** The longest wait at all. */
  capMs?: number;
  /** In [0, 1). */
  random?: () => number;
}

const BASE_MS = 250;
const CAP_MS = 30_000;
/** Even the luckiest draw does not spin. */
const LEAST_MS = 20;

/**
 * How long to wait after the `attempt`-th failure: anything up to a bound that doubles each time
 * ("full jitter"), so that many who failed together do not come back together.
 */
export function backoffMs(attempt: number, options: BackoffOptions = {}): number {
  const { baseMs = BASE_MS, capMs = CAP_MS, random = Math.random } = options;
  const boundMs = Math.min(capMs, baseMs * 2 ** Math.min(Math.max(attempt, 1) - 1, 30));
  return Math.max(Math.min(LEAST_MS, boundMs), Math.round(random() * boundMs));
}

/** The same, never before `retryAfterMs` has passed, and then not all at the same moment. */
export function retryDelayMs(
  attempt: number,
  retryAfterMs: number | null,
  options: BackoffOptions = {},
): number {
  if (retryAfterMs === null || retryAfterMs <= 0) return backoffMs(attempt, options);
  const spreadMs = Math.min(options.capMs ?? CAP_MS, Math.max(retryAfterMs / 10, BASE_MS));
  return Math.ceil(retryAfterMs + (options.random ?? Math.random)() * spreadMs);
}
