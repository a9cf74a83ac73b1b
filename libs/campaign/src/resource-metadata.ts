import type {
  CampaignFieldMetadata,
  CampaignResourceMetadata,
  CampaignResourceSummary,
  CampaignType,
} from '@landbridge/contracts';
import { z } from 'zod';
import { enumerationValuesOf } from './enumeration-values.ts';

const Text = z.string().nullish().catch(null);
/** Campaign writes numbers and booleans of its metadata as text here and there. */
const Flag = z
  .union([z.boolean(), z.string().transform((text) => text === 'true')])
  .nullish()
  .catch(null);

const RawField = z.object({
  apiName: Text,
  name: Text,
  label: Text,
  type: Text,
  resType: Text,
  resTarget: Text,
  length: z.union([z.string(), z.number()]).nullish().catch(null),
  mandatory: Flag,
  readOnly: Flag,
  unbound: Flag,
  values: z.unknown().optional(),
  content: z.record(z.string(), z.unknown()).nullish().catch(null),
});
type RawField = z.infer<typeof RawField>;

export const RawResource = z.object({
  label: Text,
  help: Text,
  schema: Text,
  content: z.record(z.string(), z.unknown()),
  filters: z.unknown().optional(),
});
export type RawResource = z.infer<typeof RawResource>;

/** A family's list of resources, keyed by name; what is no resource is passed over. */
export const RawResources = z.record(z.string(), z.unknown());

/** Filters, keyed by name, in an answer of their own or in a node of the resource's. */
export const RawFilters = z.record(z.string(), z.unknown());

const RawFilter = z.object({ data: z.string() });
const RawListed = z.object({
  name: Text,
  apiName: Text,
  label: Text,
  help: Text,
  type: z.string(),
});

/** Sub-objects of a profile whose metadata may not be written out. */
const LOCATION_FIELDS = [
  'address1',
  'address2',
  'address3',
  'address4',
  'city',
  'countryCode',
  'stateCode',
  'zipCode',
];
const PROFILE_SCHEMA = 'nms:recipient';
const DEPTH_MAX = 4;

export function summariesOf(
  raw: z.infer<typeof RawResources>,
  endpoint: CampaignResourceSummary['endpoint'],
): CampaignResourceSummary[] {
  return Object.entries(raw).flatMap(([key, node]) => {
    const listed = RawListed.safeParse(node);
    if (!listed.success || listed.data.type !== 'collection') return [];
    const { name, apiName, label, help } = listed.data;
    const resource = apiName ?? name ?? key;
    return [{ resource, label: firstText(label, help) ?? resource, endpoint }];
  });
}

/** Fields in the order of their names; sub-objects' attributes dotted, without the sub-object. */
export function fieldsOf(raw: RawResource): CampaignFieldMetadata[] {
  const fields = fieldsIn(raw.content, '', 1);
  const hasLocation = fields.some(({ name }) => name.startsWith('location.'));
  if (raw.schema === PROFILE_SCHEMA && 'location' in raw.content && !hasLocation) {
    fields.push(...LOCATION_FIELDS.map(locationField));
  }
  return fields.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Names and parameters from each filter's `data`, as in `…/profile/byText?text=$value`. */
export function filtersOf(raw: z.infer<typeof RawFilters>): CampaignResourceMetadata['filters'] {
  return Object.values(raw).flatMap((node) => {
    const filter = RawFilter.safeParse(node);
    if (!filter.success) return [];
    const [path = '', query = ''] = filter.data.data.split('?');
    const name = path.replace(/\/+$/, '').split('/').at(-1) ?? '';
    return name === '' ? [] : [{ name, parameters: [...new URLSearchParams(query).keys()] }];
  });
}

function fieldsIn(
  content: Readonly<Record<string, unknown>>,
  prefix: string,
  depth: number,
): CampaignFieldMetadata[] {
  return Object.entries(content).flatMap(([key, node]) => {
    const parsed = RawField.safeParse(node);
    if (!parsed.success) return [];
    const raw = parsed.data;
    const name = `${prefix}${raw.apiName ?? raw.name ?? key}`;
    if (raw.type !== 'item') return [fieldOf(raw, name)];
    return raw.content && depth < DEPTH_MAX ? fieldsIn(raw.content, `${name}.`, depth + 1) : [];
  });
}

function fieldOf(raw: RawField, name: string): CampaignFieldMetadata {
  const type = typeOf(raw);
  return {
    name,
    label: firstText(raw.label) ?? name,
    type,
    lengthMax: lengthOf(raw.length),
    mandatory: raw.mandatory === true,
    readOnly: raw.readOnly === true,
    values: type === 'enumeration' ? enumerationValuesOf(raw.values) : [],
    target: type === 'link' || type === 'collection' ? firstText(raw.resTarget) : null,
  };
}

function locationField(part: string): CampaignFieldMetadata {
  const name = `location.${part}`;
  return {
    name,
    label: name,
    type: 'string',
    lengthMax: null,
    mandatory: false,
    readOnly: false,
    values: [],
    target: null,
  };
}

/** Technical types; `long` has 32 bits in Campaign, `int64` is held to the same. */
const TYPES: Readonly<Record<string, CampaignType>> = {
  string: 'string',
  uuid: 'string',
  memo: 'memo',
  html: 'memo',
  CDATA: 'memo',
  byte: 'byte',
  short: 'short',
  integer: 'integer',
  long: 'long',
  int64: 'long',
  float: 'float',
  double: 'double',
  number: 'double',
  boolean: 'boolean',
  date: 'date',
  datetime: 'datetime',
  datetimetz: 'datetime',
  datetimenotz: 'datetime',
};

/** The high-level type where it says more than the technical one, else the technical one. */
function typeOf({ type, resType, values, unbound }: RawField): CampaignType {
  if (type === 'collection') return 'collection';
  if (type === 'link' || resType === 'link') return unbound === true ? 'collection' : 'link';
  if (type === 'enumeration' || enumerationValuesOf(values).length > 0) return 'enumeration';
  if (type === 'boolean') return 'boolean';
  for (const name of [resType, type]) {
    const known = Object.hasOwn(TYPES, name ?? '') ? TYPES[name ?? ''] : undefined;
    if (known !== undefined) return known;
  }
  return 'other';
}

/** Characters; metadata writes them as text, and 0 for no limit. */
function lengthOf(length: RawField['length']): number | null {
  const characters = Number(length ?? 0);
  return Number.isInteger(characters) && characters > 0 ? characters : null;
}

function firstText(...texts: (string | null | undefined)[]): string | null {
  return texts.find((text) => text !== null && text !== undefined && text !== '') ?? null;
}
