import type { CampaignFieldMetadata, DynamicsColumnMetadata } from '@landbridge/contracts';
import { clearedValue, type Clearing } from './clearing.ts';
import { toBoolean, toDateTime, toDay, toEnumeration, toNumber, toText } from './converters.ts';
import { readSource, literalSource, type SourceValue } from './source-value.ts';
import type { MappingRejection, RejectCode } from './reject-reason.ts';
import { convertibility } from './type-pairs.ts';

/** What is sent to Campaign for one attribute; null only where `clearing` is `null`. */
export type CampaignValue = string | number | boolean | null;

/**
 * `technicalValues`: picklists reach text as their numbers instead of their labels.
 * `clearing`: what a null sends; `empty` where left out.
 */
export type ConversionOptions = { technicalValues: boolean; clearing?: Clearing };

export type Converted =
  { ok: true; value: CampaignValue } | { ok: false; reason: MappingRejection };

/** What a converter answers: the value, or the code of why there is none. */
export type ConverterResult = { value: string | number | boolean } | { code: RejectCode };

/** Everything that a converter may look at beside the value. */
export type ConverterContext = {
  column: DynamicsColumnMetadata;
  field: CampaignFieldMetadata;
  technicalValues: boolean;
};

const MESSAGES: Readonly<Record<RejectCode, string>> = {
  tooLong: 'the text is longer than the attribute takes, and it is never cut',
  outOfRange: 'the value is outside the range of the attribute',
  notWhole: 'the number has decimals, and the attribute takes whole numbers alone',
  inexact: 'the attribute cannot hold the number exactly',
  notANumber: 'the text is not a number',
  notABoolean: 'the value is neither true nor false',
  notADate: 'the text is not a date in the form YYYY-MM-DD or RFC 3339',
  optionUnknown: 'the choice is not among the column’s options',
  enumerationUnknown: 'no member of the enumeration has this name or label',
  textMalformed: 'the text holds characters that cannot be stored',
  valueUnreadable: 'the value is not of the column’s type',
  neverConvertible: 'these two types cannot be converted',
  keyEmpty: 'the record has no value in its key column',
  keyNotRead: 'the key column was not read',
  fieldUnknown: 'the column or the attribute does not exist',
};

/** A refusal that names both sides and never the value. */
export function rejection(code: RejectCode, dynamics: string, campaign: string): MappingRejection {
  return { code, field: campaign, message: `${dynamics} → ${campaign}: ${MESSAGES[code]}` };
}

/**
 * `value`, as Dataverse's JSON writes it, in the form that `field` takes. Never throws, never cuts,
 * never rounds to fit; the matrix is docs/conversions.md.
 */
export function convert(
  value: unknown,
  column: DynamicsColumnMetadata,
  field: CampaignFieldMetadata,
  options: ConversionOptions,
): Converted {
  if (convertibility(column.type, field.type) === 'never') {
    return { ok: false, reason: rejection('neverConvertible', column.name, field.name) };
  }
  if (value === null || value === undefined) return cleared(field, options);
  const source = readSource(value, column);
  if (source === null) {
    return { ok: false, reason: rejection('valueUnreadable', column.name, field.name) };
  }
  return convertSource(source, column, field, options);
}

/** A replacement's new value in the form that `field` takes. */
export function convertReplacement(
  to: string | number | boolean | null,
  column: DynamicsColumnMetadata,
  field: CampaignFieldMetadata,
  options: ConversionOptions,
): Converted {
  return to === null
    ? cleared(field, options)
    : convertSource(literalSource(to), column, field, options);
}

function cleared(field: CampaignFieldMetadata, options: ConversionOptions): Converted {
  return { ok: true, value: clearedValue(field, options.clearing ?? 'empty') };
}

/** A value that is not null in the form that `field` takes. */
export function convertSource(
  source: SourceValue,
  column: DynamicsColumnMetadata,
  field: CampaignFieldMetadata,
  options: ConversionOptions,
): Converted {
  if (isBlank(source) && field.type !== 'string' && field.type !== 'memo') {
    return cleared(field, options);
  }
  const context = { column, field, technicalValues: options.technicalValues };
  const result = run(source, context);
  return 'value' in result
    ? { ok: true, value: result.value }
    : { ok: false, reason: rejection(result.code, column.name, field.name) };
}

/** Blank text and an empty choice mean "no value" to every attribute that is not text. */
function isBlank(source: SourceValue): boolean {
  return (
    (source.kind === 'text' && source.text.trim() === '') ||
    (source.kind === 'options' && source.values.length === 0)
  );
}

function run(source: SourceValue, context: ConverterContext): ConverterResult {
  switch (context.field.type) {
    case 'string':
    case 'memo':
      return toText(source, context);
    case 'byte':
    case 'short':
    case 'integer':
    case 'long':
    case 'float':
    case 'double':
      return toNumber(source, context.field.type);
    case 'boolean':
      return toBoolean(source);
    case 'date':
      return toDay(source);
    case 'datetime':
      return toDateTime(source);
    case 'enumeration':
      return toEnumeration(source, context);
    case 'link':
    case 'collection':
    case 'other':
      return { code: 'neverConvertible' };
  }
}
