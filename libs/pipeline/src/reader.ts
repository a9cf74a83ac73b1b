import type { QueuedRecord, ReadProgress, TableName } from '@landbridge/contracts';
import type { Cursor } from '@landbridge/messaging';
import type { Log } from '@landbridge/telemetry';

export interface ReadContext {
  /** Aborts when the run stops, or when another reader may have taken over: give up at once. */
  signal: AbortSignal;
  log: Log;
}

/** Records that were looked at and have no place in the queue. */
export interface LeftOut {
  table: TableName;
  /** Such as `softBounce`; counted by these names beside the writer's. */
  reason: string;
  count: number;
}

/** What one call of a reader found. */
export interface ReadBatch {
  /** In the order in which they must be written. */
  records: readonly QueuedRecord[];
  /** Saved once all of `records` are queued; the next call gets it. */
  next: Cursor;
  /** True: there is more to read now. False: read again after the pause between polls. */
  more: boolean;
  /** Until the next read where `more` is false; left out: as all tables of the service rest. */
  restMs?: number | undefined;
  leftOut?: readonly LeftOut[] | undefined;
  progress?: Omit<ReadProgress, 'table'> | undefined;
  /** Why reading does not go on where it was, when this call found that out. */
  cursorReset?: string | undefined;
  /** Requests spent at the source. */
  calls: number;
}

/** What makes a record the same, and what keeps it together with others. */
export interface RecordIdentity {
  sameness: string;
  together: string;
}

/**
 * Reads one source, from a cursor to a batch and the next cursor. It holds no state between calls.
 * Throws  RunFailedError (a person must act); RetryLater, or a vendor's error that says `throttled`
 *         or `transient` (tried again after a while). Anything else is a bug, logged and retried.
 */
export interface Reader {
  readonly table: TableName;
  /**
   * For records without versions, whose source may tell the same thing twice. `sameness`: what is
   * told twice has it twice. `together`: records of one such text go through one partition.
   */
  identify?(record: QueuedRecord): RecordIdentity;
  /** Whose records are read again through this reader; left out: its own table's. */
  readonly again?: 'ownTable' | 'allTables' | 'none';
  /** Asked while the table was never read: false holds its first read back until the next poll. */
  mayBegin?(): Promise<boolean>;
  /** `cursor` is null when the table was never read. */
  read(cursor: Cursor | null, context: ReadContext): Promise<ReadBatch>;
  /**
   * These records as they are now, because somebody asked; those that are gone as deletes. A source
   * that can only be read onwards has none: then dead letters are queued again as they were.
   */
  readAgain?(
    keys: readonly string[],
    context: ReadContext,
  ): Promise<{ records: readonly QueuedRecord[]; calls: number }>;
}
