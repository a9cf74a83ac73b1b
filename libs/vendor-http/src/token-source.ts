export type Token = { value: string; lifetimeMs: number };

/** One token for all callers: however many ask, one request is under way at a time. */
export type TokenSource = {
  /** A token that is still good; renewed some minutes before its end. */
  get(signal?: AbortSignal): Promise<string>;
  /** A token other than `refused`: a new one, unless somebody has brought one meanwhile. */
  renew(refused: string, signal?: AbortSignal): Promise<string>;
};

type Held = { value: string; renewAtMs: number; endsAtMs: number };

const RENEW_BEFORE_END_MS = 300_000;
/** After a failed early renewal, while the token in hand is still good. */
const RENEW_AGAIN_MS = 10_000;

/**
 * `mint` asks the authority; it bounds its own time and knows no caller's signal, since one
 * caller's abort must not fail the others. `nowMs`: a clock that only runs forward.
 */
export function createTokenSource(
  mint: () => Promise<Token>,
  nowMs: () => number = () => performance.now(),
): TokenSource {
  let held: Held | null = null;
  let underWay: Promise<string> | null = null;

  async function mintOnce(): Promise<string> {
    const { value, lifetimeMs } = await mint();
    const endsAtMs = nowMs() + lifetimeMs;
    held = {
      value,
      endsAtMs,
      renewAtMs: endsAtMs - Math.min(RENEW_BEFORE_END_MS, lifetimeMs / 5),
    };
    return value;
  }

  function mintShared(): Promise<string> {
    underWay ??= mintOnce().finally(() => {
      underWay = null;
    });
    return underWay;
  }

  async function renewEarly(inHand: Held): Promise<string> {
    try {
      return await mintShared();
    } catch (error) {
      if (nowMs() >= inHand.endsAtMs) throw error;
      inHand.renewAtMs = nowMs() + RENEW_AGAIN_MS;
      return inHand.value;
    }
  }

  function current(): Promise<string> {
    if (held === null || nowMs() >= held.endsAtMs) return mintShared();
    return nowMs() >= held.renewAtMs ? renewEarly(held) : Promise.resolve(held.value);
  }

  return {
    async get(signal) {
      signal?.throwIfAborted();
      return untilAborted(current(), signal);
    },
    async renew(refused, signal) {
      signal?.throwIfAborted();
      if (held?.value === refused) held = null;
      return untilAborted(current(), signal);
    },
  };
}

/** The promise's end, or the signal's abort, whichever comes first. */
async function untilAborted<T>(promise: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (signal === undefined) return promise;
  const aborted = Promise.withResolvers<never>();
  const abort = () => {
    aborted.reject(signal.reason);
  };
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
