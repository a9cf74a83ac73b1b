import type {
  DynamicsColumnMetadata,
  DynamicsOption,
  DynamicsTableSummary,
  DynamicsType,
} from '@landbridge/contracts';
import { z } from 'zod';

const Label = z
  .object({
    LocalizedLabels: z.array(z.object({ Label: z.string() })).nullish(),
    UserLocalizedLabel: z.object({ Label: z.string() }).nullish(),
  })
  .nullish();
type Label = z.infer<typeof Label>;

export const TABLE_PROPERTIES = [
  'LogicalName',
  'EntitySetName',
  'PrimaryIdAttribute',
  'PrimaryNameAttribute',
  'ChangeTrackingEnabled',
  'IsCustomEntity',
  'DisplayName',
] as const;

export const RawTable = z.object({
  LogicalName: z.string(),
  EntitySetName: z.string().nullish(),
  PrimaryIdAttribute: z.string().nullish(),
  PrimaryNameAttribute: z.string().nullish(),
  ChangeTrackingEnabled: z.boolean().nullish(),
  IsCustomEntity: z.boolean().nullish(),
  DisplayName: Label,
});
export type RawTable = z.infer<typeof RawTable>;
export const RawTables = z.object({ value: z.array(RawTable) });
/** One table: an object, which Microsoft's printed sample shows wrapped in `value`. */
export const RawOneTable = z.union([
  RawTable,
  z.object({ value: RawTable }).transform(({ value }) => value),
  z.object({ value: z.tuple([RawTable]) }).transform(({ value: [table] }) => table),
]);

export const COLUMN_PROPERTIES = [
  'LogicalName',
  'AttributeType',
  'AttributeTypeName',
  'AttributeOf',
  'IsValidForRead',
  'IsValidForCreate',
  'IsValidForUpdate',
  'RequiredLevel',
  'DisplayName',
] as const;

const RawColumn = z.object({
  LogicalName: z.string(),
  AttributeType: z.string().nullish(),
  AttributeTypeName: z.object({ Value: z.string() }).nullish(),
  AttributeOf: z.string().nullish(),
  IsValidForRead: z.boolean().nullish(),
  IsValidForCreate: z.boolean().nullish(),
  IsValidForUpdate: z.boolean().nullish(),
  RequiredLevel: z.object({ Value: z.string() }).nullish(),
  DisplayName: Label,
});
export type RawColumn = z.infer<typeof RawColumn>;
export const RawColumns = z.object({ value: z.array(RawColumn) });

const RawOption = z.object({ Value: z.int(), Label });
const RawOptionSet = z
  .object({
    Options: z.array(RawOption).nullish(),
    TrueOption: RawOption.nullish(),
    FalseOption: RawOption.nullish(),
  })
  .nullish();

/** Text where a double cannot hold the bound exactly, which does not matter for a bound. */
const Bound = z.union([z.number(), z.string().transform(Number)]).nullish();

/** What only the cast to a column's own type tells. */
const RawDetail = z.object({
  LogicalName: z.string(),
  MaxLength: z.number().nullish(),
  MinValue: Bound,
  MaxValue: Bound,
  Precision: z.number().nullish(),
  Format: z.string().nullish(),
  DateTimeBehavior: z.object({ Value: z.string() }).nullish(),
  Targets: z.array(z.string()).nullish(),
  OptionSet: RawOptionSet,
  GlobalOptionSet: RawOptionSet,
});
export type RawDetail = z.infer<typeof RawDetail>;
export const RawDetails = z.object({ value: z.array(RawDetail) });

/**
 * Types by AttributeTypeName (without its `Type`), since AttributeType calls multi-select, image
 * and file all `Virtual`.
 */
const TYPES: Readonly<Record<string, DynamicsType>> = {
  String: 'string',
  Memo: 'memo',
  Integer: 'integer',
  BigInt: 'bigint',
  Decimal: 'decimal',
  Double: 'double',
  Money: 'money',
  Boolean: 'boolean',
  Picklist: 'picklist',
  MultiSelectPicklist: 'multiSelectPicklist',
  State: 'state',
  Status: 'status',
  DateTime: 'dateTime',
  Lookup: 'lookup',
  Customer: 'lookup',
  Owner: 'lookup',
  Uniqueidentifier: 'uniqueidentifier',
};

const OPTIONS = '$select=LogicalName&$expand=OptionSet,GlobalOptionSet';
const NUMBER = '$select=LogicalName,MinValue,MaxValue';
const FRACTION = `${NUMBER},Precision`;
const LENGTH = '$select=LogicalName,MaxLength';

