import type { Migration } from '@mikro-orm/migrations';
import { EventsTable } from './0001-events.ts';
import { AppendEvents } from './0002-append-events.ts';
import { CheckpointsTable } from './0003-checkpoints.ts';

/** A step of the database's schema. `name` is remembered for ever: never change it. */
export interface SchemaMigration {
  name: string;
  class: new (...args: ConstructorParameters<typeof Migration>) => Migration;
}

/** The log's own steps, oldest first. */
export const EVENT_LOG_MIGRATIONS: readonly SchemaMigration[] = [
  { name: 'event-log/0001-events', class: EventsTable },
  { name: 'event-log/0002-append-events', class: AppendEvents },
  { name: 'event-log/0003-checkpoints', class: CheckpointsTable },
];
