import { z } from 'zod';

/** Names one pair of a Dynamics environment and a Campaign instance: `dev`, `stage`, `prod`. */
export const InstanceId = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,30}$/, 'must match [a-z][a-z0-9-]{0,30}')
  .brand<'InstanceId'>();
export type InstanceId = z.infer<typeof InstanceId>;

/** The three workflows, by the names that the API, the subjects and the streams use. */
export const WorkflowName = z.enum(['ingress', 'egress', 'optin']);
export type WorkflowName = z.infer<typeof WorkflowName>;

/** What is between a start and a stop; chosen by the control plane when it accepts the start. */
export const RunId = z.uuid().brand<'RunId'>();
export type RunId = z.infer<typeof RunId>;

/** Counts the saved configurations of one workflow from 1; 0 means that nothing was saved yet. */
export const Revision = z.int().nonnegative().brand<'Revision'>();
export type Revision = z.infer<typeof Revision>;

/** A Dynamics 365 table's logical name, such as `contact` or `new_vehicle`. */
export const TableName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,127}$/, 'must be a table’s logical name, such as contact');
export type TableName = z.infer<typeof TableName>;

/** One process of a data service; new with every start of the process. */
export const ReplicaId = z.string().min(1).max(64).brand<'ReplicaId'>();
export type ReplicaId = z.infer<typeof ReplicaId>;

/** RFC 3339 in UTC, such as `2026-11-24T16:14:00.000Z`. */
export const Timestamp = z.iso.datetime();
export type Timestamp = z.infer<typeof Timestamp>;

/** The names that people see, as the original application wrote them. */
export const WORKFLOW_TITLES: Readonly<Record<WorkflowName, string>> = {
  ingress: 'Microsoft Dynamics 365 to Campaign',
  egress: 'Campaign to Microsoft Dynamics 365',
  optin: 'Opt-In/Out',
};
