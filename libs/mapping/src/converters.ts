import type { CampaignType, DynamicsColumnMetadata } from '@landbridge/contracts';
import type { ConverterContext, ConverterResult } from './convert.ts';
import { campaignDateTime, dayOf, isoText, parseDay, parseInstant } from './date-values.ts';
import { type Fraction, parseDecimal, plainDecimal } from './decimal-text.ts';
import { foldText } from './fold-text.ts';
import { enumerationMember, optionLabel } from './member-index.ts';
import { NUMBER_RANGES, type NumberType } from './number-ranges.ts';
import type { SourceValue } from './source-value.ts';
import { campaignLength } from './text-length.ts';

const NEVER: ConverterResult = { code: 'neverConvertible' };
const orCode = (
  value: string | null,
  code: 'outOfRange' | 'optionUnknown' | 'notADate',
): ConverterResult => (value === null ? { code } : { value });

/** To `string` and `memo`: every family has a text form; the length is checked at the end. */
export function toText(source: SourceValue, context: ConverterContext): ConverterResult {
  const result = textOf(source, context);
  if (!('value' in result) || typeof result.value !== 'string') return result;
  if (!result.value.isWellFormed() || result.value.includes('\0')) return { code: 'textMalformed' };
  const { lengthMax } = context.field;
  // Never more code points than UTF-16 units, so counting is for long texts alone.
  const fits =
    lengthMax === null ||
    result.value.length <= lengthMax ||
    campaignLength(result.value) <= lengthMax;
  return fits ? result : { code: 'tooLong' };
}

function textOf(source: SourceValue, context: ConverterContext): ConverterResult {
  switch (source.kind) {
    case 'text':
      return { value: source.text };
    case 'whole':
      return { value: source.value.toString() };
    case 'fraction':
      return { value: source.digits ?? plainDecimal(String(source.value)) };
    case 'boolean':
      return { value: source.value ? 'true' : 'false' };
    case 'option':
      return orCode(
        choiceText([source.value], context.column, context.technicalValues),
        'optionUnknown',
      );
    case 'options':
      return orCode(
        choiceText(source.values, context.column, context.technicalValues),
        'optionUnknown',
      );
    case 'date':
      return { value: source.day };
    case 'instant':
      return orCode(isoText(source.epochMs, 'Z'), 'outOfRange');
    case 'wallClock':
      return orCode(isoText(source.epochMs, ''), 'outOfRange');
    case 'id':
      return { value: source.id };
  }
}

/** Between several choices in one text, as Dataverse writes numbers and formats labels. */
export const choiceSeparator = (technicalValues: boolean): string => (technicalValues ? ',' : '; ');

/** Numbers by comma as Dataverse writes them, or labels by "; " as it formats them; null: no label. */
export function choiceText(
  values: readonly number[],
  column: DynamicsColumnMetadata,
  technicalValues: boolean,
): string | null {
  const separator = choiceSeparator(technicalValues);
  if (technicalValues) return values.join(separator);
  const labels = values.map((value) => optionLabel(column, value));
  return labels.includes(null) ? null : labels.join(separator);
}

/** To the six number types: choices count by their technical value, whatever the setting. */
export function toNumber(source: SourceValue, type: NumberType): ConverterResult {
  switch (source.kind) {
    case 'text':
      return numberFromText(source.text, type);
    case 'whole':
      return wholeNumber(source.value, type);
    case 'fraction':
      return fraction(source, type);
    case 'boolean':
      return { value: source.value ? 1 : 0 };
    case 'option':
      return wholeNumber(BigInt(source.value), type);
    case 'options':
    case 'date':
    case 'instant':
    case 'wallClock':
    case 'id':
      return NEVER;
  }
}

function numberFromText(text: string, type: NumberType): ConverterResult {
  const trimmed = text.trim();
  if (/^[+-]?\d{1,400}$/.test(trimmed)) {
    return wholeNumber(BigInt(trimmed.replace('+', '')), type);
  }
  const decimal = /e/i.test(trimmed) ? null : parseDecimal(trimmed);
  return decimal === null ? { code: 'notANumber' } : fraction(decimal, type);
}

