import type { CampaignBody, CampaignBodyValue } from './client.ts';

/**
 * Nests dotted attribute names as Campaign wants them: `location.city` becomes
 * `{ location: { city } }`.
 */
export function nestedBody(fields: Readonly<Record<string, CampaignBodyValue>>): CampaignBody {
  const body: Record<string, CampaignBodyValue> = {};
  for (const [name, value] of Object.entries(fields)) {
    const parts = name.split('.');
    const last = parts.pop() ?? name;
    let node = body;
    for (const part of parts) node = childOf(node, part);
    define(node, last, value);
  }
  return body;
}

/** The value of a dotted attribute in a record's nested fields; undefined when it is absent. */
export function fieldOf(fields: Readonly<Record<string, unknown>>, name: string): unknown {
  let value: unknown = fields;
  for (const part of name.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) {
      return undefined;
    }
    value = (value as Readonly<Record<string, unknown>>)[part];
  }
  return value;
}

function childOf(
  node: Record<string, CampaignBodyValue>,
  part: string,
): Record<string, CampaignBodyValue> {
  const present = Object.hasOwn(node, part) ? node[part] : undefined;
  if (typeof present === 'object' && present !== null) return present;
  const child: Record<string, CampaignBodyValue> = {};
  define(node, part, child);
  return child;
}

/** Plain assignment would call the setter of `__proto__`. */
function define(node: Record<string, CampaignBodyValue>, name: string, value: CampaignBodyValue) {
  Object.defineProperty(node, name, {
    value,
    enumerable: true,
    writable: true,
    configurable: true,
  });
}
