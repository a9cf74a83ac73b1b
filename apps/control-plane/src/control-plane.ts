import type {
  BudgetView,
  HeldDeletesView,
  Connections,
  ConnectionName,
  DeadLetterRetry,
  DeadLetterSummary,
  DeadLetterView,
  HistoryEntry,
  IngressConfiguration,
  InstanceBody,
  InstanceId,
  InstanceSettings,
  InstanceView,
  OptinDecision,
  PendingEdit,
  ReplaySelection,
  ReplayView,
  Revision,
  RunId,
  RunView,
  TableName,
  ThroughputEntry,
  Timestamp,
  VerificationBody,
  VerificationForecast,
  VerificationView,
  WorkflowName,
  WorkflowView,
} from '@landbridge/contracts';
import type { ConfigurationOf } from './workflows/workflow-configuration.ts';
import type {
  Absence,
  EdgeEnd,
  Leaving,
  QueueSearch,
  RememberedWrite,
} from '@landbridge/messaging';

/** Who asked for something: a signed-in person, the holder of a token, or a service of ours. */
export interface Actor {
  kind: 'person' | 'token' | 'service';
  id: string;
  name: string;
}

/** What accompanies every command into the log. `idempotencyKey`: the caller's own, if it sent one. */
export interface CommandContext {
  actor: Actor;
  correlationId: string;
  traceparent: string | null;
  idempotencyKey: string | null;
}

export interface KeyOf<Workflow extends WorkflowName> {
  instance: InstanceId;
  workflow: Workflow;
}
export type WorkflowKey = KeyOf<WorkflowName>;

export interface PageRequest {
  cursor: string | null;
  limit: number;
}

export interface Page<Item> {
  items: Item[];
  next: string | null;
}

/** What is left out chooses everything. */
export interface DeadLetterFilter {
  table?: string | undefined;
  code?: string | undefined;
  key?: string | undefined;
}

/** One mapped table of an instance's ingress. */
export interface MappingKey {
  instance: InstanceId;
  table: TableName;
}

/** When something was asked for, and by whom. */
export type AskedFor = Pick<ReplayView, 'requestedAt' | 'by'>;

/** Revision 0: the defaults, which nobody saved. */
export interface SavedSettings {
  settings: InstanceSettings;
  revision: Revision;
}

/** Revision 0: what every workflow begins with, which nobody saved. */
export interface SavedConfiguration<Workflow extends WorkflowName = WorkflowName> {
  configuration: ConfigurationOf<Workflow>;
  revision: Revision;
}

/** A connection as it may be shown: `secretsSet` names the secrets that are kept, never their values. */
export interface ConnectionRecord {
  fields: Record<string, unknown>;
  secretsSet: string[];
  changedAt: string;
  changedBy: string;
}

/** One change of a workflow for those who watch: `position` resumes after it. */
export interface WorkflowChange {
  position: bigint;
  view: WorkflowView;
}

/** The configuration that records are judged by: the active run's if one is on, else the saved one. */
export interface JudgingConfiguration {
  configuration: IngressConfiguration;
  from: 'activeRun' | 'saved';
  revision: Revision;
  runId: RunId | null;
  editPending: boolean;
  /** Whether changes are read now. */
  running: boolean;
}

/** One record of one table, by its id in Dynamics. */
export interface RecordAddress {
  instance: InstanceId;
  table: TableName;
  id: string;
}

/** What is remembered of one record. */
export interface RecordMemory {
  /** Of its last write; null: never written, or forgotten. */
  memory: RememberedWrite | null;
  /** Whether the table's memory forgot nothing: what it does not know was never written. */
  memoryIsComplete: boolean;
}

/** What Landbridge itself keeps of one record. */
export interface RecordTraces extends RecordMemory {
  queue: QueueSearch;
  deadLetter: DeadLetterView | null;
  /** How far its table was read; null: not at all. */
  reading: { phase: string } | null;
  /** The record that it waits for; null: none. */
  waitsFor: EdgeEnd | null;
  /** It was written, and Campaign does not show it: it waits for that. */
  campaignHides: boolean;
  /** The record for want of which it was given up; `absence` null: that may come again. */
  givenUpFor: { parent: EdgeEnd; absence: Absence | null } | null;
  /** It is about to be deleted, once `count` records refer to it no more (at most 100 are counted). */
  leaving: { because: Leaving; child: EdgeEnd; count: number } | null;
  /** Its last dead letter, where a person discarded that; null: there is none, or it was retried. */
  discarded: { deadLetterId: string; at: Timestamp; by: string } | null;
  /** Since when its deletion waits for a person; null: it does not. */
  deletionHeldSince: string | null;
}

/**
 * What the HTTP routes may ask of the control plane; they know no event and no table.
 * Throws  NotFound (instance or workflow unknown), CommandRefused (a rule says no; `reason` for
 *         people), RevisionStale (the expected revision is not the newest).
 */
