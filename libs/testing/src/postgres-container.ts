import { freePort } from '@landbridge/local-servers';
import { PostgreSqlContainer } from '@testcontainers/postgresql';
import pg from 'pg';
import { containerPower } from './container-power.ts';
import type { StartedPostgres } from './postgres.ts';
import { until } from './until.ts';

/** Postgres 15 to 18 must pass; `LANDBRIDGE_TEST_POSTGRES=postgres:15` asks for the oldest. */
const IMAGE = process.env['LANDBRIDGE_TEST_POSTGRES'] ?? 'postgres:18';

/** Postgres in a container of its own, on a port that stays the same over a restart. */
export async function startPostgresContainer(): Promise<StartedPostgres> {
  const port = await freePort();
  const container = await new PostgreSqlContainer(IMAGE)
    .withUsername('postgres')
    .withPassword('test')
    .withDatabase('postgres')
    .withExposedPorts({ container: 5432, host: port })
    .withCommand(['postgres', '-c', 'fsync=off', '-c', 'max_connections=200'])
    .start();
  const power = await containerPower(container);
  const url = (database: string): string =>
    `postgres://postgres:test@${container.getHost()}:${port}/${database}`;
  return {
    url,
    restart: async () => {
      await power.kill();
      await power.start();
      await until('Postgres to answer again', () => answers(url('postgres')), Boolean);
    },
    stop: () => power.remove(),
  };
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client(url);
  await client.connect();
  await client.end();
  return true;
}
