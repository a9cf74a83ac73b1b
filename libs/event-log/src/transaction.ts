import type pg from 'pg';
import { appendRequestOf, sendAppends } from './append.ts';
import { CheckpointMoved } from './errors.ts';
import type { AppendResult, ExpectedVersion, NewEvent } from './event.ts';
import { POSTGRES_TYPES } from './postgres-types.ts';
import { reachDatabase } from './reach-database.ts';

/** A row as Postgres gives it: `bigint` as bigint, `jsonb` parsed, times as Date. */
export type Row = Record<string, unknown>;

/** What may happen together, or not at all. */
export interface Transaction {
  /** SQL with `$1`-style parameters. */
  query<R extends Row = Row>(sql: string, params?: readonly unknown[]): Promise<R[]>;
  /**
   * Moves a named checkpoint from `expected` (0n: never saved) to `position`.
   * Throws  CheckpointMoved.
   */
  saveCheckpoint(name: string, position: bigint, expected: bigint): Promise<void>;
  /**
   * Appends with the rest of the transaction. All other appends wait from here to the commit, so
   * do it last.
   * Throws  VersionConflict, DuplicateEvent.
   */
  append(
    streamId: string,
    expectedVersion: ExpectedVersion,
    events: readonly NewEvent[],
  ): Promise<AppendResult>;
}

/** Runs `work` in one transaction of its own; an error rolls it back and is thrown on. */
export async function inTransaction<T>(
  pool: pg.Pool,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  const client = await reachDatabase(() => pool.connect());
  let broken: Error | undefined;
  try {
    await queryRows(client, 'begin');
    const result = await work(transactionOn(client));
    await queryRows(client, 'commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((failure: unknown) => {
      broken =
        failure instanceof Error ? failure : new Error('rollback failed', { cause: failure });
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

function transactionOn(client: pg.PoolClient): Transaction {
  return {
    query: (sql, params) => queryRows(client, sql, params),
    saveCheckpoint: async (name, position, expected) => {
      const sql =
        expected === 0n
          ? `insert into checkpoints as c (name, position) values ($1, $2)
               on conflict (name) do update set position = $2, saved_at = clock_timestamp()
               where c.position = $3 returning c.name`
          : `update checkpoints set position = $2, saved_at = clock_timestamp()
               where name = $1 and position = $3 returning name`;
      const saved = await queryRows(client, sql, [name, position, expected]);
      if (saved.length === 0) throw new CheckpointMoved(name, expected);
    },
    append: async (streamId, expectedVersion, events) => {
      const request = appendRequestOf(streamId, expectedVersion, events);
      const [outcome] = await sendAppends(client, [request]);
      if (outcome === undefined) throw new Error('append_events answered no row');
      if (outcome instanceof Error) throw outcome;
      return outcome;
    },
  };
}

/**
 * Runs one query and gives its rows.
 * Throws  DatabaseUnavailable, pg's DatabaseError.
 */
export async function queryRows<R extends Row>(
  runner: Pick<pg.ClientBase, 'query'>,
  sql: string,
  params: readonly unknown[] = [],
): Promise<R[]> {
  const query = { text: sql, values: [...params], types: POSTGRES_TYPES };
  const { rows } = await reachDatabase(() => runner.query<R>(query));
  return rows;
}
