import { expect, test } from '@jest/globals';
import pg from 'pg';
import { startNats, startPostgres } from '../src/index.ts';

test('a Postgres of the test’s own keeps its data over a restart', async () => {
  await using postgres = await startPostgres();
  const url = await postgres.createDatabase();
  const first = new pg.Client(url);
  await first.connect();
  await first.query('CREATE TABLE kept AS SELECT 42 AS answer');
  await first.end();
  await postgres.restart();
  const second = new pg.Client(url);
  await second.connect();
  const { rows } = await second.query<{ answer: number }>('SELECT answer FROM kept');
  await second.end();
  expect(rows).toEqual([{ answer: 42 }]);
});

test.each([
  ['newest', /^2\.(1[1-9]|[2-9]\d)\./],
  ['floor', /^2\.10\./],
] as const)('a nats-server, %s, comes back on its port after kill -9', async (server, version) => {
  await using nats = await startNats({ server });
  expect(nats.version).toMatch(version);
  const { url } = nats;
  await nats.kill();
  await nats.restart();
  expect(nats.url).toBe(url);
});
