import type { InstanceId, QueuedRecord } from '@landbridge/contracts';
import { CursorExpired, type DynamicsRow } from '@landbridge/dynamics';
import type { Cursor, WrittenMemory } from '@landbridge/messaging';
import type { LeftOut, ReadBatch, ReadContext, Reader } from '@landbridge/pipeline';
import { z } from 'zod';
import type { Ends } from '../ends.ts';
import type { RunVoice } from '@landbridge/pipeline';
import { type OptinSchema, pairOf, TABLE } from '../schema/optin-schema.ts';
import { readingError } from '../schema/vendor-failures.ts';
import { type ContactMemory, recall } from '../writing/contact-memory.ts';
import { contactRecord, identifyContact, optoutsFirst } from './contact-record.ts';

/** `overlap`: what changed while all contacts were read is read once more. Links are opaque. */
const DynamicsCursor = z.object({
  schemaVersion: z.literal(1),
  /** The pairs whose columns are read; with others, all contacts are read again. */
  shape: z.string(),
  phase: z.enum(['load', 'overlap', 'changes']),
  startedAt: z.iso.datetime(),
  link: z.string().nullable(),
  /** Where changes are read from after the overlap. */
  deltaLink: z.string().nullable(),
});
type DynamicsCursor = z.infer<typeof DynamicsCursor>;

export type DynamicsDeps = {
  instance: InstanceId;
  dynamics: Pick<Ends['dynamics'], 'readPage' | 'readModifiedSince'>;
  schema: () => OptinSchema;
  memory: Pick<WrittenMemory, 'get'>;
  voice: Pick<RunVoice, 'spend'>;
  pageRowsMax: number;
  now: () => Date;
};

/** The two clocks may be apart, and a row is committed later than its time says. */
const OVERLAP_MS = 10 * 60_000;
const AT_ONCE = 32;

/** Reads the contacts whose mapped columns changed in Dynamics 365, by change tracking. */
export function createDynamicsReader(deps: DynamicsDeps): Reader {
  return {
    table: TABLE,
    again: 'none',
    identify: identifyContact,
    read: (saved, context) =>
      readPage(saved, deps, context).catch((error: unknown) => {
        throw readingError(error);
      }),
  };
}

async function readPage(
  saved: Cursor | null,
  deps: DynamicsDeps,
  context: ReadContext,
): Promise<ReadBatch> {
  const shape = deps.schema().optouts.map(pairOf).toSorted().join(', ');
  const parsed = DynamicsCursor.safeParse(saved);
  const cursor = parsed.success && parsed.data.shape === shape ? parsed.data : begin(shape, deps);
  try {
    return cursor.phase === 'overlap'
      ? await readOverlap(cursor, deps, context)
      : await readTracked(cursor, deps, context);
  } catch (error) {
    if (!(error instanceof CursorExpired)) throw error;
    deps.voice.spend(SPENT_FOR, 'dynamics', error.calls);
    return {
      records: [],
      next: begin(shape, deps),
      more: true,
      calls: 0,
      cursorReset: 'Dynamics 365 no longer knows where its changes were read up to',
    };
  }
}

/** The figures’ name for what is read of contacts. */
const SPENT_FOR = 'optin';

const begin = (shape: string, { now }: DynamicsDeps): DynamicsCursor => ({
  schemaVersion: 1,
  shape,
  phase: 'load',
  startedAt: now().toISOString(),
  link: null,
  deltaLink: null,
});

const columnsOf = ({ schema }: DynamicsDeps): string[] =>
  schema().optouts.map(({ column }) => column);

async function readTracked(
  cursor: DynamicsCursor,
  deps: DynamicsDeps,
  { signal }: ReadContext,
): Promise<ReadBatch> {
  const { value: page, calls } = await deps.dynamics.readPage({
    table: deps.schema().table,
    columns: columnsOf(deps),
    link: cursor.link,
    pageRowsMax: deps.pageRowsMax,
    trackChanges: true,
    signal,
  });
  deps.voice.spend(SPENT_FOR, 'dynamics', calls);
  const more = page.nextLink !== null;
  const told = await sortRows(page.rows, cursor, deps);
  const loaded = cursor.phase === 'load' && !more;
  const next: DynamicsCursor = loaded
    ? { ...cursor, phase: 'overlap', link: null, deltaLink: page.deltaLink }
    : { ...cursor, link: page.nextLink ?? page.deltaLink ?? cursor.link };
  return { ...told, next, more: more || loaded, calls: 0 };
}

