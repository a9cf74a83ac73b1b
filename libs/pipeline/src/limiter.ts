import { setTimeout as sleep } from 'node:timers/promises';
import { LimiterPaused } from './errors.ts';
import { transientOf } from './transient.ts';

export interface LimiterOptions {
  /** No more calls than this begin within any second. */
  requestsPerSecond: number;
  /** No more calls than this are ever under way at once. */
  inFlightMax: number;
  /** How many share the two limits, this one among them; each takes its part. Default 1. */
  sharedBy?: () => number;
  /** Slower answers than this make the window shrink; null: only a 429 does. */
  latencyTargetMs?: number | null;
  /** A caller waits no longer than this for a pause to end: it gets LimiterPaused instead. */
  waitMaxMs?: number;
  /** Milliseconds that never go back. */
  now?: () => number;
}

/** What the limiter does at the moment, for metrics and logs. */
export interface LimiterState {
  inFlight: number;
  waiting: number;
  /** How many calls may be under way now; moves between 1 and `inFlightMax`. */
  window: number;
  pausedMs: number;
}

/** Guards one destination; everybody who calls it goes through the same limiter. */
export interface Limiter {
  /**
   * Runs `call` when its turn comes.
   * Throws  LimiterPaused (a Retry-After still runs); the signal's reason; what `call` throws.
   */
  run<T>(signal: AbortSignal | null, call: () => Promise<T>): Promise<T>;
  /** The same without a signal: what the vendors' clients take as their `gate`. */
  readonly gate: <T>(call: () => Promise<T>) => Promise<T>;
  state(): LimiterState;
}

const WAIT_MAX_MS = 5_000;
/** How hard a 429 hits, and slowness: the window is multiplied by it. */
const SHRINK_ON_THROTTLE = 0.5;
const SHRINK_ON_SLOWNESS = 0.9;
/** One shrink answers for all calls that were under way together. */
const SHRINK_EVERY_MS = 1_000;
/** Without a Retry-After, a 429 still means: not now. */
const PAUSE_DEFAULT_MS = 1_000;

/**
 * A limiter by requests per second and calls in flight. The window of calls in flight grows by one
 * for each window of good answers and shrinks by half at a 429 (AIMD); a 429's Retry-After pauses
 * all callers, not only the one who got it.
 */
export function createLimiter(options: LimiterOptions): Limiter {
  const gates = new Gates(options);
  const run = async <T>(signal: AbortSignal | null, call: () => Promise<T>): Promise<T> => {
    await gates.enter(signal);
    const startedMs = gates.now();
    try {
      const value = await call();
      gates.succeeded(gates.now() - startedMs);
      return value;
    } catch (error) {
      gates.failed(error);
      throw error;
    } finally {
      gates.leave();
    }
  };
  return { run, gate: (call) => run(null, call), state: () => gates.state() };
}

class Gates {
  readonly now: () => number;
  readonly #options: LimiterOptions;
  readonly #waitMaxMs: number;
  readonly #queue: (() => void)[] = [];
  #inFlight = 0;
  #window: number;
  #pausedUntilMs = 0;
  #shrunkAtMs = Number.NEGATIVE_INFINITY;
  /** When the next call may begin, were it alone: the rate as a virtual schedule. */
  #nextSlotMs = 0;

  constructor(options: LimiterOptions) {
    this.#options = options;
    this.#waitMaxMs = options.waitMaxMs ?? WAIT_MAX_MS;
    this.#window = options.inFlightMax;
    this.now = options.now ?? (() => performance.now());
  }

  async enter(signal: AbortSignal | null): Promise<void> {
    this.#refuseLongPause();
    await this.#takePlace(signal);
    try {
      await this.#waitForSlot(signal);
    } catch (error) {
      this.leave();
      throw error;
    }
  }

  leave(): void {
    this.#inFlight -= 1;
    this.#admit();
  }

  succeeded(latencyMs: number): void {
    const target = this.#options.latencyTargetMs ?? null;
    if (target !== null && latencyMs > target) this.#shrink(SHRINK_ON_SLOWNESS);
    else this.#window = Math.min(this.#inFlightMax(), this.#window + 1 / this.#window);
  }

  failed(error: unknown): void {
    const transient = transientOf(error, 'destination');
    if (error instanceof LimiterPaused || transient?.condition !== 'Throttled') return;
    const pauseMs = transient.retryAfterMs ?? PAUSE_DEFAULT_MS;
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, this.now() + pauseMs);
    this.#shrink(SHRINK_ON_THROTTLE);
  }

  state(): LimiterState {
    return {
      inFlight: this.#inFlight,
      waiting: this.#queue.length,
      window: this.#places(),
      pausedMs: Math.max(0, this.#pausedUntilMs - this.now()),
    };
  }

  #inFlightMax(): number {
    return Math.max(1, this.#options.inFlightMax / this.#sharedBy());
  }

  #sharedBy(): number {
    return Math.max(1, this.#options.sharedBy?.() ?? 1);
  }

  /** How many calls may be under way now; a share that shrank counts at once. */
  #places(): number {
    return Math.floor(Math.min(this.#window, this.#inFlightMax()));
  }

  #shrink(factor: number): void {
    if (this.now() - this.#shrunkAtMs < SHRINK_EVERY_MS) return;
    this.#shrunkAtMs = this.now();
    this.#window = Math.max(1, this.#window * factor);
  }

  #refuseLongPause(): void {
    const leftMs = this.#pausedUntilMs - this.now();
    if (leftMs > this.#waitMaxMs) throw new LimiterPaused(leftMs);
  }

  /** A place within the window, in the order of asking. */
  async #takePlace(signal: AbortSignal | null): Promise<void> {
    signal?.throwIfAborted();
    if (this.#queue.length === 0 && this.#inFlight < this.#places()) {
      this.#inFlight += 1;
      return;
    }
    const admitted = Promise.withResolvers<undefined>();
    const admit = (): void => admitted.resolve(undefined);
    const giveUp = (): void => {
      const index = this.#queue.indexOf(admit);
      if (index >= 0) this.#queue.splice(index, 1);
      if (index >= 0) admitted.reject(signal?.reason);
    };
    this.#queue.push(admit);
    signal?.addEventListener('abort', giveUp, { once: true });
    try {
      await admitted.promise;
    } finally {
      signal?.removeEventListener('abort', giveUp);
    }
  }

  #admit(): void {
    while (this.#inFlight < this.#places()) {
      const admit = this.#queue.shift();
      if (admit === undefined) return;
      this.#inFlight += 1;
      admit();
    }
  }

  /** Waits for a pause to end and for the rate to allow one more. */
  async #waitForSlot(signal: AbortSignal | null): Promise<void> {
    for (;;) {
      this.#refuseLongPause();
      const waitMs = this.#pausedUntilMs - this.now();
      if (waitMs <= 0) break;
      await sleep(Math.ceil(waitMs), undefined, signal === null ? {} : { signal });
    }
    const slotMs = Math.max(this.now(), this.#nextSlotMs);
    this.#nextSlotMs = slotMs + (1_000 * this.#sharedBy()) / this.#options.requestsPerSecond;
    const waitMs = slotMs - this.now();
    if (waitMs > 1) await sleep(waitMs, undefined, signal === null ? {} : { signal });
  }
}