export interface ControlPlane {
  instances: {
    list(): Promise<InstanceView[]>;
    get(instance: InstanceId): Promise<InstanceView>;
    put(
      instance: InstanceId,
      body: InstanceBody,
      context: CommandContext,
    ): Promise<{ created: boolean; view: InstanceView }>;
    /** Refused while one of its workflows is not stopped. */
    remove(instance: InstanceId, context: CommandContext): Promise<void>;
  };
  connections: {
    get(instance: InstanceId, name: ConnectionName): Promise<ConnectionRecord | null>;
    /** Secrets are sealed into their own table; the log gets the other fields and that they changed. */
    put<Name extends ConnectionName>(
      instance: InstanceId,
      name: Name,
      connection: NonNullable<Connections[Name]>,
      context: CommandContext,
    ): Promise<ConnectionRecord>;
    /** With secrets, for the control plane's own calls to the two systems. Never answer with it. */
    reveal(instance: InstanceId): Promise<Connections>;
  };
  settings: {
    get(instance: InstanceId): Promise<SavedSettings>;
    /** A run that is on keeps the settings that it was started with. */
    save(
      instance: InstanceId,
      settings: InstanceSettings,
      expected: Revision,
      context: CommandContext,
    ): Promise<SavedSettings>;
  };
  workflows: {
    list(instance: InstanceId, asOf?: Date): Promise<WorkflowView[]>;
    get(key: WorkflowKey, asOf?: Date): Promise<WorkflowView>;
    /** Starting a running workflow answers with the run that runs. */
    start(key: WorkflowKey, context: CommandContext): Promise<WorkflowView>;
    stop(key: WorkflowKey, context: CommandContext): Promise<WorkflowView>;
    configuration<Workflow extends WorkflowName>(
      key: KeyOf<Workflow>,
    ): Promise<SavedConfiguration<Workflow>>;
    /** The same content again saves nothing and answers with the revision that holds it. */
    saveConfiguration<Workflow extends WorkflowName>(
      key: KeyOf<Workflow>,
      configuration: ConfigurationOf<Workflow>,
      expected: Revision,
      context: CommandContext,
    ): Promise<SavedConfiguration<Workflow>>;
    pending(key: WorkflowKey): Promise<PendingEdit>;
    runs(key: WorkflowKey, page: PageRequest): Promise<Page<RunView>>;
    history(key: WorkflowKey, page: PageRequest): Promise<Page<HistoryEntry>>;
    throughput(key: WorkflowKey, page: PageRequest): Promise<Page<ThroughputEntry>>;
    /**
     * Every change after `after`, in the log's order, until `signal` aborts. Null or a position
     * beyond the log's end: from now on, first the present view of each workflow.
     */
    watch(after: bigint | null, signal: AbortSignal): AsyncIterable<WorkflowChange>;
  };
  records: {
    configuration(instance: InstanceId): Promise<JudgingConfiguration>;
    /** Looks everywhere at once; bounded, and nothing is consumed. */
    traces(record: RecordAddress): Promise<RecordTraces>;
    memory(record: RecordAddress): Promise<RecordMemory>;
  };
  /** Comparisons of a table's two sides, one at a time for each table. */
  verifications: {
    /** Refused while one is on. */
    request(
      table: MappingKey,
      body: VerificationBody,
      forecast: VerificationForecast,
      context: CommandContext,
    ): Promise<VerificationView>;
    /** Throws  NotFound (the table was never verified). */
    newest(table: MappingKey): Promise<VerificationView>;
    cancel(table: MappingKey, context: CommandContext): Promise<VerificationView>;
    /** Refused unless the newest one is done. */
    repair(table: MappingKey, context: CommandContext): Promise<VerificationView>;
  };
  replays: {
    /**
     * A full read of the table at the next start; asking twice is asking once. `records`: how many
     * the table holds.
     * Throws  GuardrailExceeded (the table or the backlog).
     */
    request(at: MappingKey, records: number, context: CommandContext): Promise<AskedFor>;
    /** Throws  NotFound (none waits), CommandRefused (it must be). */
    withdraw(at: MappingKey, context: CommandContext): Promise<void>;
    /**
     * Writes chosen records again by the active run; the same key again asks for nothing more.
     * Throws  CommandRefused (it is not running, or an earlier choice of this kind is under way).
     */
    choose(at: MappingKey, selection: ReplaySelection, context: CommandContext): Promise<AskedFor>;
  };
  heldDeletes: {
    /** Throws  NotFound (a table that is not mapped and of which nothing waits). */
    get(table: MappingKey): Promise<HeldDeletesView>;
    /** For those that wait now. Throws  CommandRefused (none waits). */
    decide(
      table: MappingKey,
      decision: { decision: 'approve' | 'discard'; note: string | null },
      context: CommandContext,
    ): Promise<HeldDeletesView>;
  };
  decisions: {
    /** Of Opt-In/Out on one contact, newest first. Throws  InvalidCursor. */
    list(
      instance: InstanceId,
      query: PageRequest & {
        contactId: string;
        attribute?: OptinDecision['attribute'] | undefined;
      },
    ): Promise<Page<OptinDecision>>;
  };
  budget: {
    get(instance: InstanceId): Promise<BudgetView>;
  };
  deadLetters: {
    list(key: WorkflowKey, query: PageRequest & DeadLetterFilter): Promise<Page<DeadLetterView>>;
    summary(key: WorkflowKey): Promise<DeadLetterSummary>;
    /** The record is read again at its source, now or after the next start. */
    retry(key: WorkflowKey, id: string, context: CommandContext): Promise<DeadLetterRetry>;
    retryAll(
      key: WorkflowKey,
      filter: DeadLetterFilter,
      context: CommandContext,
    ): Promise<DeadLetterRetry>;
    discard(key: WorkflowKey, id: string, note: string, context: CommandContext): Promise<void>;
  };
  close(): Promise<void>;
}
