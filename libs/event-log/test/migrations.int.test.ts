import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Migration } from '@mikro-orm/migrations';
import { type PostgresServer, startPostgres } from '@landbridge/testing';
import {
  EventLogSetupRefused,
  migrateDown,
  migrateUp,
  type SchemaMigration,
} from '../src/index.ts';
import { connect, event, open, quiet } from './log-fixture.ts';

class Tallies extends Migration {
  override up(): void {
    this.addSql('create table tallies (type text primary key, count bigint not null)');
  }
  override down(): void {
    this.addSql('drop table tallies');
  }
}
const APP: SchemaMigration[] = [{ name: 'app/0001-tallies', class: Tallies }];

let postgres: PostgresServer;
beforeAll(async () => {
  postgres = await startPostgres();
  // Roles belong to the server: from here on it has the service's.
  await (await open(await postgres.createDatabase())).close();
});
afterAll(async () => {
  await postgres[Symbol.asyncDispose]();
});

/** Everything in the schema that a migration could leave behind. */
async function objectsIn(url: string): Promise<string[]> {
  await using owner = await connect(url);
  const { rows } = await owner.query<{ name: string }>(
    `select relname::text as name from pg_class where relnamespace = 'public'::regnamespace
     union all
     select proname::text from pg_proc where pronamespace = 'public'::regnamespace
     union all
     select tgname::text from pg_trigger order by 1`,
  );
  return rows.map(({ name }) => name);
}

/** The same server, signed in as somebody else. */
function as(url: string, user: string): string {
  return Object.assign(new URL(url), { username: user, password: 'secret' }).href;
}

test('migrations go down to nothing and up to the same again', async () => {
  const url = await postgres.createDatabase();
  const migration = { url, adminUrl: url, log: quiet, migrations: APP };
  await migrateUp(migration);
  const whole = await objectsIn(url);
  expect(whole).toEqual(expect.arrayContaining(['events', 'append_events', 'tallies']));
  await migrateDown(migration);
  const left = (await objectsIn(url)).filter((name) => !name.startsWith('landbridge_migrations'));
  expect(left).toEqual([]);
  await migrateUp(migration);
  expect(await objectsIn(url)).toEqual(whole);
});

test('two control planes that start together share one migrated database', async () => {
  const url = await postgres.createDatabase();
  const logs = await Promise.all([1, 2, 3].map(() => open(url, { migrations: APP })));
  await Promise.all(logs.map((log, index) => log.append(`stream-${index}`, 0, [event()])));
  expect(await logs[0]!.readAll({ after: 0n, limit: 10 })).toHaveLength(3);
  const done = await logs[0]!.query('select count(*) as count from events');
  expect(done).toEqual([{ count: 3n }]);
  await Promise.all(logs.map((log) => log.close()));
});

test('databases of one server that are set up at the same time do not disturb each other', async () => {
  const urls = await Promise.all([1, 2, 3, 4].map(() => postgres.createDatabase()));
  const logs = await Promise.all(urls.map((url) => open(url)));
  for (const log of logs) {
    await log.append('own', 0, [event()]);
    await log.close();
  }
});

test('a service that signs in by itself works beside an owner who is no superuser', async () => {
  const url = await postgres.createDatabase();
  const database = new URL(url).pathname.slice(1);
  await using root = await connect(url);
  await root.query(`create role house_owner login password 'secret' createrole`);
  await root.query(`create role house_service login password 'secret'`);
  await root.query(`grant landbridge_service to house_owner with admin option`);
  await root.query(`alter database ${database} owner to house_owner`);
  await using log = await open(as(url, 'house_service'), {
    adminUrl: as(url, 'house_owner'),
    migrations: APP,
  });
  await log.append('mine', 0, [event()]);
  await log.query(`insert into tallies values ('Happened', 1)`);
  await expect(log.query('delete from events')).rejects.toMatchObject({ code: '42501' });
  await using plain = await connect(as(url, 'house_service'));
  await expect(plain.query('delete from events')).rejects.toMatchObject({ code: '42501' });
});

test('one ordinary user will do for everything, where it may give itself the role', async () => {
  const url = await postgres.createDatabase();
  await using root = await connect(url);
  await root.query(`create role house_keeper login password 'secret' createrole`);
  await root.query(`grant landbridge_service to house_keeper with admin option`);
  await root.query(`alter database ${new URL(url).pathname.slice(1)} owner to house_keeper`);
  await using log = await open(as(url, 'house_keeper'));
  await log.append('mine', 0, [event()]);
  await expect(log.query('delete from events')).rejects.toMatchObject({ code: '42501' });
});

test('an owner who may not give the role is told what an administrator must run', async () => {
  const url = await postgres.createDatabase();
  await using root = await connect(url);
  await root.query(`create role house_guest login password 'secret'`);
  await root.query(`alter database ${new URL(url).pathname.slice(1)} owner to house_guest`);
  const opening = open(as(url, 'house_guest'));
  await expect(opening).rejects.toBeInstanceOf(EventLogSetupRefused);
  await expect(opening).rejects.toThrow(/GRANT landbridge_service TO "house_guest"/);
});
