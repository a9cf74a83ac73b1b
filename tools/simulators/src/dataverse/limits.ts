import { DataverseRefusal } from './dataverse-errors.ts';
import type { ServiceLimits } from './limits.schema.ts';

const SLOTS = 300;

/** Service protection of one user on one web server: a sliding window in slots. */
export class LimitKeeper {
  limits: ServiceLimits;
  readonly #requests = new Float64Array(SLOTS);
  readonly #milliseconds = new Float64Array(SLOTS);
  #slot = 0;
  #requestTotal = 0;
  #millisecondTotal = 0;

  constructor(limits: ServiceLimits) {
    this.limits = limits;
  }

  /** Counts a request. Throws  DataverseRefusal with 429 and Retry-After when a limit is met. */
  admit(inFlight: number): void {
    this.#advance();
    this.#requests[this.#slot % SLOTS] = (this.#requests[this.#slot % SLOTS] ?? 0) + 1;
    this.#requestTotal++;
    const { enabled, concurrentMax, requestsMax, executionMsMax, windowS } = this.limits;
    if (!enabled) return;
    if (inFlight > concurrentMax) {
      throw this.#refusal(
        '0x80072326',
        `Number of concurrent requests exceeded the limit of ${concurrentMax}.`,
        1,
      );
    }
    if (this.#requestTotal > requestsMax) {
      throw this.#refusal(
        '0x80072322',
        `Number of requests exceeded the limit of ${requestsMax} over time window of ${windowS} seconds.`,
        this.#secondsUntilRoom(this.#requests, this.#requestTotal - requestsMax),
      );
    }
    if (this.#millisecondTotal > executionMsMax) {
      throw this.#refusal(
        '0x80072321',
        `Combined execution time of incoming requests exceeded limit of ${executionMsMax.toLocaleString('en-US')} milliseconds over time window of ${windowS} seconds.`,
        this.#secondsUntilRoom(this.#milliseconds, this.#millisecondTotal - executionMsMax),
      );
    }
  }

  spend(milliseconds: number): void {
    const slot = this.#slot % SLOTS;
    this.#milliseconds[slot] = (this.#milliseconds[slot] ?? 0) + milliseconds;
    this.#millisecondTotal += milliseconds;
  }

  headers(): Record<string, string> {
    const { requestsMax, executionMsMax } = this.limits;
    return {
      'x-ms-ratelimit-burst-remaining-xrm-requests': String(
        Math.max(0, requestsMax - this.#requestTotal),
      ),
      'x-ms-ratelimit-time-remaining-xrm-requests': (
        Math.max(0, executionMsMax - this.#millisecondTotal) / 1_000
      ).toFixed(2),
    };
  }

  #refusal(code: string, message: string, seconds: number): DataverseRefusal {
    const wait = this.limits.retryAfterS ?? Math.max(1, seconds);
    return new DataverseRefusal(429, code, message, { 'retry-after': String(wait) });
  }

  /** Empties the slots that have slid out of the window. */
  #advance(): void {
    const now = Math.floor((Date.now() * SLOTS) / (this.limits.windowS * 1_000));
    const steps = Math.min(now - this.#slot, SLOTS);
    for (let step = 1; step <= steps; step++) {
      const slot = (now - steps + step) % SLOTS;
      this.#requestTotal -= this.#requests[slot] ?? 0;
      this.#millisecondTotal -= this.#milliseconds[slot] ?? 0;
      this.#requests[slot] = 0;
      this.#milliseconds[slot] = 0;
    }
    this.#slot = now;
  }

  #secondsUntilRoom(slots: Float64Array, excess: number): number {
    let freed = 0;
    for (let step = 1; step <= SLOTS; step++) {
      freed += slots[(this.#slot + step) % SLOTS] ?? 0;
      if (freed >= excess) return Math.ceil((step * this.limits.windowS) / SLOTS);
    }
    return this.limits.windowS;
  }
}
