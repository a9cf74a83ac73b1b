import type { QueuedRecord, TableMapping, TableName } from '@landbridge/contracts';
import { type Clearing, filterRejection, filterVerdict, mapLinks } from '@landbridge/mapping';
import { isUnsure, type WrittenEntry, type WrittenMemory } from '@landbridge/messaging';
import type { WriteContext, WriteOutcome, Writer } from '@landbridge/pipeline';
import type { DeleteGuard } from '../deleting/delete-guard.ts';
import { noteAbsence, stayAfterAll } from '../linking/children.ts';
import { closeGivenUp, giveUp } from '../linking/given-up.ts';
import {
  askParents,
  giveUpWaiting,
  hopeless,
  leaveTrace,
  waitForParents,
} from '../linking/parents.ts';
import { heldEdges } from '../linking/standing.ts';
import type { TableLinking } from '../linking/table-linking.ts';
import { isAskedFor } from '../reading/to-queued.ts';
import type { TableSchema } from '../schema/table-schema.ts';
import type { RecordPlace } from './campaign-records.ts';
import { deleteRecord, leaveOut } from './leave-record.ts';
import { type LinkedRecord, type Mapped, mapLinkedRecord } from './map-linked-record.ts';
import { isSuperseded } from './remembered.ts';
import { writeMapped } from './write-mapped.ts';
import { refusedMapping } from './write-refusals.ts';

/** What writing the records of one table stands on. */
export type TableWriting = {
  mapping: TableMapping;
  place: RecordPlace;
  memory: Pick<WrittenMemory, 'get' | 'put'>;
  schema: Pick<TableSchema, 'metadata' | 'recheck' | 'noteWritten'>;
  /** The destination, as the memory's hashes shall know it. */
  scope: readonly string[];
  clearing: Clearing;
  deletes: Pick<DeleteGuard, 'ask' | 'cancel'>;
  /** null: the table refers to no other, and none to it. */
  linking: TableLinking | null;
};

/**
 * Writes a record of any mapped table to the Campaign resource that it is mapped to: one call where
 * records are addressed by their key in the URI, and none when nothing would change.
 */
export function createRecordWriter(tables: ReadonlyMap<TableName, TableWriting>): Writer {
  return async (record, context) => {
    const writing = tables.get(record.table);
    if (writing === undefined) return { kind: 'skipped', reason: 'notMapped' };
    const entry = await writing.memory.get(record.key);
    const outcome =
      record.change === 'delete'
        ? await deleteRecord(record, entry, writing, context)
        : await upsertRecord(record, entry, writing, context);
    const { linking, memory } = writing;
    if (linking === null) return outcome;
    const isLeftOut = outcome.kind === 'skipped' && outcome.reason === 'filteredOut';
    const isNotOurs = outcome.kind === 'skipped' && outcome.reason === 'notOurs';
    if (outcome.kind === 'rejected' || isNotOurs) {
      await giveUpWaiting(record, parentsOf(record, writing), { memory, linking });
      await noteAbsence(record, 'rejected', { memory, linking });
    } else if (isLeftOut && heldEdges(entry).waiting.length > 0) {
      await giveUpWaiting(record, [], { memory, linking });
    }
    const isSettled = outcome.kind === 'rejected' || outcome.kind === 'skipped';
    if (isAskedFor(record) && isSettled && linking.parents.size > 0) {
      await leaveTrace(record, { memory, linking });
    }
    if (linking.parents.size > 0) {
      await closeGivenUp(record, outcome, entry, { memory, linking }, context);
    }
    return outcome;
  };
}

const SUPERSEDED = { kind: 'skipped', reason: 'superseded' } as const;

async function upsertRecord(
  record: QueuedRecord,
  entry: WrittenEntry | null,
  writing: TableWriting,
  context: WriteContext,
): Promise<WriteOutcome> {
  if (isSuperseded(record.version, entry)) return SUPERSEDED;
  const judged = await judge(record, writing);
  if (judged === 'fails') return leaveOut(record, entry, writing, context);
  if (judged !== 'passes') return judged;
  const { schema, linking, memory } = writing;
  const kept = await writing.deletes.cancel(record, entry);
  const staying = linking === null ? kept : await stayAfterAll(record, kept, { memory, linking });
  const mapped = mapLinkedRecord(record, writing);
  if (mapped.kind !== 'refused') return writeLinked(record, mapped, staying, writing, context);
  const refused = await refusedMapping(mapped.rejected, schema);
  if (refused !== 'look again') return refused;
  return writeLinked(record, mapLinkedRecord(record, writing), staying, writing, context);
}

