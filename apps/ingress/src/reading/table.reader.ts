import type { QueuedRecord } from '@landbridge/contracts';
import { CursorExpired } from '@landbridge/dynamics';
import { columnsOf } from '@landbridge/mapping';
import type { Cursor } from '@landbridge/messaging';
import type { ReadBatch, ReadContext, Reader } from '@landbridge/pipeline';
import { readChanges } from './change-read.ts';
import { misfitOf } from './cursor-shape.ts';
import { beginFullRead, continueFullRead, readOverlap, sourceOf, targetOf } from './full-read.ts';
import { Spending, type ReadingDeps } from './reading-deps.ts';
import { parseCursor, type TableCursor } from './table-cursor.ts';
import { deleteOf, upsertOf } from './to-queued.ts';

/** Turns a vendor's error into one that the frame can act on; rethrows what it does not know. */
export type ReadGuard = <Value>(read: () => Promise<Value>) => Promise<Value>;

/**
 * Reads one Dynamics table: everything once, what changed meanwhile, then changes for ever.
 * A cursor that fits no more leads by itself to a full read that also finds deletions.
 */
export function createTableReader(deps: ReadingDeps, guard: ReadGuard): Reader {
  return {
    table: deps.mapping.dynamicsTable,
    read: (cursor, context) => guard(() => read(cursor, deps, context)),
    readAgain: (keys, context) => guard(() => readAgain(keys, deps, context)),
  };
}

async function read(
  cursor: Cursor | null,
  deps: ReadingDeps,
  context: ReadContext,
): Promise<ReadBatch> {
  if (cursor === null) {
    const first = { origin: 'load', sweepAfter: false, memoryComplete: true } as const;
    return beginFullRead(deps, first, context);
  }
  const at = parseCursor(cursor);
  if (at?.target !== undefined && at.target !== targetOf(deps.mapping)) {
    return beginElsewhere(at.target, deps, context);
  }
  // `deps.replayId` null: none was ever asked for.
  if (at !== null && deps.replayId !== null && at.replayId !== deps.replayId) {
    return beginReplay(deps, context);
  }
  const misfit =
    at === null
      ? 'the stored cursor is of another version'
      : misfitOf(at, deps.mapping, deps.metadata().table);
  if (at === null && deps.replayId !== null && !hasEnded(deps.replayId, cursor)) {
    return beginReplay(deps, context, `${misfit}, and a replay was asked for`);
  }
  if (at === null || misfit !== null) return heal(at, misfit ?? '', deps, context);
  try {
    return await readOn(at, deps, context);
  } catch (error) {
    if (!(error instanceof CursorExpired)) throw error;
    return heal(at, 'Dynamics 365 no longer knows the stored link', deps, context);
  }
}

function readOn(at: TableCursor, deps: ReadingDeps, context: ReadContext): Promise<ReadBatch> {
  switch (at.phase) {
    case 'load':
      return continueFullRead(at, deps, context);
    case 'overlap':
      return readOverlap(at, deps, context);
    case 'changes':
      return readChanges(at, deps, context);
  }
}

/**
 * Whether a cursor that cannot be read says at least that the replay was read to its end. Where it
 * does not, the replay is begun again: that costs calls, and a lost one would cost what was asked for.
 */
const hasEnded = (replayId: string, cursor: Cursor): boolean =>
  cursor['replayId'] === replayId && cursor['phase'] === 'changes';

/** Everything is written again, and what was deleted at the source is looked for. */
function beginReplay(
  deps: ReadingDeps,
  context: ReadContext,
  why = 'a replay was asked for',
): Promise<ReadBatch> {
  const cursorReset = `${why}: each record is written again`;
  const reason = { origin: 'load', sweepAfter: true, replay: true, memoryComplete: false } as const;
  return beginFullRead(deps, { ...reason, cursorReset }, context);
}

/**
 * The table goes to another resource, or by another key, than what is remembered is about. While
 * older records are still queued, some may be written there already, so the memory starts unsure.
 */
async function beginElsewhere(
  before: string,
  deps: ReadingDeps,
  context: ReadContext,
): Promise<ReadBatch> {
  await deps.memory.clear();
  const memoryComplete = await deps.settledSince(new Date());
  const [resource = ''] = before.split(' ');
  const cursorReset = `it was mapped to ${resource} by another key or resource before: it is loaded anew`;
  const reason = { origin: 'load', sweepAfter: false, memoryComplete } as const;
  return beginFullRead(deps, { ...reason, cursorReset }, context);
}

/** A read that was broken off before its end is begun again as what it was. */
function heal(
  at: TableCursor | null,
  why: string,
  deps: ReadingDeps,
  context: ReadContext,
): Promise<ReadBatch> {
  const broken = at === null || at.phase === 'changes' ? null : at;
  const { origin, replay } = broken ?? { origin: 'change', replay: false };
  const memoryComplete = origin === 'load' && !replay;
  const cursorReset = `${why}: the table is read in full again, deletions included`;
  return beginFullRead(
    deps,
    { origin, replay, sweepAfter: true, memoryComplete, cursorReset },
    context,
  );
}

async function readAgain(
  keys: readonly string[],
  deps: ReadingDeps,
  { signal }: ReadContext,
): Promise<{ records: QueuedRecord[]; calls: number }> {
  const { client, mapping } = deps;
  const { table } = deps.metadata();
  const spending = new Spending();
  const selection = { table, columns: columnsOf(mapping), signal };
  const rows = await spending.take(client.rowsByIds({ ...selection, ids: keys }));
  const found = new Set(rows.map(({ id }) => id.toLowerCase()));
  const records = rows.map((row) =>
    upsertOf(sourceOf(deps), row, { origin: 'change', healing: true }),
  );
  for (const id of keys.filter((key) => !found.has(key.toLowerCase()))) {
    const row = await spending.take(client.row({ ...selection, id }));
    records.push(
      row === null
        ? deleteOf(sourceOf(deps), id)
        : upsertOf(sourceOf(deps), row, { origin: 'change', healing: true }),
    );
  }
  return { records, calls: spending.calls };
}
