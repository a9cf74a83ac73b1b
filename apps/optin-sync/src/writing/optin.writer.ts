import { CampaignRequestError } from '@landbridge/campaign';
import type { OptinDecision, QueuedRecord } from '@landbridge/contracts';
import { DataverseRequestError, type DynamicsRow } from '@landbridge/dynamics';
import type { OptoutReading } from '@landbridge/mapping';
import { keepDecision, layAside } from '@landbridge/messaging';
import {
  transientOf,
  type WriteContext,
  type WriteOutcome,
  type Writer,
} from '@landbridge/pipeline';
import { hashOfReading, sameValues } from '../reading/campaign-readings.ts';
import { columnsOfRecord } from '../reading/contact-record.ts';
import { valueOf } from '../reading/dynamics.reader.ts';
import { pairOf } from '../schema/optin-schema.ts';
import { failureOf } from '../schema/vendor-failures.ts';
import { readProfile, readRow, SideCalls } from './both-sides.ts';
import { carryOut, type Decided } from './carry-out.ts';
import { type ContactMemory, recall, remember } from './contact-memory.ts';
import { decideContact } from './decide-contact.ts';
import { settleBegun } from './settle-begun.ts';
import { awaitProfile } from './without-profile.ts';
import type { WritingDeps } from './writing-deps.ts';

/**
 * Looks at one contact on both sides, decides each of its opt-outs, and writes what differs. An
 * opt-out that cannot be written stays in front of its partition and is tried again; everything
 * else steps aside until no opt-out waits.
 */
export function createOptinWriter(deps: WritingDeps): Writer {
  return async (record, context) => {
    const calls = new SideCalls();
    const work: Work = { record, context, calls, isOptout: record.table === 'optout' };
    try {
      return withCalls(await decideAndWrite(work, deps), calls);
    } catch (error) {
      return await afterFailure(error, work, deps);
    } finally {
      deps.voice.spend(record.table, 'campaign', calls.campaign);
    }
  };
}

type Work = {
  record: QueuedRecord;
  context: WriteContext;
  calls: SideCalls;
  /** Whether somebody’s opt-out is at stake; known for sure once it is decided. */
  isOptout: boolean;
};

const withCalls = (outcome: WriteOutcome, calls: SideCalls): WriteOutcome => ({
  ...outcome,
  calls: calls.dynamics,
});

/** Somebody was faster: the contact is read again almost at once. */
const MOVED_RETRY_MS = 50;

async function decideAndWrite(work: Work, deps: WritingDeps): Promise<WriteOutcome> {
  const { record, calls } = work;
  const { signal } = work.context;
  const { memory } = deps;
  const contactId = record.key;
  const remembered = await recall(memory, contactId);
  if (isKnown(record, remembered)) return { kind: 'skipped', reason: 'unchanged' };
  const row = await readRow(contactId, deps, calls, signal);
  if (row === null) return { kind: 'skipped', reason: 'notInDynamics' };
  const profile = await readProfile(contactId, deps, calls, signal);
  if (profile.found === 'no') return awaitProfile(row, remembered, deps, work.context);
  if (profile.found === 'unfit') {
    const { code, message } = profile;
    return { kind: 'rejected', reason: { code, message }, cause: new Error(message) };
  }
  const known = await settleBegun(remembered, row, profile.reading, deps.bus);
  const decisions = decideContact(row, profile.reading, known, deps);
  const writes = decisions.filter(({ written }) => written !== 'nothing');
  const before = { row, reading: profile.reading };
  if (writes.length === 0) {
    for (const one of newlyAgreed(decisions, known)) await keepDecision(deps.bus, one);
    await remember(memory, contactId, settled(known, before, record, deps));
    return { kind: 'skipped', reason: 'unchanged' };
  }
  work.isOptout = writes.some(({ value }) => value);
  if (!work.isOptout && (await deps.watch.someoneWaits(contactId))) return stepAside(work, deps);
  const { comparedAs } = decisions[0]?.dynamics ?? { comparedAs: deps.now().toISOString() };
  const begun = { version: row.version ?? '', decisions: writes };
  await remember(memory, contactId, { ...known, begun });
  const decided: Decided = { row, record: profile.record, reading: profile.reading, decisions };
  const done = await carryOut(decided, deps, calls, signal);
  if (done.outcome === 'moved') return movedMeanwhile();
  for (const one of writes) await keepDecision(deps.bus, one);
  const { version } = done.row;
  const own =
    version === row.version || version === null ? known.own : { version, before: comparedAs };
  if (!holds(decisions, done)) {
    await remember(memory, contactId, { ...known, own });
    return movedMeanwhile();
  }
  await remember(memory, contactId, settled({ ...known, own }, done, record, deps));
  return { kind: 'written', calls: 0 };
}

