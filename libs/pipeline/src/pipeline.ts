import type {
  ConditionType,
  DesiredRun,
  InstanceId,
  ReplicaId,
  RunFailure,
  RunId,
  TableName,
} from '@landbridge/contracts';
import type { Bus } from '@landbridge/messaging';
import type { Log, MetricsRegistry } from '@landbridge/telemetry';
import type { Reader } from './reader.ts';
import type { BatchWriting, Writer } from './write-outcome.ts';

/** Whose quota a call spends. */
export type System = 'dynamics' | 'campaign';

export interface PipelineLimits {
  /** Pause between two polls of a table that had nothing more to tell. */
  pollMs: number;
  /** Records queued and not settled, at which readers wait. */
  queueMax: number;
  /** Publishes that may wait for their acknowledgement at once. */
  publishInFlightMax: number;
  /** After so many throws that no outcome explains, a record is parked. */
  unexpectedAttemptsMax: number;
}

export const PIPELINE_LIMITS: PipelineLimits = {
  pollMs: 1_000,
  queueMax: 20_000,
  publishInFlightMax: 256,
  unexpectedAttemptsMax: 8,
};

export interface PipelineOptions {
  bus: Bus;
  run: DesiredRun;
  replica: ReplicaId;
  readers: readonly Reader[];
  /** One by one and in order, or many at a time where the order does not matter. */
  write: Writer | BatchWriting;
  /** Where `calls` of readers and of writers are counted. Ingress: dynamics to campaign. */
  systems?: { source: System; destination: System };
  /** Of the figures, where the readers’ own are not those of their records. */
  tables?: readonly TableName[];
  /** How many records, or batches, may be written at once; fixed for an instance by its first run. */
  partitions: number;
  limits?: Partial<PipelineLimits>;
  /** How many links of each table's records wait for a parent; asked for now and then. */
  waitingCounts?: () => Promise<ReadonlyMap<TableName, number>>;
  log: Log;
  registry?: MetricsRegistry | undefined;
}

/** How a run ended in this replica. */
export type RunEnd = { outcome: 'stopped' } | { outcome: 'failed'; failure: RunFailure };

/** `requested`: a person stopped the run, and it is reported. `shutdown`: only this process ends. */
export type StopReason = 'requested' | 'shutdown';

/** What `watchDesiredRuns` needs of whatever runs a run. */
export interface RunHandle {
  /** Settles once nothing of the run is left in this replica. */
  readonly ended: Promise<RunEnd>;
  /** Finishes the writes in flight, settles what is in hand, and lets go. */
  stop(reason: StopReason): Promise<void>;
}

/** A run in this replica. */
export interface Pipeline extends RunHandle {
  readonly instance: InstanceId;
  readonly runId: RunId;
  /** Ends the run for a reason that a reader or writer did not find, such as a changed schema. */
  fail(failure: RunFailure): void;
  /** Counts calls that neither a reader nor a writer made for a record. */
  spend(table: TableName, system: System, calls: number): void;
  raise(condition: ConditionType, message: string): void;
  clear(condition: ConditionType): void;
}
