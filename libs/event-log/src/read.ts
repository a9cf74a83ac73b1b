import type { ServiceDatabase } from './connect.ts';
import type { RecordedEvent } from './event.ts';
import { EventRow, type StoredRow, storedEventOf } from './event-row.ts';
import { POSTGRES_TYPES } from './postgres-types.ts';
import { reachDatabase } from './reach-database.ts';
import { queryRows } from './transaction.ts';

/** `recordedBefore`: only what was recorded then or earlier, which is the stream as of that time. */
export interface ReadStreamOptions {
  /** The first version to read; with `backwards` the lowest. */
  fromVersion?: number;
  /** The last version to read; with `backwards` the highest. */
  toVersion?: number;
  /** Only events of these types. */
  types?: readonly string[];
  recordedBefore?: Date;
  backwards?: boolean;
  limit?: number;
}

export interface LastOfTypeOptions {
  recordedBefore?: Date;
}

export interface ReadAllOptions {
  /** The position to go on after; 0n is the beginning. */
  after: bigint;
  limit: number;
  /** Only streams whose id starts so. */
  streamPrefix?: string;
  recordedBefore?: Date;
}

/** The events of one stream, as stored. */
export async function readStream(
  { em }: ServiceDatabase,
  streamId: string,
  options: ReadStreamOptions,
): Promise<RecordedEvent[]> {
  const { fromVersion, toVersion, types } = options;
  const query = em
    .createQueryBuilder(EventRow)
    .where({
      streamId,
      streamVersion: {
        $gte: fromVersion ?? 1,
        ...(toVersion === undefined ? {} : { $lte: toVersion }),
      },
      ...(types === undefined ? {} : { type: { $in: [...types] } }),
      ...asOf(options.recordedBefore),
    })
    .orderBy({ streamVersion: options.backwards === true ? 'desc' : 'asc' });
  if (options.limit !== undefined) query.limit(options.limit);
  const rows = await reachDatabase(() => query.execute<StoredRow[]>('all'));
  return rows.map(storedEventOf);
}

/** The newest event of a type in one stream, as stored. */
export async function lastOfType(
  { em }: ServiceDatabase,
  streamId: string,
  type: string,
  options: LastOfTypeOptions,
): Promise<RecordedEvent | null> {
  const query = em
    .createQueryBuilder(EventRow)
    .where({ streamId, type, ...asOf(options.recordedBefore) })
    .orderBy({ streamVersion: 'desc' })
    .limit(1);
  const [row] = await reachDatabase(() => query.execute<StoredRow[]>('all'));
  return row === undefined ? null : storedEventOf(row);
}

/** The event of this id, in whichever stream, as stored; null: it was never recorded. */
export async function findEvent(
  { em }: ServiceDatabase,
  eventId: string,
): Promise<RecordedEvent | null> {
  const query = em.createQueryBuilder(EventRow).where({ eventId }).limit(1);
  const [row] = await reachDatabase(() => query.execute<StoredRow[]>('all'));
  return row === undefined ? null : storedEventOf(row);
}

function asOf(recordedBefore: Date | undefined): { recordedAt?: { $lte: Date } } {
  return recordedBefore === undefined ? {} : { recordedAt: { $lte: recordedBefore } };
}

/**
 * The hot read, by hand: a rebuild goes through every event. The time is compared after the page
 * is cut, which is right because `recorded_at` never goes back, and spares an index.
 */
function readAllSql(ofPrefix: boolean): string {
  return `
    select * from (
      select position, stream_id as "streamId", stream_version as "streamVersion",
             event_id as "eventId", type, schema_version as "schemaVersion", data, metadata,
             recorded_at as "recordedAt"
      from events
      where position > $1 ${ofPrefix ? 'and stream_id ^@ $4' : ''}
      order by position limit $2
    ) page
    where $3::timestamptz is null or "recordedAt" <= $3
    order by position`;
}

/** Events of all streams in the order of their commits, as stored. */
export async function readAll(
  { pool }: ServiceDatabase,
  { after, limit, streamPrefix, recordedBefore }: ReadAllOptions,
): Promise<RecordedEvent[]> {
  const query = {
    text: readAllSql(streamPrefix !== undefined),
    values: [
      after,
      limit,
      recordedBefore ?? null,
      ...(streamPrefix === undefined ? [] : [streamPrefix]),
    ],
    types: POSTGRES_TYPES,
  };
  const { rows } = await reachDatabase(() => pool.query<RecordedEvent>(query));
  return rows;
}

/** The last position; 0n of an empty log. */
export async function head({ pool }: ServiceDatabase): Promise<bigint> {
  const [row] = await queryRows<{ head: bigint }>(
    pool,
    'select coalesce(max(position), 0) as head from events',
  );
  return row?.head ?? 0n;
}
