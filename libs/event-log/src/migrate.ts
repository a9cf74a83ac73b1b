import type { Log } from '@landbridge/telemetry';
import pg from 'pg';
import { MIGRATION_LOCK } from './advisory-locks.ts';
import { openOwnerOrm } from './connect.ts';
import { EventLogSetupRefused } from './errors.ts';
import { EVENT_LOG_MIGRATIONS, type SchemaMigration } from './migrations/event-log-migrations.ts';
import { MIGRATIONS_TABLE, SERVICE_ROLE } from './service-role.ts';

export interface MigrateOptions {
  /** The owner's URL: it makes tables and roles. */
  adminUrl: string;
  /** The service's URL: whoever it signs in may then work as the service's role. */
  url: string;
  /** The app's own steps; they run after the log's. */
  migrations?: readonly SchemaMigration[];
  log: Pick<Log, 'info'>;
}

/**
 * Brings the schema up to date, one process at a time: a second one waits and finds nothing to do.
 * Throws  EventLogSetupRefused when the owner may not make the service's role.
 */
export async function migrateUp(options: MigrateOptions): Promise<void> {
  await underMigrationLock(options.adminUrl, async (owner) => {
    await ensureServiceRole(owner, options.url);
    const orm = await openOwnerOrm(options.adminUrl, allMigrations(options));
    try {
      const done = await orm.migrator.up();
      if (done.length > 0) {
        options.log.info({ migrations: done.map(({ name }) => name) }, 'database migrated');
      }
    } finally {
      await orm.close();
    }
    await grantToService(owner);
  });
}

/** Takes everything down again, the log and its events with it. Nothing in the service calls it. */
export async function migrateDown(options: MigrateOptions): Promise<void> {
  await underMigrationLock(options.adminUrl, async () => {
    const orm = await openOwnerOrm(options.adminUrl, allMigrations(options));
    try {
      await orm.migrator.down({ to: 0 });
    } finally {
      await orm.close();
    }
  });
}

function allMigrations(options: MigrateOptions): SchemaMigration[] {
  return [...EVENT_LOG_MIGRATIONS, ...(options.migrations ?? [])];
}

async function underMigrationLock(
  url: string,
  work: (owner: pg.Client) => Promise<void>,
): Promise<void> {
  const owner = new pg.Client({ connectionString: url, application_name: 'landbridge-migrations' });
  await owner.connect();
  try {
    await owner.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await work(owner);
  } finally {
    // The lock goes with the connection.
    await owner.end();
  }
}

async function ensureServiceRole(owner: pg.Client, serviceUrl: string): Promise<void> {
  const member = await signedInAs(serviceUrl);
  const asMember = owner.escapeIdentifier(member);
  try {
    const { rowCount } = await owner.query('select from pg_roles where rolname = $1', [
      SERVICE_ROLE,
    ]);
    if (rowCount === 0) await unlessThere(() => owner.query(`create role ${SERVICE_ROLE}`));
    if (!(await maySetServiceRole(owner, member))) {
      await unlessThere(() => owner.query(`grant ${SERVICE_ROLE} to ${asMember}`));
    }
  } catch (cause) {
    throw new EventLogSetupRefused(
      `The role ${SERVICE_ROLE} cannot be set up with the owner's URL; as an administrator run: ` +
        `CREATE ROLE ${SERVICE_ROLE} NOLOGIN; GRANT ${SERVICE_ROLE} TO ${asMember};`,
      { cause },
    );
  }
}

/** From Postgres 16 on, who made a role is its member without the right to work as it. */
async function maySetServiceRole(owner: pg.Client, member: string): Promise<boolean> {
  const { rows } = await owner.query<{ may: boolean }>(
    `select pg_has_role($1, $2, case when current_setting('server_version_num')::integer >= 160000
                                     then 'set' else 'member' end) as may`,
    [member, SERVICE_ROLE],
  );
  return rows[0]?.may ?? false;
}

/** Roles belong to the whole server: another database's owner may set this one up meanwhile. */
const DONE_BY_ANOTHER = ['42710', '23505', 'XX000'];

async function unlessThere(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const code = error instanceof pg.DatabaseError ? error.code : undefined;
    if (!DONE_BY_ANOTHER.includes(code ?? '')) throw error;
  }
}

async function signedInAs(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>('select session_user::text as name');
    return rows[0]?.name ?? '';
  } finally {
    await client.end();
  }
}

/**
 * The service may do what projections need in every table, but only read and add events. One
 * transaction, so that there is no moment with too many rights.
 */
async function grantToService(owner: pg.Client): Promise<void> {
  await owner.query(`
    begin;
    grant usage on schema public to ${SERVICE_ROLE};
    grant select, insert, update, delete on all tables in schema public to ${SERVICE_ROLE};
    grant usage, select on all sequences in schema public to ${SERVICE_ROLE};
    grant execute on all functions in schema public to ${SERVICE_ROLE};
    revoke all on events, ${MIGRATIONS_TABLE} from public, ${SERVICE_ROLE};
    grant select, insert on events to ${SERVICE_ROLE};
    commit`);
}
