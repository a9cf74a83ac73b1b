import type { FoundRecord } from '@landbridge/campaign';
import type { RecordVerdict, TableMapping, Timestamp } from '@landbridge/contracts';
import type { JudgingConfiguration, RecordTraces } from '../control-plane.ts';
import type { Comparison } from './compare-record.ts';
import { isForeign } from './is-foreign.ts';

/** Everything that was looked up of one record. */
export interface Findings {
  configuration: Pick<JudgingConfiguration, 'running' | 'runId'>;
  mapping: Pick<TableMapping, 'adoptExisting'>;
  /** null: there is none of this id. */
  row: { version: string | null; modifiedOn: Timestamp | null } | null;
  traces: RecordTraces;
  /** null: without a row there is nothing to compare. */
  comparison: Comparison | null;
  found: FoundRecord;
}

/**
 * Why a record is or is not in Campaign as it is in Dynamics. The first of these that holds: its
 * deletion waits for a person, or for those that refer to it; it is gone; left out; queued; waiting for its parent; dead; not
 * convertible; somebody else's in Campaign; and only then what a comparison of both sides says.
 */
export function judgeRecord(findings: Findings): RecordVerdict {
  const { row, comparison, traces } = findings;
  const wroteIt = traces.memory !== null && traces.memory.entry.hash !== null;
  const stillInCampaign = wroteIt && findings.found.found !== 'no';
  if (traces.deletionHeldSince !== null && stillInCampaign) {
    return { kind: 'awaitingApproval', since: traces.deletionHeldSince };
  }
  const { leaving } = traces;
  const isLeaving = leaving !== null && stillInCampaign;
  if (row === null || comparison === null) {
    return isLeaving ? waitingForChildren(leaving) : { kind: 'notInDynamics', stillInCampaign };
  }
  const { verdict, deciding } = comparison.filter;
  if (verdict === 'fails') {
    if (isLeaving) return waitingForChildren(leaving);
    const pointers = deciding.map(({ pointer }) => pointer);
    return { kind: 'filteredOut', pointers, stillInCampaign };
  }
  return waitingVerdict(findings) ?? comparedVerdict(findings, comparison);
}

const waitingForChildren = ({
  because,
  child: { table, key },
  count,
}: NonNullable<RecordTraces['leaving']>): RecordVerdict => ({
  kind: 'waitingForChildren',
  because,
  table,
  key,
  count,
});

/** What stands between a record and its write; null: nothing does. */
function waitingVerdict({ traces }: Findings): RecordVerdict | null {
  const [queued] = traces.queue.messages;
  if (queued !== undefined) {
    const since = queued.queuedAt.toISOString();
    return { kind: 'queued', since, beingWritten: queued.handedOut };
  }
  if (traces.waitsFor !== null) return { kind: 'waitingForParent', ...traces.waitsFor };
  const { deadLetter, memory } = traces;
  // What was written after the letter was parked is no longer what the letter is about.
  const isDead =
    deadLetter !== null && (memory === null || memory.storedAt < new Date(deadLetter.since));
  return isDead ? { kind: 'dead', deadLetterId: deadLetter.id, reason: deadLetter.reason } : null;
}

function comparedVerdict(findings: Findings, comparison: Comparison): RecordVerdict {
  const { mapped, differing, fields } = comparison;
  if (!mapped.ok) {
    const { code, message, field } = mapped.rejected;
    return { kind: 'unmappable', reason: { code, message, field } };
  }
  if (findings.found.found === 'yes' && isForeign(findings.traces, findings.mapping)) {
    return { kind: 'notOurs', fields: differing };
  }
  const { memory } = findings.traces;
  const written = memory !== null && memory.entry.hash !== null ? memory : null;
  const writtenAt = written?.storedAt.toISOString() ?? null;
  const missing = findings.found.found === 'no';
  if (!missing && differing.length === 0) {
    return { kind: 'inStep', writtenAt, version: written?.entry.version ?? null };
  }
  const discarded = discardedVerdict(findings, missing);
  if (discarded !== null) return discarded;
  const because = whyNotRead(findings);
  if (because !== null) return { kind: 'notReadYet', because };
  const names = missing ? fields.map(({ campaign }) => campaign) : differing;
  return { kind: 'different', missing, fields: names, writtenAt };
}

/** null: nobody discarded it, or it was written or changed since. */
function discardedVerdict({ traces, row }: Findings, missing: boolean): RecordVerdict | null {
  const { discarded, givenUpFor, memory } = traces;
  if (discarded === null) return null;
  const at = new Date(discarded.at);
  const isWrittenSince = memory !== null && memory.entry.hash !== null && memory.storedAt > at;
  const modifiedOn = row?.modifiedOn ?? null;
  if (isWrittenSince || (modifiedOn !== null && new Date(modifiedOn) > at)) return null;
  const parent = givenUpFor === null ? null : { ...givenUpFor.parent, because: givenUpFor.absence };
  return { kind: 'discarded', ...discarded, missing, parent };
}

type NotReadYet = Extract<RecordVerdict, { kind: 'notReadYet' }>['because'];

/** Why the newest state of the row has not come to the queue; null: it should have. */
function whyNotRead({ configuration, traces, row }: Findings): NotReadYet | null {
  const { reading, memory } = traces;
  if (reading === null) return configuration.running ? 'firstLoad' : 'neverStarted';
  if (reading.phase === 'load' && memory === null) return 'firstLoad';
  const isNewer =
    row?.version !== null &&
    row?.version !== undefined &&
    (memory?.entry.version ?? null) !== null &&
    BigInt(row.version) > BigInt(memory?.entry.version ?? '0');
  if (memory !== null && !isNewer) return null;
  if (configuration.running) return isNewer ? 'changeNotRead' : null;
  return memory === null ? 'notWritten' : 'notRunning';
}
