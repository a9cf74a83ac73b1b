const DAY_MS = 86_400_000;

/**
 * The wait that a Retry-After header asks for, in seconds or until an HTTP date; null without a
 * readable header. A date that has passed is 0; nothing is longer than a day.
 */
export function parseRetryAfter(header: string | null, nowMs: number): number | null {
  const text = header?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) return bounded(Number(text) * 1_000);
  if (!/^[A-Za-z]{3}/.test(text)) return null;
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? null : bounded(atMs - nowMs);
}

function bounded(delayMs: number): number {
  return Math.min(DAY_MS, Math.max(0, Math.ceil(delayMs)));
}
