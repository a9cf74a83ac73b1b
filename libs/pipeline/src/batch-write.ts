import type { QueuedRecord } from '@landbridge/contracts';
import { type Bus, readMessage, traceparentOf } from '@landbridge/messaging';
import { type Log, withSpan } from '@landbridge/telemetry';
import type { JsMsg } from '@nats-io/jetstream';
import type { BatchMessageWrite } from './batch-pump.ts';
import { holdMessage } from './hold.ts';
import { logUnexpected, outcomeOf, unreadable, type Written } from './record-write.ts';
import type { BatchWriter, WriteOutcome } from './write-outcome.ts';

interface Readable {
  index: number;
  message: JsMsg;
  record: QueuedRecord;
}

/**
 * A batch writer for messages instead of records: decodes each, keeps all of them in hand while they
 * are written, and gives each its outcome. The batch's span goes on with the trace of its first
 * message and names how many there are.
 */
export function batchWrite(
  write: BatchWriter,
  deps: { bus: Bus; log: Log; unexpectedAttemptsMax: number },
): BatchMessageWrite {
  return async (messages) => {
    const written: (Written | null)[] = [];
    const readable: Readable[] = [];
    for (const [index, message] of messages.entries()) {
      const { record, table, faults } = readMessage(message);
      written.push({ outcome: unreadable(faults), record, table });
      if (record !== null) readable.push({ index, message, record });
    }
    const [first] = readable;
    if (first === undefined) return written;
    using hold = holdMessage(deps.bus, {
      working: () => {
        for (const { message } of readable) message.working();
      },
    });
    const outcomes = await writeSpanned(readable, first, { write, signal: hold.signal, ...deps });
    for (const [position, { index, message, record }] of readable.entries()) {
      const attempt = message.info.deliveryCount;
      const given = outcomes[position] ?? missing(record);
      const outcome = bounded(given, attempt, deps.unexpectedAttemptsMax);
      const fields = { table: record.table, key: record.key, attempt };
      logUnexpected(outcome, fields, deps.log);
      written[index] = hold.held ? { outcome, record, table: record.table } : null;
    }
    return written;
  };
}

async function writeSpanned(
  readable: readonly Readable[],
  first: Readable,
  {
    write,
    signal,
    ...deps
  }: Parameters<typeof batchWrite>[1] & {
    write: BatchWriter;
    signal: AbortSignal;
  },
): Promise<readonly WriteOutcome[]> {
  const attempt = Math.max(...readable.map(({ message }) => message.info.deliveryCount));
  const options = {
    kind: 'consumer' as const,
    traceparent: traceparentOf(first.message),
    attributes: { 'landbridge.records': readable.length, 'landbridge.attempt': attempt },
  };
  return withSpan('write batch', options, async (span) => {
    try {
      const outcomes = await write(
        readable.map(({ record }) => record),
        { attempt, signal },
      );
      for (const [kind, count] of countsOf(outcomes)) {
        span.setAttribute(`landbridge.outcome.${kind}`, count);
      }
      return outcomes;
    } catch (error) {
      return readable.map(({ message }) =>
        outcomeOf(error, message.info.deliveryCount, deps.unexpectedAttemptsMax),
      );
    }
  });
}

function countsOf(outcomes: readonly WriteOutcome[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { kind } of outcomes) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

/** What nobody expected stands in nobody's way for ever, also where a writer caught it. */
function bounded(outcome: WriteOutcome, attempt: number, attemptsMax: number): WriteOutcome {
  if (outcome.kind !== 'retryAfter' || outcome.delayMs > 0) return outcome;
  const judged = outcomeOf(outcome.cause, attempt, attemptsMax);
  return judged.kind === 'rejected' ? judged : outcome;
}

/** A writer that forgets a record has a bug; the record must not suffer from it. */
const missing = ({ key }: QueuedRecord): WriteOutcome => ({
  kind: 'retryAfter',
  delayMs: 0,
  cause: new Error(`The batch writer gave no outcome for ${key}`),
});
