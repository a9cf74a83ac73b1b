import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Migration } from '@mikro-orm/migrations';
import { type PostgresServer, startPostgres, until } from '@landbridge/testing';
import {
  CheckpointMoved,
  type EventLog,
  type RecordedEvent,
  type Transaction,
} from '../src/index.ts';
import { connect, event, open, type OpenLog } from './log-fixture.ts';

class Tallies extends Migration {
  override up(): void {
    this.addSql(`create table tallies
      (type text primary key, count bigint not null, last bigint not null, text text not null)`);
  }
}
const migrations = [{ name: 'test/tallies', class: Tallies }];

let postgres: PostgresServer;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(async () => {
  await postgres[Symbol.asyncDispose]();
});

/** Not idempotent on purpose: an event that is folded twice shows. */
async function tally(tx: Transaction, events: RecordedEvent[]): Promise<void> {
  for (const { type, position } of events) {
    await tx.query(
      `insert into tallies as t values ($1, 1, $2, $3) on conflict (type) do update
         set count = t.count + 1, last = $2, text = md5(t.text || $3)`,
      [type, position, String(position)],
    );
  }
}

/** Does `work` while each of the logs runs the projection. */
async function whileProjecting(logs: EventLog[], work: () => Promise<void>): Promise<void> {
  const stopping = new AbortController();
  const running = logs.map((log) =>
    log.project({ name: 'tallies', apply: tally, signal: stopping.signal, batchMax: 7 }),
  );
  try {
    await work();
  } finally {
    stopping.abort();
    await Promise.all(running);
  }
}

async function caughtUp(log: EventLog): Promise<void> {
  const head = await log.head();
  await until(
    'the projection to catch up',
    () => log.checkpoint('tallies').read(),
    (position) => position === head,
  );
}

/** The projection's bytes, as Postgres itself writes them. */
async function bytesOf(log: EventLog): Promise<string> {
  const rows = await log.query<{ line: string }>(
    `select t::text as line from tallies t order by type collate "C"`,
  );
  return rows.map(({ line }) => line).join('\n');
}

async function appendSome(log: OpenLog, stream: string, total: number): Promise<void> {
  for (let version = 0; version < total; version += 1) {
    await log.append(stream, version, [event(['A', 'B', 'C'][version % 3])]);
  }
}

test('a projection rebuilt from 0 is the same byte for byte', async () => {
  const url = await postgres.createDatabase();
  await using log = await open(url, { migrations });
  await whileProjecting([log], async () => {
    await appendSome(log, 'stream', 60);
    await caughtUp(log);
  });
  const grown = await bytesOf(log);
  expect(grown).toMatch(/^\(A,20,/);
  await log.query('delete from tallies');
  await log.query(`delete from checkpoints where name = 'tallies'`);
  await whileProjecting([log], () => caughtUp(log));
  expect(await bytesOf(log)).toBe(grown);
});

test('two control planes project each event once, also when the leader is killed', async () => {
  const url = await postgres.createDatabase();
  await using one = await open(url, { migrations });
  await using two = await open(url, { migrations });
  await using root = await connect(url);
  await whileProjecting([one, two], async () => {
    for (let version = 0; version < 90; version += 1) {
      if (version % 30 === 15) {
        await root.query(
          `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted
           and database = (select oid from pg_database where datname = current_database())`,
        );
      }
      await one.append('stream', version, [event('A')]);
    }
    await caughtUp(one);
  });
  const [row] = await two.query('select count from tallies');
  expect(row).toEqual({ count: 90n });
});

test('what is projected and the checkpoint are kept together or not at all', async () => {
  const url = await postgres.createDatabase();
  await using log = await open(url, { migrations });
  await log.append('stream', 0, [event('A')]);
  const [first] = await log.readAll({ after: 0n, limit: 1 });
  const checkpoint = log.checkpoint('tallies');
  await checkpoint.save(1n, 0n);
  await expect(
    log.transaction(async (tx) => {
      await tally(tx, [first!]);
      await tx.saveCheckpoint('tallies', 9n, 0n);
    }),
  ).rejects.toEqual(new CheckpointMoved('tallies', 0n));
  expect(await bytesOf(log)).toBe('');
  expect(await checkpoint.read()).toBe(1n);
  await checkpoint.save(2n, 1n);
  expect(await checkpoint.read()).toBe(2n);
});

test('an error of the fold itself ends the projection', async () => {
  await using log = await open(await postgres.createDatabase());
  await log.append('stream', 0, [event('A')]);
  const projecting = log.project({
    name: 'faulty',
    signal: new AbortController().signal,
    apply: async () => {
      throw new TypeError('a mistake');
    },
  });
  await expect(projecting).rejects.toThrow('a mistake');
});
