import type { QueuedRecord } from '@landbridge/contracts';
import { type Bus, isBusError, readMessage, traceparentOf } from '@landbridge/messaging';
import { type Log, withSpan } from '@landbridge/telemetry';
import type { JsMsg } from '@nats-io/jetstream';
import { deadLetterIdOf } from './dead-letter-id.ts';
import { LookAgain, RunFailedError } from './errors.ts';
import { holdMessage } from './hold.ts';
import { transientOf } from './transient.ts';
import type { WriteOutcome, Writer } from './write-outcome.ts';

/** What became of a message of the queue. */
export interface Written {
  outcome: WriteOutcome;
  /** null: the message was unreadable. */
  record: QueuedRecord | null;
  table: string;
}

/** What a pump does with a message; null: it may be somebody else's by now, so leave it alone. */
export type MessageWrite = (message: JsMsg) => Promise<Written | null>;

/**
 * A writer for messages instead of records: decodes, keeps the message in hand while it is written,
 * goes on with its trace, and turns what the writer throws into an outcome.
 */
export function recordWrite(
  write: Writer,
  deps: { bus: Bus; log: Log; unexpectedAttemptsMax: number },
): MessageWrite {
  return async (message) => {
    const { record, table, faults } = readMessage(message);
    if (record === null) return { outcome: unreadable(faults), record, table };
    using hold = holdMessage(deps.bus, message);
    const attempt = message.info.deliveryCount;
    const options = {
      kind: 'consumer' as const,
      traceparent: traceparentOf(message),
      attributes: { 'landbridge.table': table, 'landbridge.attempt': attempt },
    };
    const outcome = await withSpan(`write ${table}`, options, async (span) => {
      const deadLetterId = deadLetterIdOf(message);
      const context = { attempt, signal: hold.signal, deadLetterId };
      const found = await write(record, context).catch((error: unknown) =>
        outcomeOf(error, attempt, deps.unexpectedAttemptsMax),
      );
      span.setAttribute('landbridge.outcome', found.kind);
      return found;
    });
    logUnexpected(outcome, { table, key: record.key, attempt }, deps.log);
    return hold.held ? { outcome, record, table } : null;
  };
}

const UNEXPECTED = 'unexpected';

/** A message that is not ours is an outcome, and no crash loop. */
export const unreadable = (faults: string): WriteOutcome => ({
  kind: 'rejected',
  reason: { code: 'unreadable', message: `The message is not a record of this version: ${faults}` },
  cause: new Error('unreadable message'),
});

/** Expected ends by their shape; a bug is tried again a few times, and then stands in nobody's way. */
export function outcomeOf(error: unknown, attempt: number, attemptsMax: number): WriteOutcome {
  const cause = error instanceof Error ? error : new Error(String(error));
  if (error instanceof RunFailedError) return { kind: 'runFailed', failure: error.failure };
  const transient = transientOf(error, 'destination');
  if (transient !== null) {
    return { kind: 'retryAfter', delayMs: transient.retryAfterMs ?? 0, cause };
  }
  if (isBusError(error) || attempt < attemptsMax) return { kind: 'retryAfter', delayMs: 0, cause };
  const message = `Writing it ended ${attempt} times with an error that nobody expected: ${cause.name}`;
  return { kind: 'rejected', reason: { code: UNEXPECTED, message }, cause };
}

/** Expected ends are told where they are settled. */
export function logUnexpected(
  outcome: WriteOutcome,
  fields: { table: string; key: string; attempt: number },
  log: Log,
): void {
  if (outcome.kind !== 'retryAfter' && outcome.kind !== 'rejected') return;
  const { cause } = outcome;
  if (outcome.kind === 'rejected' && outcome.reason.code !== UNEXPECTED) return;
  const isAwaited = cause instanceof LookAgain || isBusError(cause);
  if (isAwaited || transientOf(cause, 'destination') !== null) {
    log.debug({ ...fields, err: cause }, 'a write is tried again');
  } else log.error({ ...fields, err: cause }, 'a write ended unexpectedly');
}
