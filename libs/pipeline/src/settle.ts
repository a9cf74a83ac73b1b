import type { RunFailure } from '@landbridge/contracts';
import {
  type Bus,
  storeDeadLetter,
  traceparentOf,
  turnEnd,
  type WorkflowAddress,
} from '@landbridge/messaging';
import type { Log } from '@landbridge/telemetry';
import type { JsMsg } from '@nats-io/jetstream';
import { backoffMs, retryDelayMs } from './backoff.ts';
import { deadLetterIdOf } from './dead-letter-id.ts';
import type { Reporter } from './reporter.ts';
import type { Written } from './record-write.ts';
import type { RejectReason } from './write-outcome.ts';

export interface SettleDeps {
  bus: Bus;
  at: WorkflowAddress;
  reporter: Reporter;
  log: Log;
  /** Stops the run's pumps before it returns. */
  onRunFailed: (failure: RunFailure) => void;
  onSettled: (written: Written) => void;
}

/**
 * The only place where a record's message is acknowledged, handed back or parked. What must not be
 * lost is stored first and the acknowledgement comes last: a crash in between repeats work.
 */
export async function settle(message: JsMsg, written: Written, deps: SettleDeps): Promise<void> {
  const { outcome } = written;
  switch (outcome.kind) {
    case 'written':
    case 'skipped':
      await turnEnd();
      message.ack();
      break;
    case 'retryAfter':
      message.nak(retryDelayMs(message.info.deliveryCount, outcome.delayMs));
      break;
    case 'rejected':
      if (!(await park(message, written, outcome.reason, deps))) return;
      break;
    case 'runFailed':
      deps.onRunFailed(outcome.failure);
      message.nak();
      break;
    default:
      outcome satisfies never;
  }
  deps.onSettled(written);
}

/** Stores the dead letter and its report, then acknowledges. False: it stays queued for now. */
async function park(
  message: JsMsg,
  { record, table }: Written,
  reason: RejectReason,
  { bus, at, reporter, log }: SettleDeps,
): Promise<boolean> {
  const id = deadLetterIdOf(message);
  const key = record?.key ?? `message-${message.seq}`;
  const attempts = message.info.deliveryCount;
  const letter = { id, table, key, reason, attempts };
  try {
    const traceparent = traceparentOf(message);
    await storeDeadLetter(bus, { ...at, ...letter, data: message.data, traceparent });
    const body = { table, key, reason, attempts };
    await reporter.sendOnce({ kind: 'recordDead', deadLetterId: id, ...body }, id);
  } catch (err) {
    log.warn({ err, table, key }, 'a dead letter was not stored; its record stays queued');
    message.nak(backoffMs(attempts));
    return false;
  }
  log.warn({ table, key, code: reason.code, deadLetterId: id }, 'a record was refused and parked');
  message.ack();
  return true;
}
