/** Speaks the Dataverse Web API; knows no mapping, no NATS and no retry loop. */
export type {
  CallOptions,
  ChangePage,
  ClientLog,
  DynamicsClient,
  DynamicsClientOptions,
  DynamicsRow,
  DynamicsValue,
  Gate,
  Reply,
  RowPage,
  Selection,
  TableShape,
  WhoAmI,
} from './client.ts';
export { createDynamicsClient } from './create-client.ts';
export { ACCESSES } from './rights.ts';
export type { Access, DynamicsRights, HeldRight, Reach } from './rights.ts';
export { deterministicId } from './deterministic-id.ts';
export type {
  BindName,
  BulkMethod,
  ChangedRow,
  CreatedRows,
  DynamicsWrites,
  NewRow,
  RowResult,
  TargetTable,
  WrittenColumns,
} from './writing/writes.ts';
export {
  ChangeTrackingOff,
  CursorExpired,
  DataverseRequestError,
  DeltaLinkMissing,
  DynamicsCredentialsRefused,
  DynamicsUnreachable,
  ForeignLinkRefused,
  isDynamicsError,
  type DataverseErrorKind,
  type DynamicsError,
} from './errors.ts';
