import type { Report, ReportOf } from '@landbridge/contracts';
import { DuplicateEvent, VersionConflict, type EventLog } from '@landbridge/event-log';
import type { UnreadableReport } from '@landbridge/messaging';
import { withSpan, type Log } from '@landbridge/telemetry';
import type { DeadLetterEvent } from '../dead-letters/dead-letter.events.ts';
import { dealtEventId } from '../dead-letters/dealings.ts';
import { findDeadLetter } from '../dead-letters/open-dead-letters.ts';
import { observe, type FiguresReport } from '../figures/figures.decider.ts';
import type { CommandContext, WorkflowKey } from '../control-plane.ts';
import { derivedId, handleCommand, metadataOf } from '../projections/command-handler.ts';
import { toStored } from '../projections/logged.ts';
import { newestFigures, type Stores } from '../projections/stores.ts';
import {
  deadLettersStream,
  figuresStream,
  UNREADABLE_REPORTS,
  verificationsStream,
  workflowStream,
} from '../projections/stream-ids.ts';
import { decideVerification } from '../verifications/verification.decider.ts';
import { replicasIn } from '../workflows/run-state.ts';
import { decide, type RunReport } from '../workflows/workflow.decider.ts';

const ATTEMPTS_MAX = 20;

export interface ReportTaking {
  stores: Stores;
  log: Pick<Log, 'warn'>;
  /** Counts what was taken, by kind; `unreadable` is one. */
  count: (kind: string) => void;
  now: () => Date;
}

/**
 * Takes a report into the log, once: each of its events has an id that is derived from the
 * report's, so taking it again, in any control plane, appends nothing. Returns when it is safe to
 * acknowledge the report.
 */
export async function takeReport(
  taking: ReportTaking,
  report: Report | UnreadableReport,
  { traceparent }: { traceparent: string | null },
): Promise<void> {
  taking.count(report.kind);
  if (report.kind === 'unreadable') return recordUnreadable(taking, report);
  const attributes = { 'landbridge.run': report.runId, 'landbridge.report': report.kind };
  const cause = traceparent ?? (await traceOfRun(taking, report));
  const options = { kind: 'consumer', traceparent: cause, attributes } as const;
  await withSpan(`take ${report.kind}`, options, () => take(taking, report, cause));
}

async function take(
  taking: ReportTaking,
  report: Report,
  traceparent: string | null,
): Promise<void> {
  const context = contextOf(report, traceparent);
  switch (report.kind) {
    case 'backlogObserved':
    case 'figuresObserved':
      return takeFigures(taking, report, context);
    case 'readProgressed':
      await takeRunReport(taking, report, context);
      return takeFigures(taking, report, context);
    case 'recordDead':
      return takeDeadLetter(taking, report, context);
    case 'recordReleased':
      return takeRelease(taking, report, context);
    case 'verificationProgressed':
      return takeVerification(taking, report, context);
    case 'runStarted':
    case 'runStopped':
    case 'runFailed':
    case 'cursorReset':
    case 'conditionRaised':
    case 'conditionCleared':
      return takeRunReport(taking, report, context);
  }
}

/** A report that carries no trace goes on with the one that its run was started in. */
async function traceOfRun({ stores }: ReportTaking, report: Report): Promise<string | null> {
  const { state } = await stores.workflows.load(workflowStream(keyOf(report)));
  return state.state.run?.runId === report.runId ? (state.desired?.traceparent ?? null) : null;
}

type Context = Omit<CommandContext, 'idempotencyKey'>;

const contextOf = ({ workflow, replica, runId }: Report, traceparent: string | null): Context => ({
  actor: { kind: 'service', id: replica, name: workflow },
  correlationId: runId,
  traceparent,
});

const keyOf = ({ instance, workflow }: Report): WorkflowKey => ({ instance, workflow });

async function takeRunReport(
  { stores }: ReportTaking,
  report: RunReport,
  context: Context,
): Promise<void> {
  await handleCommand(stores.log, {
    streamId: workflowStream(keyOf(report)),
    fold: stores.workflows,
    decide: ({ state }) => decide({ type: 'TakeReport', report }, state),
    context,
    once: report.reportId,
  });
}

