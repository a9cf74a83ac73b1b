import type { components } from './generated/schema.ts';

type Schemas = components['schemas'];

export type Action = Schemas['Action'];
export type CampaignFieldMetadata = Schemas['CampaignFieldMetadata'];
export type CampaignResourceMetadata = Schemas['CampaignResourceMetadata'];
export type Condition = Schemas['Condition'];
export type ConfigurationChange = Schemas['ConfigurationChange'];
export type DynamicsColumnMetadata = Schemas['DynamicsColumnMetadata'];
export type DynamicsTableMetadata = Schemas['DynamicsTableMetadata'];
export type EgressConfiguration = Schemas['EgressConfiguration'];
export type ActivityTable = EgressConfiguration['activities']['send'];
export type EventKind = keyof EgressConfiguration['events'];
export type FileOptions = Pick<
  EgressConfiguration['files'],
  'folder' | 'afterwards' | 'archiveFolder' | 'lookEverySeconds'
>;
export type IngressConfiguration = Schemas['IngressConfiguration'];
export type InstanceView = Schemas['Instance'];
export type OptinConfiguration = Schemas['OptinConfiguration'];
export type Optout = OptinConfiguration['mappings'][number]['campaign'];
export type OptinDecision = Schemas['OptinDecision'];
export type PendingEdit = Schemas['PendingEdit'];
export type Problem = Schemas['Problem'];
export type RunFailure = Schemas['RunFailure'];
export type SessionView = Schemas['Session'];
export type TableMapping = IngressConfiguration['mappings'][number];
export type FieldMapping = TableMapping['fields'][number];
export type WorkflowView = Schemas['Workflow'];
export type WorkflowName = WorkflowView['workflow'];
export type WorkflowStatus = WorkflowView['status'];

/** What the server says of one field of what it was sent, by JSON pointer. */
export interface FieldFault {
  pointer: string;
  message: string;
}
