import { Migration } from '@mikro-orm/migrations';
import { APPEND_LOCK } from '../advisory-locks.ts';

/** The log itself, and the triggers that keep it append-only and in the order of commits. */
export class EventsTable extends Migration {
  override up(): void {
    this.addSql(`
      create table events (
        position bigint generated always as identity primary key,
        stream_id text collate "C" not null,
        stream_version integer not null check (stream_version > 0),
        event_id uuid not null constraint events_event_id unique,
        type text collate "C" not null,
        schema_version integer not null check (schema_version > 0),
        data jsonb not null,
        metadata jsonb not null,
        recorded_at timestamptz(3) not null
          default date_trunc('milliseconds', clock_timestamp()),
        constraint events_stream_version unique (stream_id, stream_version)
      )`);
    this.addSql(`create index events_stream_type on events (stream_id, type, stream_version)`);
    this.addSql(`
      create function refuse_change_of_events() returns trigger language plpgsql as $$
      begin
        raise exception 'events are append-only: % is refused', tg_op using errcode = 'LB001';
      end $$`);
    this.addSql(`
      create trigger events_append_only before update or delete or truncate on events
        for each statement execute function refuse_change_of_events()`);
    // The position is drawn after this trigger has run, so whoever inserts, by whatever road,
    // draws it while holding the lock and keeps the lock until the commit.
    this.addSql(`
      create function take_append_lock() returns trigger language plpgsql as $$
      begin
        perform pg_advisory_xact_lock(${String(APPEND_LOCK)});
        return null;
      end $$`);
    this.addSql(`
      create trigger events_in_commit_order before insert on events
        for each statement execute function take_append_lock()`);
    // ALWAYS: also where session_replication_role turns ordinary triggers off.
    this.addSql(`alter table events enable always trigger events_append_only`);
    this.addSql(`alter table events enable always trigger events_in_commit_order`);
  }

  override down(): void {
    this.addSql('drop table events');
    this.addSql('drop function refuse_change_of_events');
    this.addSql('drop function take_append_lock');
  }
}