function wholeNumber(value: bigint, type: NumberType): ConverterResult {
  const { min, max } = NUMBER_RANGES[type];
  const number = Number(value);
  if (number < min || number > max) return { code: 'outOfRange' };
  const held = type === 'float' ? Math.fround(number) : number;
  return BigInt(held) === value ? { value: number } : { code: 'inexact' };
}

function fraction({ value, digits }: Fraction, type: NumberType): ConverterResult {
  const { min, max } = NUMBER_RANGES[type];
  if (!(value >= min && value <= max)) return { code: 'outOfRange' };
  if (type === 'double' && digits !== null) return { code: 'inexact' };
  if (type === 'float' || type === 'double') return { value: value === 0 ? 0 : value };
  const isWhole = digits === null && Number.isSafeInteger(value);
  return isWhole ? wholeNumber(BigInt(value), type) : { code: 'notWhole' };
}

const TRUE_TEXTS = ['true', 'yes', '1'];
const FALSE_TEXTS = ['false', 'no', '0'];

export function toBoolean(source: SourceValue): ConverterResult {
  switch (source.kind) {
    case 'boolean':
      return { value: source.value };
    case 'text': {
      const text = foldText(source.text);
      if (TRUE_TEXTS.includes(text)) return { value: true };
      return FALSE_TEXTS.includes(text) ? { value: false } : { code: 'notABoolean' };
    }
    case 'whole':
    case 'fraction':
    case 'option': {
      const isRounded = source.kind === 'fraction' && source.digits !== null;
      const number = isRounded ? Number.NaN : Number(source.value);
      if (number === 1) return { value: true };
      return number === 0 ? { value: false } : { code: 'notABoolean' };
    }
    case 'options':
    case 'date':
    case 'instant':
    case 'wallClock':
    case 'id':
      return NEVER;
  }
}

/** To `date`: an instant gives its UTC day, a wall clock the day that it shows. */
export function toDay(source: SourceValue): ConverterResult {
  switch (source.kind) {
    case 'date':
      return { value: source.day };
    case 'instant':
    case 'wallClock':
      return orCode(dayOf(source.epochMs), 'outOfRange');
    case 'text': {
      const text = source.text.trim();
      const instant = parseInstant(text);
      const day = instant === null ? parseDay(text) : dayOf(instant.epochMs);
      return orCode(day, 'notADate');
    }
    case 'whole':
    case 'fraction':
    case 'boolean':
    case 'option':
    case 'options':
    case 'id':
      return NEVER;
  }
}

/** To `datetime`: a day becomes its midnight in UTC, a wall clock is written as if it were UTC. */
export function toDateTime(source: SourceValue): ConverterResult {
  switch (source.kind) {
    case 'date':
      return { value: `${source.day} 00:00:00.000Z` };
    case 'instant':
    case 'wallClock':
      return orCode(campaignDateTime(source.epochMs), 'outOfRange');
    case 'text': {
      const text = source.text.trim();
      const day = parseDay(text);
      if (day !== null) return { value: `${day} 00:00:00.000Z` };
      const instant = parseInstant(text);
      return orCode(instant === null ? null : campaignDateTime(instant.epochMs), 'notADate');
    }
    case 'whole':
    case 'fraction':
    case 'boolean':
    case 'option':
    case 'options':
    case 'id':
      return NEVER;
  }
}

/** To an enumeration: what is sent is the member's name, found by name or by label. */
export function toEnumeration(source: SourceValue, context: ConverterContext): ConverterResult {
  switch (source.kind) {
    case 'date':
    case 'instant':
    case 'wallClock':
    case 'id':
      return NEVER;
    case 'text':
    case 'whole':
    case 'fraction':
    case 'boolean':
    case 'option':
    case 'options': {
      const text = textOf(source, context);
      return 'value' in text ? memberNamed(String(text.value), context) : text;
    }
  }
}

function memberNamed(text: string, { field }: ConverterContext): ConverterResult {
  // Without a list of members (Campaign did not show one) the text must speak for itself.
  if (field.values.length === 0) return { value: text };
  const member = enumerationMember(field, text);
  return member === null ? { code: 'enumerationUnknown' } : { value: member };
}

/** The type is one of Campaign's numbers. */
export function isNumberType(type: CampaignType): type is NumberType {
  return type in NUMBER_RANGES;
}
