import type {
  CampaignFieldMetadata,
  CampaignResourceMetadata,
  DynamicsColumnMetadata,
  DynamicsTableMetadata,
} from '@landbridge/contracts';

/** The metadata that one table mapping needs, of both systems. */
export type MappingMetadata = {
  table: DynamicsTableMetadata;
  resource: CampaignResourceMetadata;
};

const columnsByTable = new WeakMap<DynamicsTableMetadata, Map<string, DynamicsColumnMetadata>>();
const fieldsByResource = new WeakMap<
  CampaignResourceMetadata,
  Map<string, CampaignFieldMetadata>
>();

/** Looked up per record and field, so the index is made once per metadata object. */
export function columnNamed(
  table: DynamicsTableMetadata,
  name: string,
): DynamicsColumnMetadata | undefined {
  let columns = columnsByTable.get(table);
  if (columns === undefined) {
    columns = new Map(table.columns.map((column) => [column.name, column]));
    columnsByTable.set(table, columns);
  }
  return columns.get(name);
}

export function fieldNamed(
  resource: CampaignResourceMetadata,
  name: string,
): CampaignFieldMetadata | undefined {
  let fields = fieldsByResource.get(resource);
  if (fields === undefined) {
    fields = new Map(resource.fields.map((field) => [field.name, field]));
    fieldsByResource.set(resource, fields);
  }
  return fields.get(name);
}
