/** Stand-ins for Dataverse (with Entra) and Campaign (with IMS, journal, SFTP), with faults to order. */
export {
  startDataverse,
  type DataverseOptions,
  type DataverseSimulator,
  type DynamicsConnectionBody,
} from './dataverse/dataverse.ts';
export {
  type CellValue,
  type DataverseControl,
  type DataverseRow,
  type Privilege,
  type TimelineEntry,
} from './dataverse/dataverse-control.ts';
export { DataverseSwitches } from './dataverse/dataverse-switches.schema.ts';
export { series } from './control/scatter.ts';
export { ServiceLimits } from './dataverse/limits.schema.ts';
export { Column, type ColumnType } from './dataverse/column.schema.ts';
export { CustomTable, type CustomTableInput } from './dataverse/custom-table.ts';
export {
  startCampaign,
  type CampaignConnectionBody,
  type CampaignOptions,
  type CampaignSimulator,
} from './campaign/campaign.ts';
export {
  type CampaignControl,
  type CampaignRecord,
  type CampaignValue,
} from './campaign/campaign-control.ts';
export { type SftpConnectionBody } from './files/start-delivery.ts';
export { type FilesControl } from './files/files-control.ts';
export { type DroppedFile } from './files/file-drop.ts';
export { type MailControl } from './mail/mail-control.ts';
export {
  MailKind,
  type LedgerCounts,
  type LedgerQueryInput,
  type MailEvent,
  type MailEventInput,
  type MailingInput,
} from './mail/mail-event.ts';
export { OPT_OUTS, type OptOut } from './mail/opt-outs.ts';
export { CampaignSwitches } from './campaign/campaign-switches.schema.ts';
export {
  type Attribute,
  type AttributeType,
  type CustomFilter,
  type CustomFilterInput,
  type Resource,
  type ResourceInput,
} from './campaign/attribute.schema.ts';
export { Fault, FaultRule, type FaultRuleInput, type Latency } from './control/fault.schema.ts';
export { type CallCounts, type CallQueryInput, type CallRecord } from './control/call.schema.ts';
export { steer, type Remote } from './control/remote.ts';
export { startSimulators, type Simulators } from './start-simulators.ts';
export { readConfig, type SimulatorsConfig } from './config.ts';
export { letPeopleWork } from './people/people-at-work.ts';
