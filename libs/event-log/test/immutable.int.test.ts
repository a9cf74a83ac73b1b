import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type PostgresServer, startPostgres } from '@landbridge/testing';
import { connect, event, open, type OpenLog } from './log-fixture.ts';

const CHANGES = [
  `update events set data = '{}'`,
  'delete from events',
  'truncate events',
  `insert into events (stream_id, stream_version, event_id, type, schema_version, data, metadata)
     select stream_id, stream_version, event_id, type, schema_version, data, metadata from events
     on conflict (event_id) do update set data = '{"changed": true}'`,
];

let postgres: PostgresServer;
let url: string;
let log: OpenLog;
beforeAll(async () => {
  postgres = await startPostgres();
  url = await postgres.createDatabase();
  log = await open(url);
  await log.append('kept', 0, [event('Kept', { text: 'as it was' })]);
});
afterAll(async () => {
  await log.close();
  await postgres[Symbol.asyncDispose]();
});

async function expectUnchanged(): Promise<void> {
  const events = await log.readAll({ after: 0n, limit: 10 });
  expect(events).toMatchObject([{ streamId: 'kept', data: { text: 'as it was' } }]);
}

test.each(CHANGES)('the service has no right to %s', async (sql) => {
  await expect(log.query(sql)).rejects.toMatchObject({ code: '42501' });
  await expectUnchanged();
});

test.each(CHANGES)('a trigger refuses even the owner to %s', async (sql) => {
  await using owner = await connect(url);
  await expect(owner.query(sql)).rejects.toMatchObject({ code: 'LB001' });
  await owner.query(`set session_replication_role = replica`);
  await expect(owner.query(sql)).rejects.toMatchObject({ code: 'LB001' });
  await expectUnchanged();
});

test('resetting its role gives the service nothing', async () => {
  await expect(
    log.transaction(async (tx) => {
      await tx.query('reset role');
      await tx.query('delete from events');
    }),
  ).rejects.toMatchObject({ code: '42501' });
});

test('the service can neither choose a position nor touch schema and migrations', async () => {
  for (const sql of [
    `insert into events (position, stream_id, stream_version, event_id, type, schema_version,
                         data, metadata)
       values (1000000, 'jump', 1, '${randomUUID()}', 'Jumped', 1, '{}', '{}')`,
    'drop table events',
    'alter table events disable trigger all',
    'create table mine (id integer)',
    'delete from landbridge_migrations',
  ]) {
    await expect(log.query(sql)).rejects.toMatchObject({
      code: expect.stringMatching(/^(42501|428C9)$/),
    });
  }
});
