import { json, type Reply } from '../http/exchange.ts';
import type { Attribute } from './attribute.schema.ts';
import type { CampaignSwitches } from './campaign-switches.schema.ts';
import type { CampaignState, Published } from './campaign-state.ts';
import { isSortable } from './reading.ts';

const RES_TYPES: Partial<Record<Attribute['type'], string>> = {
  enumeration: 'byte',
  collection: 'link',
};

/** `…/resourceType/<name>`. `root` is `/profileAndServicesExt` or `/customResources`. */
export function resourceType(
  state: CampaignState,
  published: Published,
  root: string,
  origin: string,
): Reply {
  const { resource } = published;
  const content: Record<string, unknown> = {};
  for (const attribute of resource.attributes) place(content, attribute, state.switches);
  return json(200, {
    PKey: state.pkey(published, 0),
    apiName: 'resourceType',
    compatibleResources: {},
    data: `${root}/${resource.name}/`,
    schema: resource.name === 'profile' ? 'nms:recipient' : `cus:${resource.name.slice(3)}`,
    label: resource.label,
    help: resource.label,
    mandatory: false,
    readOnly: false,
    pkgStatus: 'never',
    name: resource.name,
    type: 'item',
    href: `${origin}${root}/${resource.name}/metadata`,
    filters: { href: `${origin}${root}/resourceType/${resource.name}/filters/` },
    content,
    ...(state.switches.keysInMetadata
      ? { keys: state.keys(published).map((attributes) => ({ attributes })) }
      : {}),
  });
}

/** `…/resourceType/<name>/filters/`. */
export function filtersOf(state: CampaignState, published: Published, root: string): Reply {
  const { resource } = published;
  const own = [...state.filters(published)];
  if (resource.name === 'profile') {
    own.push({
      name: 'byText',
      parameters: { text: 'lastName', filterType: 'lastName' },
      comparison: 'equal',
    });
  }
  const filters = own.map(({ name, parameters, comparison }) => [
    name,
    {
      data: `${root}/${resource.name}/${name}?${Object.keys(parameters)
        .map((parameter) => `${parameter}=$value`)
        .join('&')}`,
      formType: 'none',
      label: name,
      category: '99_none',
      condition: Object.entries(parameters).map(([parameter, attributes]) => ({
        expr: [attributes]
          .flat()
          .map((attribute) => {
            const operand = attribute.startsWith('@') ? attribute : `@${attribute}`;
            return `${operand} ${comparison === 'equal' ? '=' : '>='} $(${parameter})`;
          })
          .join(' or '),
      })),
    },
  ]);
  return json(200, Object.fromEntries(filters));
}

/** `…/profileAndServicesExt/` or `/customResources/`: the resources that are served there. */
export function directory(state: CampaignState, root: string, origin: string): Reply {
  const entries = state.names().flatMap((name) => {
    const { resource } = state.get(name);
    if (resource.linkedToProfile !== root.startsWith('/profileAndServices')) return [];
    if (root === '/profileAndServices' && name.startsWith('cus')) return [];
    return [
      [
        name,
        {
          apiName: name,
          data: `${root}/${name}/`,
          help: resource.label,
          href: `${origin}${root}/${name}/metadata`,
          name,
          type: 'collection',
        },
      ],
    ];
  });
  return json(200, Object.fromEntries(entries));
}

function place(
  content: Record<string, unknown>,
  attribute: Attribute,
  switches: CampaignSwitches,
): void {
  const [outer = '', inner] = attribute.name.split('.');
  if (inner === undefined) {
    content[outer] = describe(attribute, outer, switches);
    return;
  }
  const known = content[outer];
  const item: Item = isItem(known)
    ? known
    : { apiName: outer, name: outer, type: 'item', label: outer, content: {} };
  item.content[inner] = describe(attribute, inner, switches);
  content[outer] = item;
}

type Item = { content: Record<string, unknown>; [more: string]: unknown };

function isItem(value: unknown): value is Item {
  return typeof value === 'object' && value !== null && 'content' in value;
}

function describe(attribute: Attribute, apiName: string, switches: CampaignSwitches) {
  const isLink = attribute.type === 'link' || attribute.type === 'collection';
  return {
    PKey: `@${Buffer.from(attribute.name).toString('base64url')}`,
    apiName,
    category: '99_none',
    dataPolicy: '',
    desc: '',
    displayFormat: '',
    help: '',
    label: attribute.label ?? attribute.name,
    lazyLoaded: false,
    length: attribute.lengthMax === undefined ? '' : String(attribute.lengthMax),
    mandatory: attribute.mandatory ?? false,
    metadata: isLink ? 'link' : 'attribute',
    privacy: 'firstParty',
    queryable: true,
    readOnly: attribute.readOnly ?? false,
    resName: '',
    resType: RES_TYPES[attribute.type] ?? attribute.type,
    sortable: isSortable(attribute),
    type: highLevel(attribute.type),
    ...(isLink
      ? { resTarget: attribute.target ?? '', unbound: attribute.type === 'collection' }
      : {}),
    ...(attribute.values === undefined ? {} : { values: choices(attribute.values, switches) }),
  };
}

function highLevel(type: Attribute['type']): string {
  switch (type) {
    case 'byte':
    case 'short':
    case 'long':
    case 'int64':
    case 'float':
    case 'double':
      return 'number';
    case 'memo':
      return 'string';
    default:
      return type;
  }
}

function choices(values: NonNullable<Attribute['values']>, switches: CampaignSwitches): unknown {
  switch (switches.enumValues) {
    case 'array':
      return values;
    case 'items':
      return { items: values };
    case 'byName':
      return Object.fromEntries(values.map((choice) => [choice.name, choice]));
  }
}
