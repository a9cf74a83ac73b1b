import type {
  CampaignResourceMetadata,
  DynamicsTableMetadata,
  IngressConfiguration,
  TableMapping,
} from '@landbridge/contracts';
import { error, type Finding } from './finding.ts';
import type { LinkGuardrails } from './links/check-links.ts';
import { validateLinks } from './links/validate-links.ts';
import { columnNamed, fieldNamed, type MappingMetadata } from './metadata-index.ts';
import { checkMappingStructure, checkStructure } from './structure.ts';
import { validateFilter } from './validate-filter.ts';
import { validatePair } from './validate-pair.ts';
import { validateReplacements } from './validate-replacements.ts';

/** The metadata of both systems by name; what is absent here does not exist. */
export type SystemMetadata = {
  tables: Readonly<Record<string, DynamicsTableMetadata>>;
  resources: Readonly<Record<string, CampaignResourceMetadata>>;
};

/** Everything that is wrong or might go wrong with a configuration; empty: nothing is. */
export function validateIngress(
  configuration: IngressConfiguration,
  metadata: SystemMetadata,
  guardrails?: LinkGuardrails,
): Finding[] {
  return [
    ...checkStructure(configuration, guardrails),
    ...configuration.mappings.flatMap((mapping, index) =>
      validateAgainst(mapping, metadata, `/mappings/${index}`),
    ),
    ...validateLinks(configuration, metadata),
  ];
}

/** The same for one mapping; pointers begin at the mapping, as in `/fields/3/dynamics`. */
export function validateMapping(mapping: TableMapping, metadata: SystemMetadata): Finding[] {
  return [...checkMappingStructure(mapping, ''), ...validateAgainst(mapping, metadata, '')];
}

function validateAgainst(
  mapping: TableMapping,
  metadata: SystemMetadata,
  pointer: string,
): Finding[] {
  const table = own(metadata.tables, mapping.dynamicsTable);
  const resource = own(metadata.resources, mapping.campaignResource);
  return [
    ...(table === undefined ? [tableMissing(mapping, pointer)] : validateTable(table, pointer)),
    ...(resource === undefined ? [resourceMissing(mapping, pointer)] : []),
    ...validateNames(mapping, table, resource, pointer),
    ...(table !== undefined && resource !== undefined
      ? validatePairs(mapping, { table, resource }, pointer)
      : []),
    ...(table !== undefined && mapping.filter !== null
      ? validateFilter(mapping.filter, table, `${pointer}/filter`)
      : []),
  ];
}

/** A name such as `constructor` must not find what objects inherit. */
function own<Value>(values: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

function tableMissing(mapping: TableMapping, pointer: string): Finding {
  return error(
    `${pointer}/dynamicsTable`,
    `the table "${mapping.dynamicsTable}" does not exist in Dynamics 365`,
  );
}

function resourceMissing(mapping: TableMapping, pointer: string): Finding {
  return error(
    `${pointer}/campaignResource`,
    `the resource "${mapping.campaignResource}" does not exist in Campaign`,
  );
}

function validateTable(table: DynamicsTableMetadata, pointer: string): Finding[] {
  return table.changeTracking
    ? []
    : [
        error(
          `${pointer}/dynamicsTable`,
          `change tracking is off for "${table.table}"; an administrator of Dynamics 365 can switch it on`,
        ),
      ];
}

function validateNames(
  mapping: TableMapping,
  table: DynamicsTableMetadata | undefined,
  resource: CampaignResourceMetadata | undefined,
  pointer: string,
): Finding[] {
  const pairs = [
    { ...mapping.key, pointer: `${pointer}/key` },
    ...mapping.fields.map((field, index) => ({ ...field, pointer: `${pointer}/fields/${index}` })),
  ];
  return pairs.flatMap((pair) => [
    ...(table === undefined
      ? []
      : validateColumn(pair.dynamics, table, `${pair.pointer}/dynamics`)),
    ...(resource === undefined
      ? []
      : validateField(pair.campaign, resource, `${pair.pointer}/campaign`)),
  ]);
}

function validateColumn(name: string, table: DynamicsTableMetadata, pointer: string): Finding[] {
  const column = columnNamed(table, name);
  if (column === undefined) {
    return [error(pointer, `the column "${name}" does not exist in "${table.table}"`)];
  }
  return column.readable ? [] : [error(pointer, `the column "${name}" cannot be read`)];
}

function validateField(
  name: string,
  resource: CampaignResourceMetadata,
  pointer: string,
): Finding[] {
  const field = fieldNamed(resource, name);
  if (field === undefined) {
    return [error(pointer, `the attribute "${name}" does not exist in "${resource.resource}"`)];
  }
  return field.readOnly ? [error(pointer, `the attribute "${name}" is read-only`)] : [];
}

function validatePairs(
  mapping: TableMapping,
  metadata: MappingMetadata,
  pointer: string,
): Finding[] {
  return [
    ...validatePair(mapping.key, metadata, mapping, `${pointer}/key`),
    ...validateKeyType(mapping, metadata, pointer),
    ...mapping.fields.flatMap((field, index) =>
      validatePair(field, metadata, mapping, `${pointer}/fields/${index}`),
    ),
    ...validateReplacements(mapping, metadata, pointer),
    ...mandatoryMissing(mapping, metadata.resource, pointer),
  ];
}

/** A key must compare by its text on both sides; a date or a choice is no identity. */
function validateKeyType(
  mapping: TableMapping,
  { table, resource }: MappingMetadata,
  pointer: string,
): Finding[] {
  const column = columnNamed(table, mapping.key.dynamics);
  const field = fieldNamed(resource, mapping.key.campaign);
  const findings: Finding[] = [];
  if (column !== undefined && !['uniqueidentifier', 'string', 'integer'].includes(column.type)) {
    findings.push(
      error(`${pointer}/key/dynamics`, `a column of type ${column.type} cannot be a key`),
    );
  }
  if (field !== undefined && !['string', 'integer', 'long'].includes(field.type)) {
    findings.push(
      error(`${pointer}/key/campaign`, `an attribute of type ${field.type} cannot be a key`),
    );
  }
  return findings;
}

function mandatoryMissing(
  mapping: TableMapping,
  resource: CampaignResourceMetadata,
  pointer: string,
): Finding[] {
  const mapped = new Set(
    [mapping.key, ...mapping.fields, ...mapping.links].map(({ campaign }) => campaign),
  );
  return resource.fields
    .filter((field) => field.mandatory && !field.readOnly && !mapped.has(field.name))
    .map((field) => ({
      severity: 'warning',
      pointer: `${pointer}/fields`,
      message: `"${field.name}" is mandatory in Campaign and no column is mapped to it`,
    }));
}
