/** The frame of the data services: ticks, cursors, pumps, settling. Knows no vendor and no Postgres. */
export { backoffMs, type BackoffOptions, retryDelayMs } from './backoff.ts';
export { type ConditionChange, Conditions, type ConditionsOptions } from './conditions.ts';
export { chunkOf, DayBudget, type DayBudgetOptions } from './day-budget.ts';
export { LimiterPaused, LookAgain, RetryLater, RunFailedError } from './errors.ts';
export { type Hold, holdMessage } from './hold.ts';
export { createLimiter, type Limiter, type LimiterOptions, type LimiterState } from './limiter.ts';
export {
  type Pipeline,
  PIPELINE_LIMITS,
  type PipelineLimits,
  type PipelineOptions,
  type RunEnd,
  type RunHandle,
  type StopReason,
  type System,
} from './pipeline.ts';
export {
  type LeftOut,
  type ReadBatch,
  type ReadContext,
  type Reader,
  type RecordIdentity,
} from './reader.ts';
export { type ReplicaShare, watchReplicaShare } from './replica-share.ts';
export { neededConnection, openConnections } from './run-connections.ts';
export { runPipeline } from './run-pipeline.ts';
export { RunVoice } from './run-voice.ts';
export { Count, Milliseconds, serviceEnvironment, serviceSettings } from './service-environment.ts';
export { openSystemGate, type SystemGate, type SystemLimits } from './system-gate.ts';
export { openSystemGates, type ServiceLimits, type SystemGates } from './system-gates.ts';
export { type End, type Transient, transientOf } from './transient.ts';
export {
  type DesiredRuns,
  type DesiredRunsOptions,
  newReplicaId,
  type StartContext,
  type StartRun,
  watchDesiredRuns,
} from './watch-desired-runs.ts';
export {
  type BatchWriter,
  type BatchWriting,
  type RejectReason,
  type SkipReason,
  type WriteContext,
  type WriteOutcome,
  type Writer,
} from './write-outcome.ts';
