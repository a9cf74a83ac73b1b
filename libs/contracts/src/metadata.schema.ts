import { z } from 'zod';

/** Column types of Dataverse that Landbridge tells apart; `other` cannot be mapped. */
export const DynamicsType = z.enum([
  'string',
  'memo',
  'integer',
  'bigint',
  'decimal',
  'double',
  'money',
  'boolean',
  'picklist',
  'multiSelectPicklist',
  'state',
  'status',
  'dateOnly',
  'dateTime',
  'dateTimeIndependent',
  'lookup',
  'uniqueidentifier',
  'other',
]);
export type DynamicsType = z.infer<typeof DynamicsType>;

/** Attribute types of Campaign that Landbridge tells apart; `other` cannot be mapped. */
export const CampaignType = z.enum([
  'string',
  'memo',
  'byte',
  'short',
  'integer',
  'long',
  'float',
  'double',
  'boolean',
  'date',
  'datetime',
  'enumeration',
  'link',
  'collection',
  'other',
]);
export type CampaignType = z.infer<typeof CampaignType>;

/** A choice of a picklist: the technical value and the label in the calling user's language. */
export const DynamicsOption = z.object({ value: z.int(), label: z.string() });
export type DynamicsOption = z.infer<typeof DynamicsOption>;

export const DynamicsColumnMetadata = z
  .object({
    name: z.string(),
    label: z.string(),
    type: DynamicsType,
    /** Characters; null where the type has no length. */
    lengthMax: z.int().nullable(),
    numberMin: z.number().nullable(),
    numberMax: z.number().nullable(),
    /** Digits behind the decimal point for decimal, double and money; else null. */
    precision: z.int().nullable(),
    required: z.boolean(),
    readable: z.boolean(),
    /** Whether a new row may bring a value; Dynamics passes over one that it does not take. */
    creatable: z.boolean(),
    /** Whether a row’s value may be changed; calculated columns never are. */
    updatable: z.boolean(),
    /** Empty unless the type is a picklist, a multi-select picklist, state, status or boolean. */
    options: z.array(DynamicsOption),
    /** Tables a lookup may refer to; empty for other types. */
    targets: z.array(z.string()),
  })
  .meta({ id: 'DynamicsColumnMetadata' });
export type DynamicsColumnMetadata = z.infer<typeof DynamicsColumnMetadata>;

export const DynamicsTableSummary = z
  .object({
    table: z.string(),
    label: z.string(),
    entitySet: z.string(),
    primaryId: z.string(),
    changeTracking: z.boolean(),
    custom: z.boolean(),
  })
  .meta({ id: 'DynamicsTableSummary' });
export type DynamicsTableSummary = z.infer<typeof DynamicsTableSummary>;

export const DynamicsTableMetadata = DynamicsTableSummary.extend({
  primaryName: z.string().nullable(),
  columns: z.array(DynamicsColumnMetadata),
}).meta({ id: 'DynamicsTableMetadata' });
export type DynamicsTableMetadata = z.infer<typeof DynamicsTableMetadata>;

export const CampaignFieldMetadata = z
  .object({
    /** The API name; sub-objects' attributes are dotted, as in `location.city`. */
    name: z.string(),
    label: z.string(),
    type: CampaignType,
    lengthMax: z.int().nullable(),
    mandatory: z.boolean(),
    readOnly: z.boolean(),
    /** Names of an enumeration: what a write sends. Empty for other types. */
    values: z.array(z.object({ name: z.string(), label: z.string() })),
    /** The resource that a link leads to; else null. */
    target: z.string().nullable(),
  })
  .meta({ id: 'CampaignFieldMetadata' });
export type CampaignFieldMetadata = z.infer<typeof CampaignFieldMetadata>;

/** `endpoint`: the API family that serves the resource, which the client must address. */
export const CampaignResourceSummary = z
  .object({
    resource: z.string(),
    label: z.string(),
    endpoint: z.enum(['profileAndServicesExt', 'customResources']),
  })
  .meta({ id: 'CampaignResourceSummary' });
export type CampaignResourceSummary = z.infer<typeof CampaignResourceSummary>;

/** `filters`: custom filters as `{ name: 'byExternalId', parameters: ['externalId_parameter'] }`. */
export const CampaignResourceMetadata = CampaignResourceSummary.extend({
  fields: z.array(CampaignFieldMetadata),
  filters: z.array(z.object({ name: z.string(), parameters: z.array(z.string()) })),
}).meta({ id: 'CampaignResourceMetadata' });
export type CampaignResourceMetadata = z.infer<typeof CampaignResourceMetadata>;
