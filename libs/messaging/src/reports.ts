import { setTimeout as sleep } from 'node:timers/promises';
import { Report } from '@landbridge/contracts';
import type { JsMsg } from '@nats-io/jetstream';
import type { Bus } from './bus.ts';
import { reportsConsumer } from './consumers.ts';
import { ensureConsumer } from './ensure-streams.ts';
import { REPORTS } from './streams.ts';
import { reportSubject } from './subjects.ts';
import { tracedHeaders, traceparentOf } from './trace-headers.ts';

/** A message on the reports' stream that no service of this version wrote. */
export interface UnreadableReport {
  kind: 'unreadable';
  subject: string;
  sequence: number;
  /** What does not fit, by field, without the values. */
  faults: string;
}

export type OnReport = (
  report: Report | UnreadableReport,
  context: { traceparent: string | null },
) => Promise<void>;

/** Stores the report for the control plane; storing it twice within two minutes is storing it once. */
export async function publishReport(bus: Bus, report: Report): Promise<void> {
  const body = JSON.stringify(Report.parse(report));
  await bus.js.publish(reportSubject(report, report.kind), body, {
    msgID: report.reportId,
    headers: tracedHeaders(),
    timeout: 10_000,
    retries: 3,
  });
}

const NEXT_EXPIRES_MS = 1_000;
const HANDLER_PAUSE_MS = 1_000;

/**
 * Hands each report to `handler`, in order and one at a time over all control planes, until
 * `signal` aborts. A report counts as taken when `handler` returns; when it throws, the same
 * report comes again a second later. An unreadable one is handed over as such, once.
 */
export async function consumeReports(
  bus: Bus,
  handler: OnReport,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await takeUntil(bus, handler, signal);
    } catch (err) {
      bus.log.warn({ err }, 'reports cannot be fetched; trying again');
      await sleep(HANDLER_PAUSE_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

async function takeUntil(bus: Bus, handler: OnReport, signal: AbortSignal): Promise<void> {
  await ensureConsumer(bus.jsm, REPORTS.name, reportsConsumer);
  const consumer = await bus.js.consumers.get(REPORTS.name, reportsConsumer.durable_name);
  while (!signal.aborted) {
    const message = await consumer.next({ expires: NEXT_EXPIRES_MS });
    if (message !== null) await take(bus, message, handler);
  }
}

async function take(bus: Bus, message: JsMsg, handler: OnReport): Promise<void> {
  try {
    await handler(readReport(message), { traceparent: traceparentOf(message) });
  } catch (err) {
    bus.log.error({ err, sequence: message.seq }, 'a report was not taken; it comes again');
    message.nak(HANDLER_PAUSE_MS);
    return;
  }
  await message.ackAck();
}

function readReport(message: JsMsg): Report | UnreadableReport {
  const parsed = Report.safeParse(parseJson(message));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues
    .map(({ path, code }) => `${path.join('.') || 'the message'}: ${code}`)
    .join('; ');
  return { kind: 'unreadable', subject: message.subject, sequence: message.seq, faults };
}

function parseJson(message: JsMsg): unknown {
  try {
    return message.json();
  } catch {
    return null;
  }
}
