import {
  type Bus,
  type CallBudget,
  dayOf,
  giveCallsBack,
  nextDay,
  reserveCalls,
} from '@landbridge/messaging';
import { RetryLater } from './errors.ts';

/** A replica reserves at most this many calls at once: what a crash of it can cost the day. */
const CHUNK_MAX = 500;
/** And at most this part of the day, so that a small budget is spent by whoever needs it. */
const CHUNK_SHARE = 0.01;
/** Without a bound nothing is reserved beforehand: calls are added up, and told this often. */
const COUNT_EVERY_MS = 5_000;
/** Whoever waits for the next day asks again this often: the clock may have been set. */
const ASK_AGAIN_MS = 30_000;

/** How many calls a replica reserves at once of a day that may hold `callsPerDay`. */
export const chunkOf = (callsPerDay: number): number =>
  Math.max(1, Math.min(CHUNK_MAX, Math.floor(callsPerDay * CHUNK_SHARE)));

export interface DayBudgetOptions extends CallBudget {
  bus: Bus;
  /** The wall clock, which decides when a day ends. */
  now?: () => Date;
}

/** One system's calls of a day, as one replica of many spends them. */
export class DayBudget {
  readonly #options: DayBudgetOptions;
  readonly #now: () => Date;
  #reserved = { day: '', count: 0 };
  #spentUntil: Date | null = null;
  #refilling: Promise<void> | null = null;
  #uncounted = 0;
  #countedAtMs = performance.now();

  constructor(options: DayBudgetOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => new Date());
  }

  /**
   * Spends one call.
   * Throws  RetryLater with `BudgetSpent` (nothing is left until the next day); what NATS throws.
   */
  async take(): Promise<void> {
    const { callsPerDay } = this.#options;
    if (callsPerDay === null) {
      this.#count();
      return;
    }
    while (!this.#takeReserved()) {
      this.#refuseWhileSpent();
      this.#refilling ??= this.#refill(callsPerDay).finally(() => {
        this.#refilling = null;
      });
      await this.#refilling;
    }
  }

  /** Gives back what was reserved and not spent, and tells what was not counted yet. */
  async close(): Promise<void> {
    const { bus } = this.#options;
    const { day, count } = this.#reserved;
    this.#reserved = { day, count: 0 };
    if (count > 0) await giveCallsBack(bus, this.#options, { day, count });
    await this.#tell();
  }

  #takeReserved(): boolean {
    const { day, count } = this.#reserved;
    if (count === 0 || day < dayOf(this.#now())) return false;
    this.#reserved = { day, count: count - 1 };
    return true;
  }

  async #refill(callsPerDay: number): Promise<void> {
    const { bus } = this.#options;
    const now = this.#now();
    const wanted = chunkOf(callsPerDay);
    const count = await reserveCalls(bus, this.#options, { wanted, now });
    this.#reserved = { day: dayOf(now), count };
    this.#spentUntil = count === 0 ? nextDay(now) : null;
  }

  #refuseWhileSpent(): void {
    const until = this.#spentUntil;
    if (until === null) return;
    const leftMs = until.getTime() - this.#now().getTime();
    if (leftMs <= 0) {
      this.#spentUntil = null;
      return;
    }
    const { system, callsPerDay } = this.#options;
    const name = system === 'dynamics' ? 'Dynamics 365' : 'Campaign';
    const message =
      `the day's ${callsPerDay} calls to ${name} are spent; ` +
      `it goes on by itself at ${until.toISOString()}`;
    const retryAfterMs = Math.min(leftMs, ASK_AGAIN_MS);
    throw new RetryLater(message, { condition: 'BudgetSpent', retryAfterMs });
  }

  #count(): void {
    this.#uncounted += 1;
    if (performance.now() - this.#countedAtMs < COUNT_EVERY_MS) return;
    this.#countedAtMs = performance.now();
    // A count that NATS did not take is told with the next one: nothing waits for it.
    void this.#tell().catch(() => undefined);
  }

  async #tell(): Promise<void> {
    const wanted = this.#uncounted;
    if (wanted === 0) return;
    this.#uncounted = 0;
    try {
      await reserveCalls(this.#options.bus, this.#options, { wanted, now: this.#now() });
    } catch (error) {
      this.#uncounted += wanted;
      throw error;
    }
  }
}
