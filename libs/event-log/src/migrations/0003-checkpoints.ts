import { Migration } from '@mikro-orm/migrations';

/** How far each named reader of the log has come. */
export class CheckpointsTable extends Migration {
  override up(): void {
    this.addSql(`
      create table checkpoints (
        name text primary key,
        position bigint not null check (position >= 0),
        saved_at timestamptz(3) not null default clock_timestamp()
      )`);
  }

  override down(): void {
    this.addSql('drop table checkpoints');
  }
}