/**
 * Whether what was told is what the contact was last settled with: then nothing needs to be read.
 * Asked here and not by the readers, since here all that was told before is done with.
 */
function isKnown(record: QueuedRecord, { begun, seen, settled }: ContactMemory): boolean {
  if (begun !== null) return false;
  const told = columnsOfRecord(record);
  if (told.seen !== null) return seen.includes(told.seen);
  if (told.told === null) return false;
  return Object.entries(told.told).every(([pair, value]) => settled[pair] === value);
}

/** Whether both sides say what was decided; else somebody changed one of them meanwhile. */
function holds(
  decisions: readonly OptinDecision[],
  { row, reading }: { row: DynamicsRow; reading: OptoutReading },
): boolean {
  return decisions.every(
    ({ column, attribute, value }) =>
      (valueOf(row, column) ?? false) === value &&
      (reading.attributes[attribute]?.value ?? false) === value,
  );
}

const movedMeanwhile = (): WriteOutcome => ({
  kind: 'retryAfter',
  delayMs: MOVED_RETRY_MS,
  cause: new Error('The contact was changed while its opt-outs were decided'),
});

/** What is known of the contact once nothing is left to be written. */
function settled(
  known: ContactMemory,
  { row, reading }: { row: DynamicsRow; reading: OptoutReading },
  record: QueuedRecord,
  { schema }: Pick<WritingDeps, 'schema'>,
): ContactMemory {
  const { seen } = columnsOfRecord(record);
  const { optouts } = schema();
  const last = hashOfReading(reading, new Map(optouts.map(({ name, column }) => [name, column])));
  return {
    ...known,
    begun: null,
    awaitsProfile: false,
    // A file tells times more roughly than the API; another value is another state.
    seen: seen !== null && seen !== last && sameValues(seen, last) ? [seen, last] : [last],
    settled: Object.fromEntries(
      optouts.map((optout) => [pairOf(optout), valueOf(row, optout.column)]),
    ),
  };
}

/** Agreement is told where it is news; our own writes that come back are none. */
const newlyAgreed = (decisions: readonly OptinDecision[], known: ContactMemory): OptinDecision[] =>
  decisions.filter(
    ({ column, attribute, dynamics }) =>
      known.settled[pairOf({ column, name: attribute })] !== dynamics.value,
  );

async function stepAside(
  { record, calls }: Work,
  { bus, run }: WritingDeps,
): Promise<WriteOutcome> {
  const { workflow, instance } = run;
  const asides = columnsOfRecord(record).asides + 1;
  const rested = {
    ...record,
    table: 'optin',
    readAt: new Date().toISOString(),
    columns: { ...record.columns, asides },
  };
  await layAside(bus, { workflow, instance }, rested);
  return { kind: 'skipped', reason: 'steppedAside', calls: calls.dynamics };
}

/** An opt-out is never left alone for longer than this without a try, unless it was asked for. */
const OPTOUT_RETRY_MS = 2_000;

async function afterFailure(error: unknown, work: Work, deps: WritingDeps): Promise<WriteOutcome> {
  const { record, context, calls } = work;
  const spent = { calls: calls.dynamics };
  const failure = failureOf(error);
  if (failure !== null) return { kind: 'runFailed', failure, ...spent };
  if (error instanceof CampaignRequestError && error.kind === 'notFound') {
    return { kind: 'retryAfter', delayMs: MOVED_RETRY_MS, cause: error, ...spent };
  }
  const refused = error instanceof DataverseRequestError || error instanceof CampaignRequestError;
  const transient = transientOf(error, 'destination');
  if (transient === null) {
    if (!refused || context.signal.aborted) throw error;
    const message = `${error.message}: the opt-out was not taken`;
    return { kind: 'rejected', reason: { code: 'refused', message }, cause: error, ...spent };
  }
  if (!work.isOptout) return stepAside(work, deps);
  const cause = error instanceof Error ? error : new Error(String(error));
  if (record.table !== 'optout') {
    // Found out only now: queued again as what it is, it is told and timed as one.
    await deps.promote(record);
    deps.log.debug({ err: cause }, 'an opt-out is tried again');
    return { kind: 'skipped', reason: 'steppedAside', ...spent };
  }
  const delayMs = transient.retryAfterMs ?? Math.min(OPTOUT_RETRY_MS, 100 * context.attempt);
  return { kind: 'retryAfter', delayMs, cause, ...spent };
}
