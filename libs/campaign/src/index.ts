/** Speaks Campaign Standard and IMS; knows no mapping, no NATS and no retry loop. */
export type {
  CallOptions,
  CampaignAddressing,
  CampaignBody,
  CampaignBodyValue,
  CampaignClient,
  CampaignClientOptions,
  CampaignPage,
  CampaignRecord,
  ClientLog,
  Gate,
  Reply,
  ResourceRef,
} from './client.ts';
export { createCampaignTokens, type CampaignTokens } from './campaign-tokens.ts';
export { createCampaignClient } from './create-client.ts';
export {
  createCampaignJournal,
  type CampaignJournal,
  type CampaignJournalOptions,
  type JournalEvent,
  type JournalPage,
  type JournalRead,
} from './journal/journal.ts';
export {
  CampaignRequestError,
  CampaignUnreachable,
  ForeignLinkRefused,
  isCampaignError,
  JournalPositionExpired,
  type CampaignError,
  type CampaignErrorKind,
} from './errors.ts';
export { fieldOf, nestedBody } from './record-body.ts';
export { type FoundRecord, type KeyedPlace, recordByKey } from './record-by-key.ts';
