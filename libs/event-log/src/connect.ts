import { Migrator } from '@mikro-orm/migrations';
import { type EntityManager, MikroORM } from '@mikro-orm/postgresql';
import pg from 'pg';
import { EventLogSetupRefused } from './errors.ts';
import { EventRow } from './event-row.ts';
import type { SchemaMigration } from './migrations/event-log-migrations.ts';
import { MIGRATIONS_TABLE, SERVICE_ROLE } from './service-role.ts';

/** A transaction that its process left open holds the append lock: Postgres ends it after this. */
const IDLE_IN_TRANSACTION_MS = 15_000;
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Settings of every connection that works as the service. The role is part of the start-up
 * packet, so there is no moment without it and RESET ROLE leads back to it.
 */
const SERVICE_SETTINGS = [
  `-c role=${SERVICE_ROLE}`,
  `-c idle_in_transaction_session_timeout=${IDLE_IN_TRANSACTION_MS}`,
  // A peer that vanished without a word must not keep its locks for hours.
  '-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3',
].join(' ');

/** What both the pool and single connections of the service are opened with. */
export function serviceConnection(url: string): pg.ClientConfig {
  return {
    connectionString: url,
    options: SERVICE_SETTINGS,
    application_name: 'landbridge',
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  };
}

/** MikroORM's entity manager and the pool under it, working as the service's role. */
export interface ServiceDatabase {
  em: EntityManager;
  pool: pg.Pool;
  close(): Promise<void>;
}

/**
 * Opens the service's pool.
 * Throws  EventLogSetupRefused when the connections do not get the service's role.
 */
export async function openServiceDatabase(url: string, poolMax: number): Promise<ServiceDatabase> {
  const orm = await MikroORM.init({
    clientUrl: url,
    entities: [EventRow],
    driverOptions: serviceConnection(url),
    pool: { min: 0, max: poolMax },
    ensureDatabase: false,
  });
  const pool = await orm.driver.getConnection().getNativeClient();
  const { rows } = await pool.query<{ role: string }>('select current_user::text as role');
  if (rows[0]?.role === SERVICE_ROLE) return { em: orm.em, pool, close: () => orm.close() };
  await orm.close();
  throw new EventLogSetupRefused(
    `The connections do not work as ${SERVICE_ROLE}: leave "options" out of the database's URL`,
  );
}

/** MikroORM as the owner, for as long as migrations take. */
export async function openOwnerOrm(
  url: string,
  migrations: readonly SchemaMigration[],
): Promise<MikroORM> {
  return MikroORM.init({
    clientUrl: url,
    entities: [EventRow],
    extensions: [Migrator],
    driverOptions: {
      connectionString: url,
      application_name: 'landbridge-migrations',
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    },
    pool: { min: 0, max: 2 },
    ensureDatabase: false,
    migrations: {
      migrationsList: [...migrations],
      tableName: MIGRATIONS_TABLE,
      snapshot: false,
      silent: true,
    },
  });
}
