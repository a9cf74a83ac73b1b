/** Somebody else appended to the stream first. Read it again and decide again. */
export class VersionConflict extends Error {
  override readonly name = 'VersionConflict';
  readonly streamId: string;
  readonly expectedVersion: number;
  readonly actualVersion: number;
  constructor(streamId: string, expectedVersion: number, actualVersion: number) {
    super(`Stream ${streamId} is at version ${actualVersion}, not at ${expectedVersion}`);
    this.streamId = streamId;
    this.expectedVersion = expectedVersion;
    this.actualVersion = actualVersion;
  }
}

/** The event is in the log already, so what it tells was recorded before: nothing was appended. */
export class DuplicateEvent extends Error {
  override readonly name = 'DuplicateEvent';
  readonly eventId: string;
  constructor(eventId: string) {
    super(`Event ${eventId} is recorded already`);
    this.eventId = eventId;
  }
}

/** Another process saved this checkpoint meanwhile: what was projected here must be rolled back. */
export class CheckpointMoved extends Error {
  override readonly name = 'CheckpointMoved';
  readonly checkpoint: string;
  readonly expected: bigint;
  constructor(checkpoint: string, expected: bigint) {
    super(`Checkpoint ${checkpoint} is no longer at ${String(expected)}`);
    this.checkpoint = checkpoint;
    this.expected = expected;
  }
}

/** The connection that held a lock is gone, and with it the lock. */
export class LockLost extends Error {
  override readonly name = 'LockLost';
  readonly lock: string;
  constructor(lock: string, options?: ErrorOptions) {
    super(`The lock ${lock} was lost with its connection`, options);
    this.lock = lock;
  }
}

/** The log cannot work in this database as it is set up. The message says what to do. */
export class EventLogSetupRefused extends Error {
  override readonly name = 'EventLogSetupRefused';
}

/**
 * Postgres could not be reached, or went away meanwhile; time may heal it. Of an append this says
 * nothing about whether it was recorded: append again with the same event ids.
 */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';
  constructor(options?: ErrorOptions) {
    super('The database cannot be reached', options);
  }
}
