import type { CampaignFieldMetadata, DynamicsColumnMetadata } from '@landbridge/contracts';
import {
  convert,
  convertReplacement,
  type ConversionOptions,
  type Converted,
  convertSource,
  rejection,
} from './convert.ts';
import { choiceSeparator, choiceText } from './converters.ts';
import type { ColumnReplacements, Replaced } from './replacement.ts';
import { readSource } from './source-value.ts';

/**
 * `value` with its column's replacements applied, and then converted. A replacement of the whole
 * value goes first; else, in a multi-select column, each choice is replaced by itself, choices that
 * were replaced by null are left out, and equal ones are written once.
 */
export function convertReplaced(
  value: unknown,
  pair: { column: DynamicsColumnMetadata; field: CampaignFieldMetadata },
  replacements: ColumnReplacements,
  options: ConversionOptions,
): Converted {
  const { column, field } = pair;
  const whole = replacements.whole(value);
  if (whole !== undefined) return convertReplacement(whole.to, column, field, options);
  const { choices } = replacements;
  const source = choices.size === 0 ? null : readSource(value, column);
  if (source?.kind !== 'options' || !source.values.some((choice) => choices.has(choice))) {
    return convert(value, column, field, options);
  }
  const parts = new Set<Replaced>();
  for (const choice of source.values) {
    const part = choices.has(choice)
      ? (choices.get(choice) ?? null)
      : choiceText([choice], column, options.technicalValues);
    if (part !== null) parts.add(part);
    else if (!choices.has(choice)) {
      return { ok: false, reason: rejection('optionUnknown', column.name, field.name) };
    }
  }
  const [only = null, ...others] = parts;
  if (others.length === 0) return convertReplacement(only, column, field, options);
  const text = [...parts].map(String).join(choiceSeparator(options.technicalValues));
  return convertSource({ kind: 'text', text }, column, field, options);
}
