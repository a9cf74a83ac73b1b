/** Since when this process has listened without a gap. */
export interface Attention {
  sinceMs(nowMs: number): number;
  close(): void;
}

/** A process that could not act for this many pulses has heard nothing meanwhile either. */
const MISSED_PULSES = 2;

/**
 * Takes a pulse of this very process every `everyMs`. Where pulses are missing (a machine that stood
 * still, an event loop that was held up) heartbeats lie unheard, and say nothing about who sent them:
 * listening begins anew.
 */
export function payAttention(everyMs: number, now: () => number = () => Date.now()): Attention {
  let sinceMs = now();
  let lastMs = sinceMs;
  const pulse = (nowMs: number): void => {
    if (nowMs - lastMs > everyMs * (MISSED_PULSES + 1)) sinceMs = nowMs;
    lastMs = nowMs;
  };
  const timer = setInterval(() => pulse(now()), everyMs);
  return {
    sinceMs: (nowMs) => {
      pulse(nowMs);
      return sinceMs;
    },
    close: () => clearInterval(timer),
  };
}