/** By type: the cast that tells the rest, and what to ask it for. */
const CASTS: Readonly<Partial<Record<DynamicsType, { cast: string; query: string }>>> = {
  string: { cast: 'String', query: LENGTH },
  memo: { cast: 'Memo', query: LENGTH },
  integer: { cast: 'Integer', query: NUMBER },
  decimal: { cast: 'Decimal', query: FRACTION },
  double: { cast: 'Double', query: FRACTION },
  money: { cast: 'Money', query: FRACTION },
  dateTime: { cast: 'DateTime', query: '$select=LogicalName,Format,DateTimeBehavior' },
  lookup: { cast: 'Lookup', query: '$select=LogicalName,Targets' },
  picklist: { cast: 'Picklist', query: OPTIONS },
  multiSelectPicklist: { cast: 'MultiSelectPicklist', query: OPTIONS },
  state: { cast: 'State', query: OPTIONS },
  status: { cast: 'Status', query: OPTIONS },
  boolean: { cast: 'Boolean', query: OPTIONS },
};

/** The columns that are columns: what only mirrors another one, such as its label, is left out. */
export function ownColumns(columns: readonly RawColumn[]): RawColumn[] {
  return columns.filter(({ AttributeOf }) => AttributeOf === null || AttributeOf === undefined);
}

/** The casts to ask for, one request each: those of the types that the table really has. */
export function castsOf(columns: readonly RawColumn[]): { cast: string; query: string }[] {
  const types = new Set(columns.map(baseTypeOf));
  return Object.entries(CASTS).flatMap(([type, cast]) =>
    [...types].some((present) => present === type) ? [cast] : [],
  );
}

/** Null for tables that the Web API does not serve. */
export function summaryOf(raw: RawTable): DynamicsTableSummary | null {
  const { EntitySetName: entitySet, PrimaryIdAttribute: primaryId } = raw;
  if (!entitySet || !primaryId) return null;
  return {
    table: raw.LogicalName,
    label: textOf(raw.DisplayName) ?? raw.LogicalName,
    entitySet,
    primaryId,
    changeTracking: raw.ChangeTrackingEnabled === true,
    custom: raw.IsCustomEntity === true,
  };
}

export function columnOf(raw: RawColumn, detail: RawDetail | undefined): DynamicsColumnMetadata {
  const type = typeOf(raw, detail);
  return {
    name: raw.LogicalName,
    label: textOf(raw.DisplayName) ?? raw.LogicalName,
    type,
    lengthMax: detail?.MaxLength ?? null,
    numberMin: detail?.MinValue ?? null,
    numberMax: detail?.MaxValue ?? null,
    precision: detail?.Precision ?? null,
    required: ['ApplicationRequired', 'SystemRequired'].includes(raw.RequiredLevel?.Value ?? ''),
    readable: raw.IsValidForRead !== false,
    creatable: raw.IsValidForCreate !== false,
    updatable: raw.IsValidForUpdate !== false,
    options: optionsOf(detail),
    targets: detail?.Targets ?? [],
  };
}

function baseTypeOf(raw: RawColumn): DynamicsType {
  const name = raw.AttributeTypeName?.Value.replace(/Type$/, '') ?? raw.AttributeType ?? '';
  return Object.hasOwn(TYPES, name) ? (TYPES[name] ?? 'other') : 'other';
}

function typeOf(raw: RawColumn, detail: RawDetail | undefined): DynamicsType {
  const type = baseTypeOf(raw);
  if (type !== 'dateTime') return type;
  const behavior = detail?.DateTimeBehavior?.Value;
  if (behavior === 'TimeZoneIndependent') return 'dateTimeIndependent';
  // The format alone says how a form shows it; only the behavior takes the time away.
  return behavior === 'DateOnly' || (behavior === undefined && detail?.Format === 'DateOnly')
    ? 'dateOnly'
    : 'dateTime';
}

/** A column's own option set, else the global choice it refers to. */
function optionsOf(detail: RawDetail | undefined): DynamicsOption[] {
  for (const set of [detail?.OptionSet, detail?.GlobalOptionSet]) {
    const options = [...(set?.Options ?? []), set?.TrueOption, set?.FalseOption].flatMap(
      (option) => option ?? [],
    );
    if (options.length > 0) {
      return options.map(({ Value: value, Label: label }) => ({
        value,
        label: textOf(label) ?? String(value),
      }));
    }
  }
  return [];
}

/** In the calling user's language where there is one, else in any. */
function textOf(label: Label): string | null {
  return label?.UserLocalizedLabel?.Label ?? label?.LocalizedLabels?.[0]?.Label ?? null;
}
