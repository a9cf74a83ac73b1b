import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalPostgres, startLocalPostgres } from '@landbridge/local-servers';
import pg from 'pg';
import { startPostgresContainer } from './postgres-container.ts';

/** A Postgres server of the test file's own. */
export interface PostgresServer extends AsyncDisposable {
  /** The superuser's URL of the database `postgres`. */
  readonly url: string;
  /** Makes an empty database and gives its URL. */
  createDatabase(): Promise<string>;
  /** Stops the server at once, losing its connections, and starts it again on the same data. */
  restart(): Promise<void>;
}

/**
 * Starts a server that goes with the test file: in a container of `postgres:18` when `npm test`
 * found a Docker engine (`LANDBRIDGE_TEST_SERVERS=containers`), else embedded.
 */
export async function startPostgres(): Promise<PostgresServer> {
  const server =
    process.env['LANDBRIDGE_TEST_SERVERS'] === 'containers'
      ? await startPostgresContainer()
      : await startEmbedded();
  return {
    url: server.url('postgres'),
    createDatabase: async () => {
      const name = `test_${randomUUID().replaceAll('-', '')}`;
      const client = new pg.Client(server.url('postgres'));
      await client.connect();
      await client.query(`CREATE DATABASE ${name}`);
      await client.end();
      return server.url(name);
    },
    restart: server.restart,
    [Symbol.asyncDispose]: server.stop,
  };
}

/** What both kinds of server can do for a test. */
export interface StartedPostgres {
  url: (database: string) => string;
  restart: () => Promise<void>;
  stop: () => Promise<void>;
}

async function startEmbedded(): Promise<StartedPostgres> {
  const dataDir = await mkdtemp(join(tmpdir(), 'landbridge-postgres-'));
  const start = (port?: number): Promise<LocalPostgres> =>
    startLocalPostgres({
      dataDir,
      password: 'test',
      settings: ['fsync=off', 'max_connections=200'],
      ...(port === undefined ? {} : { port }),
    });
  let postgres = await start();
  return {
    url: (database) => postgres.url(database),
    restart: async () => {
      await postgres.process.stop();
      postgres = await start(postgres.port);
    },
    stop: async () => {
      await postgres.process.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
