import type { Attribute, Resource } from './attribute.schema.ts';
import type { CampaignRecord, CampaignValue } from './campaign-control.ts';
import type { Values } from './record-store.ts';

/** A record as GET answers it. `href` is the record's own address. */
export function shapeOf(
  values: Values,
  resource: Resource,
  pkey: string,
  href: string,
): CampaignRecord {
  const record: CampaignRecord = { PKey: pkey };
  const computed = resource.name === 'profile' ? computedOf(values) : values;
  for (const attribute of resource.attributes) {
    const value = valueOf(attribute, computed, href);
    const dot = attribute.name.indexOf('.');
    if (dot < 0) {
      record[attribute.name] = value;
      continue;
    }
    const outer = attribute.name.slice(0, dot);
    const item = record[outer];
    const inner = typeof item === 'object' && item !== null ? item : {};
    inner[attribute.name.slice(dot + 1)] = value;
    record[outer] = inner;
  }
  record['href'] = href;
  return record;
}

function valueOf(attribute: Attribute, values: Values, href: string): CampaignValue {
  const value = values[attribute.name];
  switch (attribute.type) {
    case 'collection':
      return { href: `${href}/${attribute.name}/` };
    case 'link':
      return value === undefined
        ? null
        : { PKey: String(value), href: `${href}/${attribute.name}/` };
    case 'byte':
    case 'short':
    case 'long':
    case 'int64':
    case 'float':
    case 'double':
      return value ?? 0;
    case 'boolean':
      return value ?? false;
    case 'enumeration':
      return value ?? attribute.values?.[0]?.name ?? '';
    default:
      return value ?? '';
  }
}

/** What Campaign works out of a profile's own values. */
function computedOf(values: Values): Values {
  const of = (name: string): string => String(values[name] ?? '');
  const name = `${of('firstName')} ${of('lastName')}`.trim();
  const lines = [
    name,
    of('location.address1'),
    of('location.address2'),
    of('location.address3'),
    `${of('location.zipCode')} ${of('location.city')}`.trim(),
    of('location.countryCode'),
  ];
  return {
    ...values,
    title: `${name} (${of('email')})`,
    domain: of('email').split('@')[1] ?? '',
    age: ageOf(of('birthDate')),
    ...Object.fromEntries(lines.map((line, index) => [`postalAddress.line${index + 1}`, line])),
    'postalAddress.serialized': `${lines.filter((line) => line !== '').join('\n')}\n`,
    'postalAddress.addrQuality': '0',
  };
}

function ageOf(birthDate: string): number {
  if (birthDate === '') return 0;
  const now = new Date();
  const years = now.getUTCFullYear() - Number(birthDate.slice(0, 4));
  return birthDate.slice(5) > now.toISOString().slice(5, 10) ? years - 1 : years;
}