/** The filter's verdict; an outcome where it has none, for such a record is neither in nor out. */
async function judge(
  { columns }: QueuedRecord,
  { mapping, schema }: TableWriting,
): Promise<'passes' | 'fails' | WriteOutcome> {
  const verdictNow = () => filterVerdict(mapping.filter, columns, schema.metadata.table);
  let verdict = verdictNow();
  if (verdict === 'unreadable') {
    const failure = await schema.recheck();
    if (failure !== null) return { kind: 'runFailed', failure };
    const reason = filterRejection(mapping.filter, columns, schema.metadata.table);
    if (reason !== null) return { kind: 'rejected', reason, cause: new Error(reason.message) };
    verdict = verdictNow();
  }
  // Queued by a run that did not read the column: the full read that follows tells it anew.
  return verdict === 'passes' || verdict === 'fails' ? verdict : SUPERSEDED;
}

/** Writes the record when its parents are there; what waits for them is settled, and holds up nobody. */
async function writeLinked(
  record: QueuedRecord,
  found: LinkedRecord,
  entry: WrittenEntry | null,
  writing: TableWriting,
  context: WriteContext,
): Promise<WriteOutcome> {
  if (found.kind === 'unread') return { kind: 'skipped', reason: 'superseded' };
  if (found.kind === 'refused') {
    const { rejected } = found;
    return { kind: 'rejected', reason: rejected, cause: new Error(rejected.message) };
  }
  const { mapped } = found;
  const known = await suspectEarlierAttempt(record, mapped, entry, writing, context);
  const waits = await waitsForParents(record, mapped, known, writing, context);
  return waits ?? writeMapped(record, mapped, known, writing, context);
}

/**
 * An earlier attempt may have written the record before its reply or its process was lost. Now that
 * it may have to wait or to be given up, that must not be forgotten.
 */
async function suspectEarlierAttempt(
  { key }: QueuedRecord,
  { parents }: Mapped,
  entry: WrittenEntry | null,
  { linking, memory }: TableWriting,
  { attempt }: WriteContext,
): Promise<WrittenEntry | null> {
  const isKnown = (entry !== null && entry.hash !== null) || isUnsure(entry);
  if (linking === null || parents.length === 0 || attempt === 1 || isKnown) return entry;
  const { hash, version, extra } = entry ?? { hash: null, version: null };
  const suspected = { hash, version, extra: { ...extra, unsure: true } };
  await memory.put(key, suspected);
  return suspected;
}

/** null: every parent is there. */
async function waitsForParents(
  record: QueuedRecord,
  { parents }: Mapped,
  entry: WrittenEntry | null,
  { linking, memory }: TableWriting,
  context: WriteContext,
): Promise<WriteOutcome | null> {
  if (linking === null || parents.length === 0) return null;
  for (let looks = 1; ; looks += 1) {
    const verdict = await askParents(record, parents, entry, linking);
    switch (verdict.kind) {
      case 'landed':
        return null;
      case 'waiting':
        return waitForParents(record, verdict.edges, entry, { memory, linking });
      case 'hopeless': {
        const { parent, absence } = verdict;
        const isGiven = await giveUp(record, parent, entry, { memory, linking }, context);
        if (isGiven) return hopeless(parent, absence);
        // The parent comes and goes.
        if (looks === LOOKS_MAX) return { kind: 'retryAfter', delayMs: 0, cause: COMES_AND_GOES };
      }
    }
  }
}

const LOOKS_MAX = 4;
const COMES_AND_GOES = new Error('A parent comes and goes while its child is written');

/** Of a record that was not written; what cannot be read refers to nobody. */
function parentsOf(record: QueuedRecord, { mapping, schema, clearing }: TableWriting) {
  const links = mapLinks(record, mapping, schema.metadata, { clearing });
  return links.kind === 'linked' ? links.parents : [];
}
