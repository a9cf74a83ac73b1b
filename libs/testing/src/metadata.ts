import type {
  CampaignFieldMetadata,
  CampaignType,
  DynamicsColumnMetadata,
  DynamicsType,
} from '@landbridge/contracts';

/** A column of Dynamics 365 as its metadata tells it: its own name for a label, read and written. */
export const dynamicsColumn = (
  name: string,
  type: DynamicsType = 'string',
  over: Partial<DynamicsColumnMetadata> = {},
): DynamicsColumnMetadata => ({
  name,
  label: name,
  type,
  lengthMax: type === 'string' ? 100 : null,
  numberMin: null,
  numberMax: null,
  precision: null,
  required: false,
  readable: true,
  creatable: true,
  updatable: true,
  options: [],
  targets: [],
  ...over,
});

/** An attribute of Campaign as its metadata tells it: its own name for a label, and written. */
export const campaignField = (
  name: string,
  type: CampaignType = 'string',
  over: Partial<CampaignFieldMetadata> = {},
): CampaignFieldMetadata => ({
  name,
  label: name,
  type,
  lengthMax: type === 'string' ? 100 : null,
  mandatory: false,
  readOnly: false,
  values: [],
  target: null,
  ...over,
});
