import type { QueuedRecord, RunFailure } from '@landbridge/contracts';

/** Why a record was left as it is; counted by these names. */
export type SkipReason =
  | 'unchanged'
  | 'filteredOut'
  | 'superseded'
  | 'neverWritten'
  | 'alreadyGone'
  | 'deletesNotApplied'
  | 'notMapped'
  /** Campaign has a record of this key that Landbridge did not write. */
  | 'notOurs'
  /** Not done: too many deletes at once, so this one waits for a person. */
  | 'deleteHeld'
  /** A person said that it stays. */
  | 'deleteDiscarded'
  /** Not done: it is read again by itself when its parent has landed or will never come. */
  | 'waitingForParent'
  /** Not done: it is read again by itself when nothing refers to it any more. */
  | 'waitingForChildren'
  /** Events of this type are off. */
  | 'typeOff'
  /** The member of a delivery is nobody's profile. */
  | 'seed'
  | 'proof'
  | 'test'
  /** Of an SMS or a push, which no e-mail's activity shows. */
  | 'otherChannel'
  /** A bounce that is not known to be for good, or another thing than a timeline shows. */
  | 'softBounce'
  | 'bounceUnclear'
  | 'otherKind'
  /** The destination has it: it came twice, or its acknowledgement was lost. */
  | 'alreadyThere'
  /** Not done: it is written by itself when its contact appears. */
  | 'waitingForContact'
  | 'notInDynamics'
  | 'notInCampaign'
  | 'awaitsProfile'
  /** Not done: an opt-out waits, and it is taken up again by itself after it. */
  | 'steppedAside';

/** For people and for search; never personal data. */
export interface RejectReason {
  /** Such as `valueTooLong`; the frame's own are `unreadable`, `recordTooLarge`, `unexpected`. */
  code: string;
  message: string;
}

/** What became of one queued record at its destination. `calls`: requests spent there. */
export type WriteOutcome =
  | { kind: 'written'; calls: number }
  | { kind: 'skipped'; reason: SkipReason; calls?: number }
  /** 429, 5xx, timeout: time heals it. `delayMs`: at least, as Retry-After asked; 0: up to us. */
  | { kind: 'retryAfter'; delayMs: number; cause: Error; calls?: number }
  /** A 400 for this record: dead letter. */
  | { kind: 'rejected'; reason: RejectReason; cause: Error; calls?: number }
  /** Credentials refused, a column gone: the record stays queued and the run stops. */
  | { kind: 'runFailed'; failure: RunFailure; calls?: number };

export interface WriteContext {
  /** 1 at the first delivery; grows with each, also after a kill. */
  attempt: number;
  /** Aborts when another replica may have been handed the record: write nothing any more. */
  signal: AbortSignal;
  /** Under which the record's message is parked if it is refused; absent in a batch of many. */
  deadLetterId?: string;
}

/**
 * Maps and writes one record. Expected ends are outcomes; what it throws is judged by its shape
 * (`throttled`, `transient`, RunFailedError), and anything else is a bug: retried, then parked.
 */
export type Writer = (record: QueuedRecord, context: WriteContext) => Promise<WriteOutcome>;

/**
 * Writes many records at once, where their order does not matter, and answers with one outcome for
 * each, in their order: a bad one neither holds up nor fails the others. What it throws is what
 * became of all of them. `attempt` is the largest of theirs.
 */
export type BatchWriter = (
  records: readonly QueuedRecord[],
  context: WriteContext,
) => Promise<readonly WriteOutcome[]>;

/** `recordsMax`: of one batch; it is smaller when no more wait. */
export interface BatchWriting {
  batch: BatchWriter;
  recordsMax: number;
}
