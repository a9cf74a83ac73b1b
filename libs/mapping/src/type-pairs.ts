import type { CampaignType, DynamicsType } from '@landbridge/contracts';

/**
 * Whether values of a pair of types can be converted.
 * `exact`: always, unless a length or a range stands against it. `partly`: some values cannot be
 * converted and are rejected. `lossy`: something of the value is given up on purpose, such as the
 * time of day. `never`: the configuration is refused.
 */
export type Convertibility = 'exact' | 'partly' | 'lossy' | 'never';

/** The ways in which Dynamics' types behave alike when they are converted. */
export type SourceFamily =
  | 'text'
  | 'whole'
  | 'fraction'
  | 'boolean'
  | 'option'
  | 'options'
  | 'date'
  | 'instant'
  | 'wallClock'
  | 'id'
  | 'other';

type TargetFamily =
  'text' | 'whole' | 'float' | 'double' | 'boolean' | 'date' | 'datetime' | 'name';

const SOURCE_FAMILIES: Readonly<Record<DynamicsType, SourceFamily>> = {
  string: 'text',
  memo: 'text',
  integer: 'whole',
  bigint: 'whole',
  decimal: 'fraction',
  double: 'fraction',
  money: 'fraction',
  boolean: 'boolean',
  picklist: 'option',
  multiSelectPicklist: 'options',
  state: 'option',
  status: 'option',
  dateOnly: 'date',
  dateTime: 'instant',
  dateTimeIndependent: 'wallClock',
  lookup: 'id',
  uniqueidentifier: 'id',
  other: 'other',
};

const TARGET_FAMILIES: Readonly<Record<CampaignType, TargetFamily | null>> = {
  string: 'text',
  memo: 'text',
  byte: 'whole',
  short: 'whole',
  integer: 'whole',
  long: 'whole',
  float: 'float',
  double: 'double',
  boolean: 'boolean',
  date: 'date',
  datetime: 'datetime',
  enumeration: 'name',
  link: null,
  collection: null,
  other: null,
};

/** One row of the matrix in docs/conversions.md, which a test compares with this table. */
type Row = Readonly<Record<TargetFamily, Convertibility>>;

const NEVER: Row = {
  text: 'never',
  whole: 'never',
  float: 'never',
  double: 'never',
  boolean: 'never',
  date: 'never',
  datetime: 'never',
  name: 'never',
};

const MATRIX: Readonly<Record<SourceFamily, Row>> = {
  text: {
    text: 'exact',
    whole: 'partly',
    float: 'partly',
    double: 'partly',
    boolean: 'partly',
    date: 'partly',
    datetime: 'partly',
    name: 'partly',
  },
  whole: {
    ...NEVER,
    text: 'exact',
    whole: 'exact',
    float: 'partly',
    double: 'exact',
    boolean: 'partly',
    name: 'partly',
  },
  fraction: {
    ...NEVER,
    text: 'exact',
    whole: 'partly',
    float: 'lossy',
    double: 'exact',
    boolean: 'partly',
    name: 'partly',
  },
  boolean: {
    ...NEVER,
    text: 'exact',
    whole: 'exact',
    float: 'exact',
    double: 'exact',
    boolean: 'exact',
    name: 'partly',
  },
  option: {
    ...NEVER,
    text: 'exact',
    whole: 'exact',
    float: 'partly',
    double: 'exact',
    boolean: 'partly',
    name: 'partly',
  },
  options: { ...NEVER, text: 'exact', name: 'partly' },
  date: { ...NEVER, text: 'exact', date: 'exact', datetime: 'exact' },
  instant: { ...NEVER, text: 'exact', date: 'lossy', datetime: 'exact' },
  wallClock: { ...NEVER, text: 'exact', date: 'lossy', datetime: 'exact' },
  id: { ...NEVER, text: 'exact' },
  other: NEVER,
};

export function sourceFamily(type: DynamicsType): SourceFamily {
  return SOURCE_FAMILIES[type];
}

/** How values of the pair convert, before lengths and ranges are looked at. */
export function convertibility(from: DynamicsType, to: CampaignType): Convertibility {
  const target = TARGET_FAMILIES[to];
  return target === null ? 'never' : MATRIX[SOURCE_FAMILIES[from]][target];
}
