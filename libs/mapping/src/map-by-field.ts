import type { TableMapping } from '@landbridge/contracts';
import type { CampaignValue, ConversionOptions } from './convert.ts';
import { mapKey, mapRecord, type SourceColumns } from './map-record.ts';
import type { MappingMetadata } from './metadata-index.ts';
import type { MappingRejection } from './reject-reason.ts';

/** What the mapping makes of one column; a column that was not read makes nothing. */
export type MappedField = {
  dynamics: string;
  campaign: string;
  applyUpdates: boolean;
  result: { ok: true; value: CampaignValue } | { ok: false; reason: MappingRejection } | null;
};

/** Every field by itself, so that one that is rejected hides no other; in the mapping's order. */
export function mapByField(
  columns: SourceColumns,
  mapping: TableMapping,
  metadata: MappingMetadata,
  options: Pick<ConversionOptions, 'clearing'> = {},
): MappedField[] {
  return mapping.fields.map((field) => ({
    ...field,
    result: mapOne(columns, { ...mapping, fields: [field], links: [] }, metadata, options),
  }));
}

function mapOne(
  columns: SourceColumns,
  mapping: TableMapping,
  metadata: MappingMetadata,
  options: Pick<ConversionOptions, 'clearing'>,
): MappedField['result'] {
  const key = mapKey(columns, mapping, metadata, { technicalValues: mapping.technicalValues });
  // The field is asked about, not the key: any key will do.
  const asked = key.ok ? columns : { ...columns, [mapping.key.dynamics]: 'a key' };
  const mapped = mapRecord(asked, mapping, metadata, options);
  if (!mapped.ok) return { ok: false, reason: mapped.rejected };
  const [value] = Object.values({ ...mapped.followed, ...mapped.onInsert });
  return value === undefined ? null : { ok: true, value };
}
