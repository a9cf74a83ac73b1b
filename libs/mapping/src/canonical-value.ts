import type { CampaignFieldMetadata } from '@landbridge/contracts';
import { isNeutralMember } from './clearing.ts';
import { parseDay, parseInstant } from './date-values.ts';

/**
 * A value of `field` as one text, the same for what a write sends and for what Campaign shows of
 * it: an empty text, an empty date and null are one, an empty number is 0, a date-time may stand
 * with `T` or a space, an empty enumeration may be its neutral member. Never throws; what is not of
 * the field's type is its own JSON.
 */
export function canonicalValue(value: unknown, field: CampaignFieldMetadata): string {
  switch (field.type) {
    case 'byte':
    case 'short':
    case 'integer':
    case 'long':
    case 'float':
    case 'double':
      return canonicalNumber(value, field.type === 'float');
    case 'boolean':
      return canonicalBoolean(value);
    case 'enumeration':
      return isEmpty(value) || isNeutralMember(value) ? '' : asText(value);
    case 'date':
      return typeof value === 'string' ? (parseDay(value.slice(0, 10)) ?? value) : asText(value);
    case 'datetime':
      return typeof value === 'string'
        ? String(parseInstant(value)?.epochMs ?? value)
        : asText(value);
    case 'string':
    case 'memo':
      return asText(value);
    case 'link':
      return keyShown(value);
    case 'collection':
    case 'other':
      return asText(value);
  }
}

/** The key by which a link says where it leads, bare or nested; '' where it leads nowhere. */
export function keyShown(link: unknown): string {
  const isNested = typeof link === 'object' && link !== null && 'PKey' in link;
  return asText(isNested ? link.PKey : link);
}

const isEmpty = (value: unknown): boolean => value === null || value === undefined || value === '';

function asText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function canonicalNumber(value: unknown, single: boolean): string {
  if (isEmpty(value)) return '0';
  const number = typeof value === 'boolean' ? Number.NaN : Number(value);
  if (Number.isNaN(number)) return asText(value);
  const held = single ? Math.fround(number) : number;
  return String(held === 0 ? 0 : held);
}

function canonicalBoolean(value: unknown): string {
  if (isEmpty(value)) return 'false';
  const text = asText(value).toLowerCase();
  if (text === '1' || text === 'true') return 'true';
  return text === '0' || text === 'false' ? 'false' : text;
}
