import type {
  CampaignResourceMetadata,
  DynamicsTableMetadata,
  IngressConfiguration,
  LinkMapping,
  TableMapping,
} from '@landbridge/contracts';
import { error, type Finding, warning } from '../finding.ts';
import { columnNamed, fieldNamed } from '../metadata-index.ts';

const GUID_LENGTH = 36;

/** The metadata of both systems by name; what is absent was not told. */
type Metadata = {
  tables: Readonly<Record<string, DynamicsTableMetadata>>;
  resources: Readonly<Record<string, CampaignResourceMetadata>>;
};

/** Whether each link's column leads to its table, and its attribute can hold what is written. */
export function validateLinks(configuration: IngressConfiguration, metadata: Metadata): Finding[] {
  return configuration.mappings.flatMap((mapping, index) =>
    mapping.links.flatMap((link, at) => {
      const pointer = `/mappings/${index}/links/${at}`;
      const parent = configuration.mappings.find(({ dynamicsTable }) => dynamicsTable === link.to);
      return [
        ...validateColumn(link, mapping, metadata, pointer),
        ...(parent === undefined ? [] : validateParentKey(parent, metadata, pointer)),
        ...validateAttribute(link, mapping, { parent, metadata, pointer }),
      ];
    }),
  );
}

function validateColumn(
  { dynamics, to }: LinkMapping,
  mapping: TableMapping,
  { tables }: Metadata,
  pointer: string,
): Finding[] {
  const table = own(tables, mapping.dynamicsTable);
  if (table === undefined) return [];
  const refuse = (message: string) => [error(`${pointer}/dynamics`, message)];
  const column = columnNamed(table, dynamics);
  if (column === undefined) {
    return refuse(`the column "${dynamics}" does not exist in "${table.table}"`);
  }
  if (!column.readable) return refuse(`the column "${dynamics}" cannot be read`);
  switch (column.type) {
    case 'lookup':
      return column.targets.includes(to)
        ? []
        : refuse(`"${dynamics}" leads to ${column.targets.join(', ') || 'no table'}, not to ${to}`);
    case 'uniqueidentifier':
    case 'string':
      return [];
    default:
      return refuse(
        `a column of type ${column.type} is no link; a lookup, or an id of "${to}", is`,
      );
  }
}

/** Lookups know a record by its id alone, so the parent must be known by it in Campaign too. */
function validateParentKey(
  { dynamicsTable, key }: TableMapping,
  { tables }: Metadata,
  pointer: string,
): Finding[] {
  const primaryId = own(tables, dynamicsTable)?.primaryId;
  if (primaryId === undefined || key.dynamics === primaryId) return [];
  return [
    error(
      `${pointer}/to`,
      `a link refers to "${dynamicsTable}" by "${primaryId}", and the key of its mapping is "${key.dynamics}"`,
    ),
  ];
}

function validateAttribute(
  { campaign, by }: LinkMapping,
  mapping: TableMapping,
  {
    parent,
    metadata,
    pointer,
  }: { parent: TableMapping | undefined; metadata: Metadata; pointer: string },
): Finding[] {
  const resource = own(metadata.resources, mapping.campaignResource);
  if (resource === undefined) return [];
  const refuse = (message: string) => [error(`${pointer}/campaign`, message)];
  const field = fieldNamed(resource, campaign);
  if (field === undefined) {
    return refuse(`the attribute "${campaign}" does not exist in "${resource.resource}"`);
  }
  if (field.readOnly) return refuse(`the attribute "${campaign}" is read-only`);
  if (by === 'column') {
    if (field.type !== 'string' && field.type !== 'memo') {
      return refuse(`"${campaign}" is of type ${field.type}, and a link by column takes text`);
    }
    const fits = field.lengthMax === null || field.lengthMax >= GUID_LENGTH;
    return fits
      ? []
      : refuse(`"${campaign}" takes ${field.lengthMax} characters, and an id has ${GUID_LENGTH}`);
  }
  if (field.type !== 'link') {
    return refuse(`"${campaign}" is of type ${field.type}, and a link by key takes a link`);
  }
  if (parent === undefined || field.target === parent.campaignResource) return [];
  return field.target === null
    ? [warning(`${pointer}/campaign`, `Campaign does not say where "${campaign}" leads`)]
    : refuse(`"${campaign}" leads to "${field.target}", not to "${parent.campaignResource}"`);
}

/** A name such as `constructor` must not find what objects inherit. */
function own<Value>(values: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
