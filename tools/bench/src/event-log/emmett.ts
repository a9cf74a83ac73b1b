import { getPostgreSQLEventStore, readMessagesBatch } from '@event-driven-io/emmett-postgresql';
import pg from 'pg';
import type { Contender, Payload } from './contender.ts';

type Measured = { type: 'Measured'; data: Payload; metadata: { correlationId: string } };
type Execute = Parameters<typeof readMessagesBatch>[0];

/** @event-driven-io/emmett-postgresql, with as many connections as the others get. */
export async function emmett(url: string, connections: number): Promise<Contender> {
  const pool = new pg.Pool({ connectionString: url, max: connections });
  let execute: Execute | undefined;
  const store = getPostgreSQLEventStore(url, {
    connectionOptions: { pool },
    hooks: {
      onBeforeSchemaCreated: (context) => {
        execute = context.connection.pool.execute;
      },
    },
  });
  await store.schema.migrate();
  return {
    name: 'emmett',
    // It sorts by transaction first but goes on after a position (readMessagesBatch, 0.42.0).
    skips: true,
    append: async (stream, version, payloads) => {
      const events = payloads.map((data): Measured => ({
        type: 'Measured',
        data,
        metadata: { correlationId: 'bench' },
      }));
      const expectedStreamVersion = version === 0 ? 'STREAM_DOES_NOT_EXIST' : BigInt(version);
      await store.appendToStream<Measured>(stream, events, { expectedStreamVersion });
    },
    readAll: async (pageSize) => {
      if (execute === undefined) throw new Error('emmett did not create its schema');
      let count = 0;
      let after = 0n;
      for (;;) {
        const page = await readMessagesBatch(execute, { after, batchSize: pageSize });
        count += page.messages.length;
        if (page.messages.length < pageSize) return count;
        after = page.currentGlobalPosition;
      }
    },
    countStored: async () => {
      const { rows } = await pool.query<{ count: string }>('select count(*) from emt_messages');
      return Number(rows[0]?.count);
    },
    close: async () => {
      await store.close();
      if (!pool.ended) await pool.end();
    },
  };
}
