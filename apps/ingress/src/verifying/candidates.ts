import { setTimeout as sleep } from 'node:timers/promises';
import type { Difference } from '@landbridge/contracts';
import { type Candidate, lookAgain } from './look-again.ts';
import type { Pace } from './pace.ts';
import type { Tally } from './tally.ts';
import type { VerifyingDeps } from './verifying-deps.ts';

/** Looked at again together: one request to Dynamics, one to Campaign for each. */
const BATCH = 50;
/** So many may wait for their second look. */
const WAITING_MAX = 1_000;

/** Records that seemed to differ, and what a second look makes of them. */
export class Candidates {
  readonly #deps: VerifyingDeps;
  readonly #tally: Tally;
  readonly #pace: Pace;
  readonly #onDifference: (difference: Difference) => Promise<void>;
  #waiting: Candidate[] = [];
  #lastAtMs = 0;

  constructor(
    deps: VerifyingDeps,
    options: {
      tally: Tally;
      pace: Pace;
      /** Awaited for each that differs indeed. */
      onDifference: (difference: Difference) => Promise<void>;
    },
  ) {
    this.#deps = deps;
    this.#tally = options.tally;
    this.#pace = options.pace;
    this.#onDifference = options.onDifference;
  }

  async add(candidate: Candidate, signal: AbortSignal): Promise<void> {
    this.#waiting.push(candidate);
    this.#lastAtMs = performance.now();
    if (this.#waiting.length >= WAITING_MAX) await this.flush(signal);
  }

  /** Looks again at all that wait, when the last of them has waited long enough. */
  async flush(signal: AbortSignal): Promise<void> {
    if (this.#waiting.length === 0) return;
    const leftMs = this.#lastAtMs + this.#deps.lookAgainAfterMs - performance.now();
    if (leftMs > 0) await sleep(leftMs, undefined, { signal });
    const all = this.#waiting;
    this.#waiting = [];
    for (let start = 0; start < all.length; start += BATCH) {
      const some = all.slice(start, start + BATCH);
      await this.#pace.take(some.length, signal);
      for (const found of await lookAgain(some, this.#deps, this.#tally, signal)) {
        if (found === 'pending' || found === 'unmappable') this.#tally.count(found);
        if (typeof found === 'object') await this.#onDifference(found);
      }
    }
  }
}
