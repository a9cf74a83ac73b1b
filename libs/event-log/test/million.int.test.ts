import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type PostgresServer, startPostgres } from '@landbridge/testing';
import { connect, type Connection, event, open, type OpenLog } from './log-fixture.ts';

const EVENTS = 1_000_000;
const STREAMS = 1_000;
/** What one question may touch, of a million. */
const ROWS_MAX = 1_500;
const FILL_TIMEOUT_MS = 240_000;

let postgres: PostgresServer;
let url: string;
let owner: Connection;
beforeAll(async () => {
  postgres = await startPostgres();
  url = await postgres.createDatabase();
  await (await open(url)).close();
  owner = await connect(url);
  await owner.query(
    `insert into events (stream_id, stream_version, event_id, type, schema_version, data, metadata)
     select 'bulk-' || n % ${STREAMS}, n / ${STREAMS} + 1, lpad(to_hex(n), 32, '0')::uuid,
            case when n % 100000 = 7 then 'Rare' else 'Common' end, 1,
            jsonb_build_object('n', n), '{}'
     from generate_series(0, ${EVENTS} - 1) as n order by n`,
  );
  await owner.query('vacuum analyze events');
}, FILL_TIMEOUT_MS);
afterAll(async () => {
  await owner.end();
  await postgres[Symbol.asyncDispose]();
});

interface Touched {
  sequentialRows: number;
  indexRows: number;
}

async function touchedSoFar(): Promise<Touched> {
  const { rows } = await owner.query<{ sequential: string; index: string }>(
    `select seq_tup_read as sequential, idx_tup_fetch as index
     from pg_stat_user_tables where relname = 'events'`,
  );
  return { sequentialRows: Number(rows[0]?.sequential), indexRows: Number(rows[0]?.index) };
}

/** What Postgres counted of the very queries that the log sends: a closed connection reports all. */
async function touchedBy(
  ask: (log: OpenLog) => Promise<unknown>,
): Promise<Touched & { ms: number }> {
  const log = await open(url);
  await log.query('select 1');
  const before = await touchedSoFar();
  const started = performance.now();
  await ask(log);
  const ms = performance.now() - started;
  await log.close();
  const backends = `select from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`;
  while (((await owner.query(backends)).rowCount ?? 0) > 0);
  const after = await touchedSoFar();
  return {
    sequentialRows: after.sequentialRows - before.sequentialRows,
    indexRows: after.indexRows - before.indexRows,
    ms,
  };
}

const QUESTIONS: [string, (log: OpenLog) => Promise<unknown>][] = [
  ['the end of the log', (log) => log.head()],
  ['a page in the middle', (log) => log.readAll({ after: 600_000n, limit: 500 })],
  ['a whole stream', (log) => log.readStream('bulk-7')],
  ['the newest of a stream', (log) => log.readStream('bulk-8', { backwards: true, limit: 1 })],
  ['the rest of a stream', (log) => log.readStream('bulk-9', { fromVersion: 995 })],
  ['the last rare event', (log) => log.lastOfType('bulk-7', 'Rare')],
  ['a type that never came', (log) => log.lastOfType('bulk-5', 'Rare')],
  [
    'all of one prefix',
    (log) => log.readAll({ after: 0n, limit: 2_000, streamPrefix: 'bulk-777' }),
  ],
  ['an append', (log) => log.append('bulk-3', 1_000, [event()])],
  ['an append to a new stream', (log) => log.append('new', 0, [event()])],
  ['a conflict', (log) => log.append('bulk-4', 3, [event()]).catch((error: unknown) => error)],
];

test.each(QUESTIONS)('of a million events %s touches few', async (name, ask) => {
  const { sequentialRows, indexRows, ms } = await touchedBy(ask);
  process.stdout.write(`${name}: ${indexRows} rows, ${ms.toFixed(1)} ms\n`);
  expect(sequentialRows).toBe(0);
  expect(indexRows).toBeLessThan(ROWS_MAX);
});

test('reading a page of a million goes by an index', async () => {
  const { rows } = await owner.query<{ 'QUERY PLAN': string }>(
    'explain select * from events where position > 600000 order by position limit 500',
  );
  expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toMatch(/Index Scan using events_pkey/);
});
