import type { JsMsg } from '@nats-io/jetstream';

/**
 * Under which id a message is parked if it is refused: the same for each of its deliveries, so that
 * storing it again replaces it, and reporting it again is reporting it once.
 */
export const deadLetterIdOf = (message: JsMsg): string =>
  `${message.seq}-${message.timestampNanos}`;
