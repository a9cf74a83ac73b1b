interface Sample {
  atMs: number;
  lagMs: number;
}

const WINDOW_MS = 60_000;
/** Enough for stable percentiles; more are thinned out by forgetting the oldest. */
const SAMPLES_MAX = 2_048;

/** How long changes took from their source to their write, over the last minute. */
export class Lag {
  readonly #samples: Sample[] = [];
  readonly #now: () => number;
  #next = 0;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  add(lagMs: number): void {
    this.#samples[this.#next] = { atMs: this.#now(), lagMs: Math.max(0, lagMs) };
    this.#next = (this.#next + 1) % SAMPLES_MAX;
  }

  /** null: nothing was written within the last minute. */
  percentiles(): { p50: number; p95: number } | null {
    const sinceMs = this.#now() - WINDOW_MS;
    const sorted = this.#samples
      .filter(({ atMs }) => atMs >= sinceMs)
      .map(({ lagMs }) => lagMs)
      .sort((a, b) => a - b);
    if (sorted.length === 0) return null;
    return { p50: nearestRank(sorted, 0.5), p95: nearestRank(sorted, 0.95) };
  }
}

const nearestRank = (sorted: readonly number[], share: number): number =>
  sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
