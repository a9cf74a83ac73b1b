import { setTimeout as sleep } from 'node:timers/promises';

const PIECE_MS = 1_000;

/** Lets through so many records a second on the average; null: without a bound. */
export class Pace {
  readonly #rate: number | null;
  readonly #onWait: () => Promise<void>;
  #nextMs = 0;

  /** `onWait`: called about once a second of a long wait; what it throws ends the wait. */
  constructor(rate: number | null, onWait: () => Promise<void> = async () => undefined) {
    this.#rate = rate;
    this.#onWait = onWait;
  }

  async take(count: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#rate === null) return;
    const startMs = Math.max(performance.now(), this.#nextMs);
    this.#nextMs = startMs + (count / this.#rate) * 1_000;
    for (;;) {
      const leftMs = startMs - performance.now();
      if (leftMs <= 0) return;
      await sleep(Math.min(PIECE_MS, leftMs), undefined, { signal });
      await this.#onWait();
    }
  }
}
