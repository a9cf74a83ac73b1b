import { z } from 'zod';
import { TableName } from './ids.schema.ts';

/** A column of Dynamics 365 by its logical name; `_parentcustomerid_value` is not one. */
const DynamicsColumn = z.string().min(1).max(128);

/** A Campaign attribute by its API name; a dot enters a sub-object, as in `location.city`. */
const CampaignField = z.string().min(1).max(128);

/** What a filter may compare with: the technical value, or a list of them for `in` and `notIn`. */
const Operand = z.union([z.string(), z.number(), z.boolean()]);

export const Comparison = z.enum([
  'eq',
  'ne',
  'gt',
  'ge',
  'lt',
  'le',
  'contains',
  'notContains',
  'beginsWith',
  'notBeginsWith',
  'endsWith',
  'notEndsWith',
  'in',
  'notIn',
  'empty',
  'notEmpty',
]);
export type Comparison = z.infer<typeof Comparison>;

/** One comparison. `empty` and `notEmpty` take no value, `in` and `notIn` a list, the rest one. */
export const FilterCondition = z
  .strictObject({
    dynamics: DynamicsColumn,
    is: Comparison,
    value: z.union([Operand, z.array(Operand).min(1).max(1_000)]).optional(),
  })
  .superRefine((condition, context) => {
    const wants =
      condition.is === 'empty' || condition.is === 'notEmpty'
        ? 'no value'
        : condition.is === 'in' || condition.is === 'notIn'
          ? 'a list'
          : 'one value';
    const got =
      condition.value === undefined
        ? 'no value'
        : Array.isArray(condition.value)
          ? 'a list'
          : 'one value';
    if (wants !== got) {
      context.addIssue({
        code: 'custom',
        path: ['value'],
        message: `"${condition.is}" takes ${wants}, not ${got}`,
      });
    }
  });
export type FilterCondition = z.infer<typeof FilterCondition>;

/** Conditions joined by And (`all`) or Or (`any`), nested as deep as people write them. */
export type Filter = FilterCondition | { all: Filter[] } | { any: Filter[] };
export const Filter: z.ZodType<Filter> = z
  .lazy(() =>
    z.union([
      z.strictObject({ all: z.array(Filter).min(1).max(100) }),
      z.strictObject({ any: z.array(Filter).min(1).max(100) }),
      FilterCondition,
    ]),
  )
  .meta({ id: 'Filter' });

export const FieldMapping = z.strictObject({
  dynamics: DynamicsColumn,
  campaign: CampaignField,
  /** On: the value follows every change. Off: it is written when the record is inserted or loaded. */
  applyUpdates: z.boolean().default(true),
});
export type FieldMapping = z.infer<typeof FieldMapping>;

export const LinkMapping = z.strictObject({
  dynamics: DynamicsColumn,
  campaign: CampaignField,
  to: TableName,
  by: z.enum(['column', 'key']),
});
export type LinkMapping = z.infer<typeof LinkMapping>;

/** `from` is the technical value in Dynamics; `to` is what Campaign gets, converted afterwards. */
export const FieldReplacement = z.strictObject({
  dynamics: DynamicsColumn,
  from: z.union([z.string(), z.number(), z.boolean(), z.null()]),
  to: z.union([z.string(), z.number(), z.boolean(), z.null()]),
});
export type FieldReplacement = z.infer<typeof FieldReplacement>;

/** One Dynamics table to one Campaign resource. */
export const TableMapping = z
  .strictObject({
    dynamicsTable: TableName,
    campaignResource: z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9]{0,63}$/, 'must be a resource’s API name'),
    key: z.strictObject({ dynamics: DynamicsColumn, campaign: CampaignField }),
    fields: z.array(FieldMapping).max(1_000),
    links: z.array(LinkMapping).max(50).default([]),
    replacements: z.array(FieldReplacement).max(1_000).default([]),
    filter: Filter.nullable().default(null),
    deleteFilteredOut: z.boolean().default(false),
    applyDeletes: z.boolean().default(true),
    technicalValues: z.boolean().default(false),
    /**
     * Records of Campaign with the key of one of ours that Landbridge did not write: true takes them
     * over, as from an earlier integration; absent or false leaves them as they are.
     */
    adoptExisting: z.boolean().optional(),
  })
  .meta({ id: 'TableMapping' });
export type TableMapping = z.infer<typeof TableMapping>;

/** Microsoft Dynamics 365 to Campaign. */
export const IngressConfiguration = z
  .strictObject({ mappings: z.array(TableMapping).max(1_001) })
  .meta({ id: 'IngressConfiguration' });
export type IngressConfiguration = z.infer<typeof IngressConfiguration>;

/** What a new instance begins with: contact → profile with the columns that every contact has. */
export const INITIAL_INGRESS_CONFIGURATION: IngressConfiguration = IngressConfiguration.parse({
  mappings: [
    {
      dynamicsTable: 'contact',
      campaignResource: 'profile',
      key: { dynamics: 'contactid', campaign: 'externalId' },
      fields: [
        { dynamics: 'firstname', campaign: 'firstName' },
        { dynamics: 'middlename', campaign: 'middleName' },
        { dynamics: 'lastname', campaign: 'lastName' },
        { dynamics: 'emailaddress1', campaign: 'email' },
        { dynamics: 'birthdate', campaign: 'birthDate' },
        { dynamics: 'gendercode', campaign: 'gender' },
        { dynamics: 'mobilephone', campaign: 'mobilePhone' },
        { dynamics: 'telephone1', campaign: 'phone' },
        { dynamics: 'address1_line1', campaign: 'location.address1' },
        { dynamics: 'address1_city', campaign: 'location.city' },
        { dynamics: 'address1_postalcode', campaign: 'location.zipCode' },
      ],
      replacements: [
        { dynamics: 'gendercode', from: 1, to: 'male' },
        { dynamics: 'gendercode', from: 2, to: 'female' },
      ],
    },
  ],
});
