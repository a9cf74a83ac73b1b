/** The append-only log on Postgres: append, read, subscribe, project. */
export {
  CheckpointMoved,
  DatabaseUnavailable,
  DuplicateEvent,
  EventLogSetupRefused,
  LockLost,
  VersionConflict,
} from './errors.ts';
export type {
  AppendResult,
  EventMetadata,
  ExpectedVersion,
  JsonObject,
  JsonValue,
  NewEvent,
  RecordedEvent,
} from './event.ts';
export type { LockOptions } from './lock.ts';
export { migrateDown, migrateUp, type MigrateOptions } from './migrate.ts';
export type { SchemaMigration } from './migrations/event-log-migrations.ts';
export {
  type Checkpoint,
  type EventLog,
  type EventLogOptions,
  openEventLog,
} from './open-event-log.ts';
export type { ProjectOptions } from './project.ts';
export type { LastOfTypeOptions, ReadAllOptions, ReadStreamOptions } from './read.ts';
export type { SubscribeOptions } from './subscribe.ts';
export type { Row, Transaction } from './transaction.ts';
export { registerUpcaster, type Upcaster } from './upcast.ts';
