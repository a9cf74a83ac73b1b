import { WorkflowName, type ThroughputEntry } from '@landbridge/contracts';
import type { EventLog, RecordedEvent, Transaction } from '@landbridge/event-log';
import { z } from 'zod';
import type { Page, PageRequest, WorkflowKey } from '../control-plane.ts';
import { decodeCursor, encodeCursor } from '../opaque-cursor.ts';
import { readLogged } from '../projections/logged.ts';
import type { TableProjection } from '../projections/table-projection.ts';
import { STREAM_PREFIX, figuresStream, instanceOf } from '../projections/stream-ids.ts';
import { FiguresObserved } from './figures.events.ts';
import { backlogIn } from './figures.projection.ts';
import { totalsOf } from './totals.ts';

const Sums = z.object({
  runId: z.string(),
  read: z.int(),
  written: z.int(),
  skipped: z.int(),
  dead: z.int(),
  dynamics: z.int(),
  campaign: z.int(),
});
/** What a run had done by an observation. */
export type Sums = z.infer<typeof Sums>;

/** What happened between two observations, and the minute that it is booked to. */
export interface Booking {
  minute: Date;
  sums: Sums;
  gain: Omit<Sums, 'runId'>;
  backlog: number;
}

/** Pure: the difference to what was known before; of a new run, all that it did. */
export function book(observed: FiguresObserved, before: Sums | null): Booking {
  const totals = totalsOf(observed);
  const sums: Sums = {
    runId: observed.runId,
    read: totals.read,
    written: totals.written,
    skipped: totals.skippedCount,
    dead: totals.dead,
    ...totals.calls,
  };
  const base = before?.runId === observed.runId ? before : null;
  const minute = new Date(observed.observedAt);
  minute.setUTCSeconds(0, 0);
  return {
    minute,
    sums,
    backlog: backlogIn(observed),
    gain: {
      read: sums.read - (base?.read ?? 0),
      written: sums.written - (base?.written ?? 0),
      skipped: sums.skipped - (base?.skipped ?? 0),
      dead: sums.dead - (base?.dead ?? 0),
      dynamics: sums.dynamics - (base?.dynamics ?? 0),
      campaign: sums.campaign - (base?.campaign ?? 0),
    },
  };
}

/** What happened by minute, kept in a table because every second adds an observation. */
export const throughputProjection: TableProjection = {
  name: 'throughput',
  tables: ['throughput_minutes', 'throughput_sums'],
  apply: async (tx, events) => {
    const sums = new Map<string, Sums | null>();
    for (const recorded of events) {
      if (recorded.type === 'InstanceRemoved') await forget(tx, recorded.streamId, sums);
      if (!recorded.streamId.startsWith(STREAM_PREFIX.figures)) continue;
      await applyOne(tx, recorded, sums);
    }
  },
};

/** Another instance of this name may come, and its minutes are its own. */
async function forget(
  tx: Transaction,
  removed: string,
  known: Map<string, Sums | null>,
): Promise<void> {
  const instance = instanceOf(removed);
  if (instance === null) return;
  for (const workflow of WorkflowName.options) {
    const stream = figuresStream({ instance, workflow });
    known.delete(stream);
    await tx.query('delete from throughput_minutes where stream_id = $1', [stream]);
    await tx.query('delete from throughput_sums where stream_id = $1', [stream]);
  }
}

async function applyOne(
  tx: Transaction,
  recorded: RecordedEvent,
  known: Map<string, Sums | null>,
): Promise<void> {
  const { streamId } = recorded;
  const { event } = readLogged(FiguresObserved, recorded);
  const before = known.get(streamId) ?? (await readSums(tx, streamId));
  const { minute, sums, gain, backlog } = book(event, before);
  known.set(streamId, sums);
  await tx.query(
    `insert into throughput_minutes as m values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (stream_id, minute) do update set
       read = m.read + $3, written = m.written + $4, skipped = m.skipped + $5,
       dead = m.dead + $6, calls_dynamics = m.calls_dynamics + $7,
       calls_campaign = m.calls_campaign + $8, backlog = $9`,
    [
      streamId,
      minute,
      gain.read,
      gain.written,
      gain.skipped,
      gain.dead,
      gain.dynamics,
      gain.campaign,
      backlog,
    ],
  );
  await tx.query(
    `insert into throughput_sums values ($1, $2)
     on conflict (stream_id) do update set sums = $2`,
    [streamId, JSON.stringify(sums)],
  );
}

async function readSums(tx: Transaction, streamId: string): Promise<Sums | null> {
  const sql = 'select sums from throughput_sums where stream_id = $1';
  const [row] = await tx.query(sql, [streamId]);
  return row === undefined ? null : Sums.parse(row['sums']);
}

const Row = z.object({
  minute: z.date(),
  read: z.bigint(),
  written: z.bigint(),
  skipped: z.bigint(),
  dead: z.bigint(),
  calls_dynamics: z.bigint(),
  calls_campaign: z.bigint(),
  backlog: z.bigint(),
});

const MINUTE_MS = 60_000;
const LAST_MINUTE = Math.floor(Date.parse('9999-12-31T23:59:59Z') / MINUTE_MS);
/** The last minute of the page before, counted from 1970. */
const Cursor = z.int().min(0).max(LAST_MINUTE);

/** Newest minute first; a minute in which nothing was observed has no entry. */
export async function readThroughput(
  log: EventLog,
  key: WorkflowKey,
  { cursor, limit }: PageRequest,
): Promise<Page<ThroughputEntry>> {
  const before = cursor === null ? null : new Date(decodeCursor(Cursor, cursor) * MINUTE_MS);
  const rows = await log.query(
    `select * from throughput_minutes
     where stream_id = $1 and ($2::timestamptz is null or minute < $2)
     order by minute desc limit $3`,
    [figuresStream(key), before, limit + 1],
  );
  const page = rows.slice(0, limit).map((row) => Row.parse(row));
  const last = page.at(-1);
  return {
    items: page.map(toEntry),
    next: rows.length > limit && last !== undefined ? cursorAfter(last.minute) : null,
  };
}

const cursorAfter = (minute: Date): string => encodeCursor(minute.getTime() / MINUTE_MS);

const toEntry = (row: z.infer<typeof Row>): ThroughputEntry => ({
  from: row.minute.toISOString(),
  read: Number(row.read),
  written: Number(row.written),
  skipped: Number(row.skipped),
  dead: Number(row.dead),
  calls: { dynamics: Number(row.calls_dynamics), campaign: Number(row.calls_campaign) },
  backlog: Number(row.backlog),
});
