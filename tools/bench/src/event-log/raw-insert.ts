import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Contender } from './contender.ts';

/** The same columns and one INSERT per append, without version check, lock, trigger or NOTIFY. */
export async function rawInsert(url: string, connections: number): Promise<Contender> {
  const pool = new pg.Pool({ connectionString: url, max: connections });
  await pool.query(`
    create table raw_events (
      position bigint generated always as identity primary key,
      stream_id text not null, stream_version integer not null, event_id uuid not null unique,
      type text not null, schema_version integer not null, data jsonb not null,
      metadata jsonb not null, recorded_at timestamptz not null default now(),
      unique (stream_id, stream_version))`);
  const metadata = JSON.stringify({ correlationId: 'bench', causationId: null });
  return {
    name: 'raw INSERT',
    skips: false,
    append: async (stream, version, payloads) => {
      const rows = payloads.map((data, index) => ({
        v: version + 1 + index,
        i: randomUUID(),
        d: data,
      }));
      await pool.query({
        name: 'raw',
        text: `insert into raw_events
                 (stream_id, stream_version, event_id, type, schema_version, data, metadata)
               select $1, v, i, 'Measured', 1, d, $2::jsonb
               from jsonb_to_recordset($3) as r (v integer, i uuid, d jsonb)`,
        values: [stream, metadata, JSON.stringify(rows)],
      });
    },
    readAll: async (pageSize) => {
      let count = 0;
      let after = '0';
      for (;;) {
        const { rows } = await pool.query<{ position: string }>(
          'select * from raw_events where position > $1 order by position limit $2',
          [after, pageSize],
        );
        count += rows.length;
        const last = rows.at(-1);
        if (last === undefined || rows.length < pageSize) return count;
        after = last.position;
      }
    },
    countStored: async () => {
      const { rows } = await pool.query<{ count: string }>('select count(*) from raw_events');
      return Number(rows[0]?.count);
    },
    close: () => pool.end(),
  };
}
