import { z } from 'zod';

export const AttributeType = z.enum([
  'string',
  'memo',
  'byte',
  'short',
  'long',
  'int64',
  'float',
  'double',
  'boolean',
  'date',
  'datetime',
  'enumeration',
  'link',
  'collection',
]);
export type AttributeType = z.infer<typeof AttributeType>;

/**
 * The link that an attribute's value makes, as a "specific join condition" does. `one` is an inner
 * join: Campaign does not show a record whose link leads nowhere.
 */
export const Join = z.strictObject({
  resource: z.string(),
  attribute: z.string(),
  cardinality: z.enum(['one', 'zeroOrOne']),
});
export type Join = z.infer<typeof Join>;

/** One attribute of a resource; a dot in the name enters a sub-object, as in `location.city`. */
export const Attribute = z.strictObject({
  name: z.string().regex(/^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)?$/),
  label: z.string().optional(),
  type: AttributeType,
  lengthMax: z.int().min(1).optional(),
  values: z
    .array(z.strictObject({ name: z.string(), label: z.string(), value: z.int() }))
    .optional(),
  target: z.string().optional(),
  join: Join.optional(),
  readOnly: z.boolean().optional(),
  mandatory: z.boolean().optional(),
  sortable: z.boolean().optional(),
});
export type Attribute = z.infer<typeof Attribute>;

/**
 * `parameters`: the attribute, or attributes of which one suffices, that each of the filter's
 * parameters is compared with; `@id` is the record's internal number. `atLeast` compares moments and
 * lets through what is as late or later.
 */
export const CustomFilter = z.strictObject({
  name: z.string().regex(/^by[A-Za-z0-9_]+$/),
  parameters: z.record(z.string(), z.union([z.string(), z.array(z.string()).min(1)])),
  comparison: z.enum(['equal', 'atLeast']).default('equal'),
});
export type CustomFilter = z.infer<typeof CustomFilter>;
export type CustomFilterInput = z.input<typeof CustomFilter>;

/**
 * A resource as the customer publishes it. `keys` are its identification keys, each of one or more
 * attributes; `linkedToProfile` decides the endpoint: profileAndServicesExt or customResources.
 */
export const Resource = z.strictObject({
  name: z.string().regex(/^[A-Za-z][A-Za-z0-9]*$/),
  label: z.string(),
  linkedToProfile: z.boolean(),
  attributes: z.array(Attribute),
  keys: z.array(z.array(z.string()).min(1)),
  filters: z.array(CustomFilter).default([]),
});
export type Resource = z.infer<typeof Resource>;
export type ResourceInput = z.input<typeof Resource>;
