import { z } from 'zod';
import { InstanceId, TableName, Timestamp } from './ids.schema.ts';

/**
 * One change of one record, as it was read; mapping happens at the write.
 * A column absent from `columns` was not read; null means that it is empty at the source.
 */
export const QueuedRecord = z.object({
  schemaVersion: z.literal(1),
  instance: InstanceId,
  table: TableName,
  /** The primary key's value at the source, such as the contactid. */
  key: z.string().min(1).max(256),
  change: z.enum(['upsert', 'delete']),
  /** `load`: from a full read. `change`: from a delta, or read again by a person's request. */
  origin: z.enum(['load', 'change']),
  /** Dataverse's row version, a decimal number as text; null for deletes. Grows with each change. */
  version: z.string().regex(/^\d+$/).nullable(),
  /** When the record changed at the source, where the source says so. */
  modifiedOn: Timestamp.nullable(),
  readAt: Timestamp,
  columns: z.record(z.string(), z.unknown()),
  /** True: of a replay, so it is written even where its values are known to be there. */
  replay: z.boolean().optional(),
  /** By column, which table a lookup leads to, for lookups that may lead to several. */
  lookupTables: z.record(z.string(), z.string()).optional(),
});
export type QueuedRecord = z.infer<typeof QueuedRecord>;
