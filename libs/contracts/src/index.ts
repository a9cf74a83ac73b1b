/** What crosses a process boundary: configurations, messages on NATS, HTTP bodies. */
export {
  Comparison,
  FilterCondition,
  Filter,
  FieldMapping,
  LinkMapping,
  FieldReplacement,
  TableMapping,
  IngressConfiguration,
  INITIAL_INGRESS_CONFIGURATION,
} from './configuration.schema.ts';
export {
  ConnectionName,
  DynamicsConnection,
  CampaignConnection,
  SftpConnection,
  SECRET_FIELDS,
  Connections,
} from './connections.schema.ts';
export {
  ActivityTable,
  EgressConfiguration,
  INITIAL_EGRESS_CONFIGURATION,
} from './egress-configuration.schema.ts';
export { EventCondition, EventKind, EventShape } from './event-shape.schema.ts';
export {
  INITIAL_OPTIN_CONFIGURATION,
  OptinConfiguration,
  OptinDirection,
  OptinMapping,
} from './optin-configuration.schema.ts';
export { OptinDecision } from './optin-decision.schema.ts';
export { OPTOUT_NAMES, OptoutName } from './optout-attributes.schema.ts';
export { FileAfterwards } from './campaign-files.schema.ts';
export { DeadLetterRetry, DeadLetterSummary, DeadLetterView } from './dead-letters.schema.ts';
export {
  IngressRun,
  EgressRun,
  OptinRun,
  DesiredRun,
  type RunOf,
  DesiredStop,
  DesiredState,
} from './desired-state.schema.ts';
export {
  WorkflowStatus,
  ActionView,
  Condition,
  TableView,
  WorkflowFigures,
  WorkflowView,
  InstanceBody,
  InstanceView,
  Problem,
  ConfigurationChange,
  PendingEdit,
  RunView,
  HistoryEntry,
  ThroughputEntry,
  ConnectionCheck,
  ConnectionTest,
  pageOf,
} from './http.schema.ts';
export {
  InstanceId,
  WorkflowName,
  RunId,
  Revision,
  TableName,
  ReplicaId,
  Timestamp,
  WORKFLOW_TITLES,
} from './ids.schema.ts';
export {
  DynamicsType,
  CampaignType,
  DynamicsOption,
  DynamicsColumnMetadata,
  DynamicsTableSummary,
  DynamicsTableMetadata,
  CampaignFieldMetadata,
  CampaignResourceSummary,
  CampaignResourceMetadata,
} from './metadata.schema.ts';
export {
  ComparedField,
  FilterVerdictView,
  Preview,
  PreviewBody,
  PreviewedRecord,
  PreviewOutcome,
  SourceValueView,
} from './preview.schema.ts';
export {
  QueueEvidence,
  RecordEvidence,
  RecordExplanation,
  RecordVerdict,
} from './explain.schema.ts';
export {
  Difference,
  DifferenceKind,
  NO_VERIFICATION_FIGURES,
  VERIFICATION_PAGE_ROWS,
  VERIFICATION_PASS_RECORDS,
  VERIFICATION_SAMPLES_MAX,
  VerificationBody,
  VerificationFigures,
  VerificationForecast,
  VerificationPhase,
  VerificationProgress,
  VerificationView,
} from './verification.schema.ts';
export {
  BudgetForecast,
  Forecast,
  RecordsAre,
  ReplayAnswer,
  ReplayOffer,
  ReplaySelection,
  ReplayView,
} from './replay.schema.ts';
export { InstanceSettings, DEFAULT_INSTANCE_SETTINGS } from './settings.schema.ts';
export { BudgetView } from './budget.schema.ts';
export { HeldDeletesBody, HeldDeletesView } from './held-deletes.schema.ts';
export { QueuedRecord } from './queue.schema.ts';
export {
  RunFailure,
  ConditionType,
  TableFigures,
  ReadProgress,
  Report,
  type ReportOf,
  Heartbeat,
} from './reports.schema.ts';
