import type { CampaignFieldMetadata } from '@landbridge/contracts';

/**
 * How an empty Dynamics column empties a Campaign attribute. Campaign shows an empty text or date
 * as "" and an empty number as 0, but how a write clears is not documented: `empty` sends what
 * Campaign shows, `null` sends null. This file is the only place that knows.
 */
export type Clearing = 'empty' | 'null';

/** Members that Campaign's own enumerations keep for "no value", as in `gender` and `timeZone`. */
const NEUTRAL_NAMES = ['unknown', 'none'];

/** Whether an enumeration's member stands for "no value". */
export const isNeutralMember = (value: unknown): boolean =>
  typeof value === 'string' && NEUTRAL_NAMES.includes(value);

/** What is sent for `field` when the source is null. */
export function clearedValue(
  field: CampaignFieldMetadata,
  clearing: Clearing,
): string | number | boolean | null {
  if (clearing === 'null') return null;
  switch (field.type) {
    case 'byte':
    case 'short':
    case 'integer':
    case 'long':
    case 'float':
    case 'double':
      return 0;
    case 'boolean':
      return false;
    case 'enumeration':
      return field.values.find(({ name }) => NEUTRAL_NAMES.includes(name))?.name ?? '';
    case 'string':
    case 'memo':
    case 'date':
    case 'datetime':
      return '';
    case 'link':
    case 'collection':
    case 'other':
      return null;
  }
}
