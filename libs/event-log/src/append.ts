import type { QueryConfig } from 'pg';
import { DuplicateEvent, VersionConflict } from './errors.ts';
import type { AppendResult, ExpectedVersion, NewEvent } from './event.ts';
import { POSTGRES_TYPES } from './postgres-types.ts';
import { reachDatabase } from './reach-database.ts';

/** One append, written down as it travels to Postgres. */
export interface AppendRequest {
  streamId: string;
  expectedVersion: ExpectedVersion;
  eventIds: ReadonlySet<string>;
  json: string;
}

/** What `append_events` answers to one request. */
interface AppendRow {
  outcome: 'appended' | 'conflict' | 'duplicate';
  version: number;
  last_position: bigint;
  known_event: string | null;
}

/** Whoever runs a query: the pool, or the connection of a transaction. */
export interface QueryRunner {
  query(config: QueryConfig): Promise<{ rows: unknown[] }>;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * Checks and encodes an append before it joins others, so that its faults stay its own.
 * Throws  RangeError for an id that is no UUID or that comes twice.
 */
export function appendRequestOf(
  streamId: string,
  expectedVersion: ExpectedVersion,
  events: readonly NewEvent[],
): AppendRequest {
  const eventIds = new Set<string>();
  const encoded = events.map(({ eventId, type, schemaVersion, data, metadata }) => {
    if (!UUID.test(eventId)) throw new RangeError(`Event id ${eventId} is not a UUID`);
    if (eventIds.has(eventId.toLowerCase()))
      throw new RangeError(`Event id ${eventId} comes twice in one append`);
    eventIds.add(eventId.toLowerCase());
    return { i: eventId, t: type, v: schemaVersion, d: data, m: metadata };
  });
  const expected = expectedVersion === 'any' ? null : expectedVersion;
  return {
    streamId,
    expectedVersion,
    eventIds,
    json: JSON.stringify({ s: streamId, v: expected, e: encoded }),
  };
}

/**
 * Sends requests in one statement and one transaction; answers in their order. No stream and no
 * event id may come twice.
 */
export async function sendAppends(
  runner: QueryRunner,
  requests: readonly AppendRequest[],
): Promise<(AppendResult | VersionConflict | DuplicateEvent)[]> {
  const { rows } = await reachDatabase(() =>
    runner.query({
      name: 'append_events',
      text: 'select outcome, version, last_position, known_event from append_events($1)',
      values: [`[${requests.map(({ json }) => json).join(',')}]`],
      types: POSTGRES_TYPES,
    }),
  );
  return requests.map((request, index) => outcomeOf(request, rows[index] as AppendRow));
}

function outcomeOf(
  request: AppendRequest,
  row: AppendRow,
): AppendResult | VersionConflict | DuplicateEvent {
  switch (row.outcome) {
    case 'appended':
      return { streamVersion: row.version, position: row.last_position };
    case 'duplicate':
      return new DuplicateEvent(row.known_event ?? '');
    case 'conflict':
      return new VersionConflict(request.streamId, Number(request.expectedVersion), row.version);
  }
}
