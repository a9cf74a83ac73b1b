import type { SchemaMigration } from '@landbridge/event-log';
import { Migration } from '@mikro-orm/migrations';

/** What was sealed; the log says that it changed, and only here is what it is. */
class ConnectionSecretsTable extends Migration {
  override up(): void {
    this.addSql(`
      create table connection_secrets (
        instance text not null,
        connection text not null,
        sealed text not null,
        primary key (instance, connection)
      )`);
  }

  override down(): void {
    this.addSql('drop table connection_secrets');
  }
}

/** What happened by minute, and the sums that the next observation is compared with. */
class ThroughputTables extends Migration {
  override up(): void {
    this.addSql(`
      create table throughput_minutes (
        stream_id text not null,
        minute timestamptz(0) not null,
        read bigint not null,
        written bigint not null,
        skipped bigint not null,
        dead bigint not null,
        calls_dynamics bigint not null,
        calls_campaign bigint not null,
        backlog bigint not null,
        primary key (stream_id, minute)
      )`);
    this.addSql('create table throughput_sums (stream_id text primary key, sums jsonb not null)');
  }

  override down(): void {
    this.addSql('drop table throughput_sums');
    this.addSql('drop table throughput_minutes');
  }
}

/** The records that were refused; `stored` is the position that told of each last. */
class DeadLettersTable extends Migration {
  override up(): void {
    this.addSql(`
      create table dead_letters (
        stream_id text not null,
        id text not null,
        table_name text not null,
        key text not null,
        reason_code text not null,
        reason_message text not null,
        attempts integer not null,
        since timestamptz(3) not null,
        stored bigint not null,
        primary key (stream_id, id)
      )`);
    this.addSql('create index dead_letters_newest on dead_letters (stream_id, stored desc)');
  }

  override down(): void {
    this.addSql('drop table dead_letters');
  }
}

/**
 * One open letter for each record, and what was dealt with. The letters are folded anew, for those
 * that were stored before may be several of one record.
 */
class DeadLettersDealtTable extends Migration {
  override up(): void {
    this.addSql('delete from dead_letters');
    this.addSql(`
      alter table dead_letters
        add column attempts_before integer not null default 0,
        add column superseded jsonb not null default '[]'`);
    this.addSql(
      'create unique index dead_letters_of_record on dead_letters (stream_id, table_name, key)',
    );
    this.addSql(`
      create table dead_letters_dealt (
        stream_id text not null,
        id text not null,
        table_name text not null,
        key text not null,
        kind text not null,
        attempts integer not null,
        dealt bigint not null,
        primary key (stream_id, id)
      )`);
    this.addSql(
      'create index dead_letters_dealt_of_record on dead_letters_dealt (stream_id, table_name, key)',
    );
    this.addSql(`delete from checkpoints where name = 'dead-letters'`);
  }

  override down(): void {
    this.addSql('drop table dead_letters_dealt');
    this.addSql('drop index dead_letters_of_record');
    this.addSql('alter table dead_letters drop column superseded, drop column attempts_before');
  }
}

/** What people did about dead letters, a row for each command however many letters it was about. */
class DeadLetterDealingsTable extends Migration {
  override up(): void {
    this.addSql(`
      create table dead_letter_dealings (
        stream_id text not null,
        command_id text not null,
        type text not null,
        version integer not null,
        position bigint not null,
        at timestamptz(3) not null,
        by_name text not null,
        table_name text,
        data jsonb not null,
        count integer not null,
        primary key (stream_id, command_id, type)
      )`);
    this.addSql(
      'create index dead_letter_dealings_newest on dead_letter_dealings (stream_id, version desc)',
    );
  }

  override down(): void {
    this.addSql('drop table dead_letter_dealings');
  }
}

/** The control plane's own tables, beside the log's; oldest first, names for ever. */
export const CONTROL_PLANE_MIGRATIONS: readonly SchemaMigration[] = [
  { name: 'control-plane/0001-connection-secrets', class: ConnectionSecretsTable },
  { name: 'control-plane/0002-throughput', class: ThroughputTables },
  { name: 'control-plane/0003-dead-letters', class: DeadLettersTable },
  { name: 'control-plane/0004-dead-letters-dealt', class: DeadLettersDealtTable },
  { name: 'control-plane/0005-dead-letter-dealings', class: DeadLetterDealingsTable },
];