async function takeFigures(
  { stores, now }: ReportTaking,
  report: FiguresReport,
  context: Context,
): Promise<void> {
  const { log } = stores;
  const key = keyOf(report);
  const { state } = await stores.workflows.load(workflowStream(key));
  const { run } = state.state;
  const runId = run?.runId ?? null;
  const running = run === null ? null : replicasIn(run, 'running');
  for (let attempt = 1; ; attempt += 1) {
    const { observation: before, version } = await newestFigures(stores, key);
    const observed = observe(report, before, { runId, running, now: now() });
    if (observed === null) return;
    const eventId = derivedId(report.reportId, 'figures');
    const stored = toStored(observed, eventId, metadataOf(context));
    try {
      await log.append(figuresStream(key), version, [stored]);
      return;
    } catch (error) {
      if (error instanceof DuplicateEvent) return;
      if (!(error instanceof VersionConflict) || attempt >= ATTEMPTS_MAX) throw error;
    }
  }
}

/** A refused record is a fact whichever run found it: it is kept even when its run is over. */
async function takeDeadLetter(
  { stores }: ReportTaking,
  report: ReportOf<'recordDead'>,
  context: Context,
): Promise<void> {
  const { deadLetterId, runId, table, key, reason, attempts, at } = report;
  const event: DeadLetterEvent = {
    type: 'DeadLetterStored',
    deadLetterId,
    runId,
    table,
    key,
    reason,
    attempts,
    at,
  };
  const stored = toStored(event, derivedId(report.reportId, 'dead'), metadataOf(context));
  await appendOnce(stores.log, deadLettersStream(keyOf(report)), stored);
}

/** Its letters are closed, unless a person was first. */
async function takeRelease(
  { stores }: ReportTaking,
  report: ReportOf<'recordReleased'>,
  context: Context,
): Promise<void> {
  const { table, key, deadLetterIds } = report;
  const deadLetterId = deadLetterIds.at(-1);
  if (deadLetterId === undefined) return;
  const open = await findDeadLetter(stores.log, keyOf(report), deadLetterId);
  const earlier = typeof open === 'object' && open !== null ? open.superseded : [];
  const superseded = [...new Set([...earlier, ...deadLetterIds.slice(0, -1)])];
  const event: DeadLetterEvent = {
    type: 'DeadLetterReleased',
    deadLetterId,
    table,
    key,
    superseded,
  };
  const streamId = deadLettersStream(keyOf(report));
  const eventId = dealtEventId(streamId, deadLetterId);
  await appendOnce(stores.log, streamId, toStored(event, eventId, metadataOf(context)));
}

/** A verification outlives the run in which it was begun. */
async function takeVerification(
  { stores }: ReportTaking,
  report: ReportOf<'verificationProgressed'>,
  context: Context,
): Promise<void> {
  await handleCommand(stores.log, {
    streamId: verificationsStream(keyOf(report)),
    fold: stores.verifications,
    decide: (state) =>
      decideVerification({ type: 'TakeProgress', progress: report.verification }, state),
    context,
    once: report.reportId,
  });
}

/** Nobody can act on it by itself, but it must not vanish, nor come again for ever. */
async function recordUnreadable(
  { stores, log }: ReportTaking,
  report: UnreadableReport,
): Promise<void> {
  const { subject, sequence, faults } = report;
  log.warn({ subject, sequence, faults }, 'a report is unreadable; it is set aside in the log');
  const context: Context = {
    actor: { kind: 'service', id: 'control-plane', name: 'Landbridge' },
    correlationId: `${UNREADABLE_REPORTS} ${sequence}`,
    traceparent: null,
  };
  const event = { type: 'ReportUnreadable', subject, sequence, faults };
  const eventId = derivedId(UNREADABLE_REPORTS, subject, String(sequence), faults);
  await appendOnce(stores.log, UNREADABLE_REPORTS, toStored(event, eventId, metadataOf(context)));
}

async function appendOnce(
  log: EventLog,
  streamId: string,
  event: ReturnType<typeof toStored>,
): Promise<void> {
  try {
    await log.append(streamId, 'any', [event]);
  } catch (error) {
    if (!(error instanceof DuplicateEvent)) throw error;
  }
}
