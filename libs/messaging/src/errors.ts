import { errors } from '@nats-io/nats-core';
import { JetStreamApiCodes, JetStreamApiError, JetStreamError } from '@nats-io/jetstream';

/** Landbridge cannot stand on this NATS server; the message says what is needed. */
export class NatsServerUnfit extends Error {
  override readonly name = 'NatsServerUnfit';
}

/** Another reader saved the cursor meanwhile: what was read since then is not ours to go on with. */
export class CursorMoved extends Error {
  override readonly name = 'CursorMoved';
  readonly key: string;
  constructor(key: string, options?: ErrorOptions) {
    super(`The cursor ${key} was moved by another reader`, options);
    this.key = key;
  }
}

/** The stream takes no more until writers catch up: wait, then publish the same batch again. */
export class QueueFull extends Error {
  override readonly name = 'QueueFull';
  readonly stream: string;
  constructor(stream: string, options?: ErrorOptions) {
    super(`The stream ${stream} is full`, options);
    this.stream = stream;
  }
}

/** Not every message of a batch was acknowledged: publish the same batch again. */
export class PublishFailed extends Error {
  override readonly name = 'PublishFailed';
  constructor(subject: string, options?: ErrorOptions) {
    super(`Publishing to ${subject} was not acknowledged`, options);
  }
}

/** `LANDBRIDGE_KEY` is not what it must be, or not the one that the value was sealed with. */
export class SealBroken extends Error {
  override readonly name = 'SealBroken';
}

/** JetStream's own numbers that its client does not name, as nats-server's `errors.json` lists them. */
const FULL_CODES: readonly number[] = [10077, 10047, 10023, 10028];
const WRONG_SEQUENCE_CODES: readonly number[] = [
  JetStreamApiCodes.StreamWrongLastSequence,
  JetStreamApiCodes.StreamWrongLastSequenceUnknown,
];

/** Whether a publish was refused because the stream (or the server's disk quota) is full. */
export const isStreamFull = (error: unknown): boolean =>
  error instanceof JetStreamApiError && FULL_CODES.includes(error.code);

/** Whether the consumer is not there (any more). */
export const isConsumerGone = (error: unknown): boolean =>
  error instanceof JetStreamApiError && error.code === JetStreamApiCodes.ConsumerNotFound;

/** Whether an expected sequence was not the stream's: somebody else wrote first. */
export const isWrongSequence = (error: unknown): boolean =>
  error instanceof JetStreamApiError && WRONG_SEQUENCE_CODES.includes(error.code);

/** Whether the cause is NATS being away or busy, which time heals, and not a fault of ours. */
export function isBusError(error: unknown): boolean {
  return (
    error instanceof JetStreamApiError ||
    error instanceof JetStreamError ||
    error instanceof errors.TimeoutError ||
    error instanceof errors.RequestError ||
    error instanceof errors.NoRespondersError ||
    error instanceof errors.ConnectionError ||
    error instanceof errors.ClosedConnectionError ||
    error instanceof errors.DrainingConnectionError ||
    error instanceof QueueFull ||
    error instanceof PublishFailed
  );
}

/** The same without what JetStream itself refuses as wrong, such as a stream that is not there. */
export const isBusAway = (error: unknown): boolean =>
  error instanceof JetStreamApiError ? error.status >= 500 : isBusError(error);