async function readOverlap(
  cursor: DynamicsCursor,
  deps: DynamicsDeps,
  { signal }: ReadContext,
): Promise<ReadBatch> {
  const { value: page, calls } = await deps.dynamics.readModifiedSince({
    table: deps.schema().table,
    columns: columnsOf(deps),
    since: new Date(Date.parse(cursor.startedAt) - OVERLAP_MS),
    link: cursor.link,
    pageRowsMax: deps.pageRowsMax,
    signal,
  });
  deps.voice.spend(SPENT_FOR, 'dynamics', calls);
  const told = await sortRows(page.rows, cursor, deps);
  const next: DynamicsCursor =
    page.nextLink === null
      ? { ...cursor, phase: 'changes', link: cursor.deltaLink, deltaLink: null }
      : { ...cursor, link: page.nextLink };
  return { ...told, next, more: page.nextLink !== null, calls: 0 };
}

async function sortRows(
  rows: readonly DynamicsRow[],
  cursor: DynamicsCursor,
  deps: DynamicsDeps,
): Promise<Pick<ReadBatch, 'records' | 'leftOut'>> {
  const records: QueuedRecord[] = [];
  const counts = new Map<string, number>();
  for (let start = 0; start < rows.length; start += AT_ONCE) {
    const some = rows.slice(start, start + AT_ONCE).map(async (row) => {
      const known = await recall(deps.memory, row.id);
      const reason = reasonToLeaveOut(row, known, cursor.phase, deps);
      if (reason === null) records.push(recordOf(row, known, cursor, deps));
      else counts.set(reason, (counts.get(reason) ?? 0) + 1);
    });
    await Promise.all(some);
  }
  const leftOut: LeftOut[] = [...counts].map(([reason, count]) => ({
    table: 'optin',
    reason,
    count,
  }));
  return { records: optoutsFirst(records), leftOut };
}

/** null: the contact is looked at. */
function reasonToLeaveOut(
  row: DynamicsRow,
  known: ContactMemory,
  phase: DynamicsCursor['phase'],
  deps: DynamicsDeps,
): string | null {
  if (known.begun !== null) return null;
  if (row.version !== null && row.version === known.own?.version && isSettled(row, known, deps)) {
    return 'ownWrite';
  }
  // Whoever opted out in Campaign alone is found there.
  const isOut = columnsOf(deps).some((column) => valueOf(row, column) === true);
  const wasOut = Object.values(known.settled).includes(true);
  return phase === 'load' && !isOut && !wasOut ? 'notOptedOut' : null;
}

/** By pair, what the row holds. */
const toldOf = (row: DynamicsRow, { schema }: DynamicsDeps): Record<string, boolean | null> =>
  Object.fromEntries(
    schema().optouts.map((optout) => [pairOf(optout), valueOf(row, optout.column)]),
  );

const isSettled = (row: DynamicsRow, { settled }: ContactMemory, deps: DynamicsDeps): boolean =>
  Object.entries(toldOf(row, deps)).every(([pair, value]) => settled[pair] === value);

function recordOf(
  row: DynamicsRow,
  known: ContactMemory,
  { phase, startedAt }: DynamicsCursor,
  deps: DynamicsDeps,
): QueuedRecord {
  const told = toldOf(row, deps);
  const isOptout = Object.entries(told).some(
    ([pair, value]) => value === true && known.settled[pair] !== true,
  );
  return contactRecord({
    instance: deps.instance,
    table: isOptout ? 'optout' : 'optin',
    contactId: row.id,
    origin: phase === 'load' ? 'load' : 'change',
    changedAt: phase === 'changes' && row.modifiedOn !== null ? utcOf(row.modifiedOn) : null,
    columns: {
      seen: null,
      told,
      // Whoever reads everything anew has a reason to: the row itself may be as it was.
      sameness: `dynamics/${startedAt}/${row.id}/${row.version ?? deps.now().toISOString()}`,
    },
  });
}

export const valueOf = ({ columns }: DynamicsRow, column: string): boolean | null => {
  const value = columns[column];
  return typeof value === 'boolean' ? value : null;
};

/** Dataverse writes whole seconds without their milliseconds. */
export const utcOf = (time: string): string => new Date(time).toISOString();
