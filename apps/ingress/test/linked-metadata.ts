import type { MappingMetadata } from '@landbridge/mapping';
import { campaignField as field, dynamicsColumn as column } from '@landbridge/testing/metadata';

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
        column('parent', 'lookup', { targets: above === null ? [] : [above] }),
      ],
    },
    resource: {
      resource,
      label: resource,
      endpoint: 'profileAndServicesExt',
      filters: [],
      fields: [field('externalId'), field('name'), field('parent')],
    },
  };
}
