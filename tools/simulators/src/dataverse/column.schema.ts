import { z } from 'zod';

export const ColumnType = z.enum([
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
  'customer',
  'owner',
  'uniqueidentifier',
  'image',
]);
export type ColumnType = z.infer<typeof ColumnType>;

const Option = z.strictObject({
  value: z.int(),
  label: z.string(),
  /** The state a status belongs to. */
  state: z.int().optional(),
});
export type Option = z.infer<typeof Option>;

/** One column as an administrator defines it; what is left out has Dataverse's own default. */
export const Column = z.strictObject({
  name: z.string().regex(/^[a-z_][a-z0-9_]*$/),
  schemaName: z.string().optional(),
  label: z.string().optional(),
  type: ColumnType,
  lengthMax: z.int().min(1).optional(),
  numberMin: z.number().optional(),
  numberMax: z.number().optional(),
  precision: z.int().optional(),
  format: z.string().optional(),
  options: z.array(Option).optional(),
  globalOptions: z.string().optional(),
  targets: z.array(z.string()).optional(),
  /** The name of the column's navigation property by target, where it is not the column's own. */
  navigation: z.record(z.string(), z.string()).optional(),
  required: z.enum(['None', 'ApplicationRequired', 'SystemRequired', 'Recommended']).optional(),
  create: z.boolean().optional(),
  update: z.boolean().optional(),
  read: z.boolean().optional(),
  default: z.union([z.string(), z.number(), z.boolean()]).optional(),
});
export type Column = z.infer<typeof Column>;
