import type { ConditionType, RunFailure } from '@landbridge/contracts';

/** The run cannot go on until a person mends something: thrown by readers and by what starts runs. */
export class RunFailedError extends Error {
  override readonly name = 'RunFailedError';
  readonly failure: RunFailure;
  constructor(failure: RunFailure, options?: ErrorOptions) {
    super(failure.message, options);
    this.failure = failure;
  }
}

/** A trouble that time heals, and the condition that tells people of it. */
export class RetryLater extends Error {
  override readonly name = 'RetryLater';
  readonly condition: ConditionType;
  /** At least this long, as a Retry-After asked for; null: our own backoff decides. */
  readonly retryAfterMs: number | null;
  constructor(
    message: string,
    options: ErrorOptions & { condition: ConditionType; retryAfterMs?: number | null },
  ) {
    super(message, options);
    this.condition = options.condition;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}

/** The destination asked for a pause that is longer than a caller should hold its record for. */
export class LimiterPaused extends Error {
  override readonly name = 'LimiterPaused';
  readonly kind = 'throttled';
  readonly retryAfterMs: number;
  constructor(retryAfterMs: number) {
    super(`Calls rest for another ${Math.ceil(retryAfterMs)} ms, as the other side asked`);
    this.retryAfterMs = retryAfterMs;
  }
}

/** Somebody else is at the same record just now: it is looked at again, and nobody needs to know. */
export class LookAgain extends Error {
  override readonly name = 'LookAgain';
}
