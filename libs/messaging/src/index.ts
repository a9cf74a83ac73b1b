/** All that is NATS: connection, streams, subjects, and what travels on them. Knows no vendor. */
export { busEnvironment } from './bus-environment.ts';
export { type Bus, type BusOptions, connectBus } from './bus.ts';
export { type Durability } from './durability.ts';
export {
  CursorMoved,
  isBusAway,
  isBusError,
  NatsServerUnfit,
  PublishFailed,
  QueueFull,
  SealBroken,
} from './errors.ts';
export {
  type DeleteState,
  type Edge,
  type TableAddress,
  type WorkflowAddress,
} from './subjects.ts';
export { ACK_WAIT_MS, WORKING_EVERY_MS } from './consumers.ts';
export {
  type DesiredWatch,
  type OnDesired,
  publishDesired,
  readDesired,
  removeDesired,
  watchDesired,
} from './desired-state.ts';
export { consumeReports, type OnReport, publishReport, type UnreadableReport } from './reports.ts';
export { sendHeartbeat, watchHeartbeats } from './heartbeats.ts';
export { seal, unseal } from './seal.ts';
export {
  agreePartitions,
  queueLife,
  type Cursor,
  readCursor,
  saveCursor,
  type SavedCursor,
} from './cursors.ts';
export {
  type RememberedKey,
  WrittenEntry,
  type WrittenMemory,
  writtenMemory,
} from './written-memory.ts';
export {
  Absence,
  COMPLETE_SINCE,
  isAbsence,
  isUnsure,
  type Leaving,
  leavingOf,
  type Standing,
  standingOf,
} from './record-standing.ts';
export { writtenAfter } from './written-after.ts';
export {
  type DeadLetter,
  deleteDeadLetter,
  getDeadLetter,
  listDeadLetters,
  type NewDeadLetter,
  storeDeadLetter,
} from './dead-letters.ts';
export {
  type Backlog,
  backlogOf,
  isTooLarge,
  openPartition,
  type OutgoingRecord,
  publishRecords,
  type PublishOptions,
  queuedCount,
  type ReadMessage,
  readMessage,
} from './queue.ts';
export { removeSettledLeftovers } from './settled-leftovers.ts';
export {
  type EdgeEnd,
  edgesOfChild,
  edgesOfParent,
  type LinkedEdge,
  linkEdges,
  type LinkEdges,
  type PendingDeletion,
  waitingCount,
  type WaitingEdge,
  type WaitState,
} from './link-edges.ts';
export { type GivenUpEdge } from './given-up-edges.ts';
export {
  type QueuedTrace,
  type QueueSearch,
  type RememberedWrite,
  rememberedWrite,
  searchQueue,
} from './record-traces.ts';
export {
  announceDeletes,
  askToDelete,
  changeDeletes,
  decideDeletes,
  DeleteDecision,
  DeleteLedger,
  type DeleteRule,
  deletesUnasked,
  doneWithin,
  type MassDeletes,
  NO_DELETES,
  readDeletes,
  uncountDelete,
  writtenCount,
} from './delete-ledger.ts';
export {
  countDeletes,
  findDelete,
  forgetDelete,
  HeldDelete,
  lastDeleteSequence,
  listDeletes,
  putDelete,
  removeDelete,
  type StoredDelete,
} from './held-deletes.ts';
export {
  budgetOf,
  BudgetLeft,
  type CallBudget,
  DayOfCalls,
  dayOf,
  giveCallsBack,
  nextDay,
  reserveCalls,
  reserveIn,
} from './call-budget.ts';
export {
  openAllRetries,
  openRetries,
  readRetry,
  requestReplays,
  requestRetry,
  RetryRequest,
} from './retries.ts';
export { putSelection, readSelection, RecordSelection, removeSelection } from './selections.ts';
export { forgetInstance } from './forget-instance.ts';
export {
  cancelVerification,
  type FoundDifferences,
  foundDifferences,
  isCancelled,
  openVerifications,
  readVerification,
  readVerificationState,
  requestVerification,
  saveVerificationState,
  VerificationRequest,
} from './verifications.ts';
export { awaitedCount, type AwaitedRecord, layAside, listAwaited, takeUp } from './awaited.ts';
export { keepDecision, readDecisions } from './decisions.ts';
export { type OldestQueued, oldestQueued } from './oldest-queued.ts';
export { openTick } from './ticks.ts';
export { partitionOfKey } from './partition-of-key.ts';
export { traceparentOf } from './trace-headers.ts';
export { turnEnd } from './turn-end.ts';
