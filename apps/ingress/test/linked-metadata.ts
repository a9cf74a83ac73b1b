import type { CampaignFieldMetadata, DynamicsColumnMetadata } from '@landbridge/contracts';
import type { MappingMetadata } from '@landbridge/mapping';

const column = (
  name: string,
  type: DynamicsColumnMetadata['type'],
  targets: string[] = [],
): DynamicsColumnMetadata => ({
  name,
  label: name,
  type,
  lengthMax: type === 'string' ? 100 : null,
  numberMin: null,
  numberMax: null,
  precision: null,
  required: false,
  readable: true,
  creatable: true,
  updatable: true,
  options: [],
  targets,
});

const field = (name: string): CampaignFieldMetadata => ({
  name,
  label: name,
  type: 'string',
  lengthMax: 100,
  mandatory: false,
  readOnly: false,
  values: [],
  target: null,
});

/** A table with a name and, where it has a table above it, a lookup to that. */
export function linkedMetadata(
  table: string,
  above: string | null,
  resource: string,
): MappingMetadata {
  const primaryId = `${table}id`;
  return {
    table: {
      table,
      label: table,
      entitySet: `${table}s`,
      primaryId,
      primaryName: 'name',
      changeTracking: true,
      custom: false,
      columns: [
        column(primaryId, 'uniqueidentifier'),
        column('name', 'string'),
        column('parent', 'lookup', above === null ? [] : [above]),
      ],
    },
    resource: {
      resource,
      label: resource,
      endpoint: 'profileAndServicesExt',
      filters: [],
      fields: ['externalId', 'name', 'parent'].map(field),
    },
  };
}
