import type { Attribute, Resource } from './attribute.schema.ts';
import { applicationError, type CampaignRefusal } from './campaign-errors.ts';
import type { CampaignSwitches } from './campaign-switches.schema.ts';
import type { Values } from './record-store.ts';

const INTEGER_RANGES: Partial<Record<Attribute['type'], [number, number]>> = {
  byte: [-128, 127],
  short: [-32_768, 32_767],
  long: [-2_147_483_648, 2_147_483_647],
  int64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
};

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATE_TIME = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?$/;

/** A body's attributes by dotted name; `cleared` names those it empties. */
export type Written = { values: Values; cleared: string[]; bodyPKey: string | null };

/**
 * Reads and checks the body of a POST or PATCH.
 * Throws  CampaignRefusal as the application answers: unknown, read-only, type, enumeration, length.
 */
export function checkValues(
  body: Record<string, unknown>,
  resource: Resource,
  switches: CampaignSwitches,
): Written {
  const written: Written = { values: {}, cleared: [], bodyPKey: null };
  const byName = attributesOf(resource);
  for (const [name, value] of flatten(body, byName)) {
    if (name === 'href') continue;
    if (name === 'PKey') {
      written.bodyPKey = String(value);
      continue;
    }
    const attribute = byName.get(name);
    if (attribute === undefined) throw unknownAttribute(switches, resource, name);
    if (attribute.readOnly === true || attribute.type === 'collection') {
      throw applicationError(
        switches,
        500,
        `XTK-170006 Cannot update the '${name}' property that is read-only.`,
      );
    }
    if (value === null || value === '') clear(attribute, value, written, switches);
    else written.values[name] = checked(attribute, value, switches);
  }
  return written;
}

const known = new WeakMap<Attribute[], Map<string, Attribute>>();

function attributesOf(resource: Resource): Map<string, Attribute> {
  const cached = known.get(resource.attributes);
  if (cached !== undefined) return cached;
  const map = new Map(resource.attributes.map((attribute) => [attribute.name, attribute]));
  known.set(resource.attributes, map);
  return map;
}

function* flatten(
  body: Record<string, unknown>,
  byName: Map<string, Attribute>,
): Generator<[string, unknown]> {
  for (const [name, value] of Object.entries(body)) {
    const isItem = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (!isItem || byName.get(name)?.type === 'link') yield [name, value];
    else for (const [inner, one] of Object.entries(value)) yield [`${name}.${inner}`, one];
  }
}

function clear(
  attribute: Attribute,
  value: null | '',
  written: Written,
  switches: CampaignSwitches,
): void {
  const refused =
    (value === null && switches.clearing === 'emptyString') ||
    (value === '' && switches.clearing === 'null');
  if (refused) {
    throw applicationError(
      switches,
      500,
      `XTK-170006 The value ${JSON.stringify(value)} is not valid for the '${attribute.name}' property.`,
    );
  }
  written.cleared.push(attribute.name);
}

function unknownAttribute(
  switches: CampaignSwitches,
  resource: Resource,
  name: string,
): CampaignRefusal {
  return applicationError(
    switches,
    500,
    `RST-360000 XTK-170036 Unable to parse expression '@${name}'. The '${name}' attribute is not ` +
      `defined in the '${resource.name}' resource.`,
  );
}

function checked(
  attribute: Attribute,
  value: unknown,
  switches: CampaignSwitches,
): string | number | boolean {
  const mismatch = (): CampaignRefusal =>
    applicationError(
      switches,
      500,
      `XTK-170006 The value of the '${attribute.name}' property is not valid: it cannot be converted ` +
        `to type '${attribute.type}'.`,
    );
  const range = INTEGER_RANGES[attribute.type];
  if (range !== undefined) {
    if (typeof value !== 'number' || !Number.isInteger(value)) throw mismatch();
    if (value < range[0] || value > range[1]) throw mismatch();
    return value;
  }
  switch (attribute.type) {
    case 'boolean':
      if (typeof value !== 'boolean') throw mismatch();
      return value;
    case 'float':
    case 'double':
      if (typeof value !== 'number' || !Number.isFinite(value)) throw mismatch();
      return value;
    case 'date':
      if (typeof value !== 'string' || !DATE.test(value) || !isDay(value)) throw mismatch();
      return value;
    case 'datetime':
      if (typeof value !== 'string' || !DATE_TIME.test(value) || !isTime(value)) throw mismatch();
      return timestamp(new Date(isoOf(value)));
    case 'enumeration':
      return checkedName(attribute, value, switches);
    case 'link':
      return checkedLink(value, mismatch);
    default:
      if (typeof value !== 'string') throw mismatch();
      return checkedText(attribute, value, switches);
  }
}

function checkedName(attribute: Attribute, value: unknown, switches: CampaignSwitches): string {
  const found = attribute.values?.find((choice) => choice.name === value);
  if (found !== undefined) return found.name;
  throw applicationError(
    switches,
    500,
    `XTK-170015 The value '${String(value)}' is not valid for the '${attribute.name}' enumeration.`,
  );
}

function checkedLink(value: unknown, mismatch: () => CampaignRefusal): string {
  const key = typeof value === 'object' && value !== null && 'PKey' in value ? value.PKey : value;
  if (typeof key !== 'string') throw mismatch();
  return key;
}

function checkedText(attribute: Attribute, value: string, switches: CampaignSwitches): string {
  const lengthMax = attribute.lengthMax ?? Infinity;
  if (value.length <= lengthMax) return value;
  if (switches.overflow === 'cut') return value.slice(0, lengthMax);
  throw applicationError(
    switches,
    500,
    `PGS-220000 PostgreSQL error: ERROR:  value too long for type character varying(${lengthMax}) ` +
      `('${attribute.name}')`,
  );
}

function isoOf(value: string): string {
  const iso = value.replace(' ', 'T');
  return /(Z|[+-]\d{2}:?\d{2})$/.test(iso) ? iso : `${iso}Z`;
}

function isTime(value: string): boolean {
  return isDay(value.slice(0, 10)) && !Number.isNaN(Date.parse(isoOf(value)));
}

/** Whether the day exists in the calendar. */
function isDay(value: string): boolean {
  const at = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(value);
}

/** Campaign's form of a moment: a space in place of `T`, milliseconds, `Z`. */
export function timestamp(at: Date): string {
  return at.toISOString().replace('T', ' ');
}
