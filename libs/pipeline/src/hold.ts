import { ACK_WAIT_MS, type Bus, WORKING_EVERY_MS } from '@landbridge/messaging';
import type { JsMsg } from '@nats-io/jetstream';

/** Our right to a message must be beyond doubt for at least this long when we act on it. */
const MARGIN_MS = 1_000;

/** A message in hand: kept from being handed to somebody else until `release()`. */
export interface Hold extends Disposable {
  /** False: somebody else may have been handed the message meanwhile. */
  readonly held: boolean;
  /** Aborts when `held` turns false. */
  readonly signal: AbortSignal;
  release(): void;
}

/**
 * Tells JetStream every few seconds that the message is being worked on, and makes sure that it
 * heard so. A process that was paused or cut off learns here that it lost the message.
 */
export function holdMessage(bus: Bus, message: Pick<JsMsg, 'working'>): Hold {
  const lost = new AbortController();
  let provenMs = performance.now();
  const isHeld = (): boolean => performance.now() - provenMs < ACK_WAIT_MS - MARGIN_MS;
  const prolong = async (): Promise<void> => {
    if (!isHeld()) {
      lost.abort();
      return;
    }
    const startedMs = performance.now();
    message.working();
    // The flush comes back only after the server took what was sent before it.
    await bus.connection.flush();
    if (isHeld()) provenMs = startedMs;
  };
  const timer = setInterval(() => void prolong().catch(() => undefined), WORKING_EVERY_MS);
  const release = (): void => clearInterval(timer);
  return {
    get held() {
      return !lost.signal.aborted && isHeld();
    },
    signal: lost.signal,
    release,
    [Symbol.dispose]: release,
  };
}
