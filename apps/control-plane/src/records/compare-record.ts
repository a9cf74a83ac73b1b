import { fieldOf, type FoundRecord } from '@landbridge/campaign';
import type { ComparedField, FilterVerdictView, TableMapping } from '@landbridge/contracts';
import {
  differingFields,
  filterRejection,
  linkValues,
  mapByField,
  mapKey,
  mapRecord,
  tellFilter,
  type MappedRecord,
  type MappingMetadata,
  type SourceColumns,
  type TellOptions,
} from '@landbridge/mapping';
import { comparedLinks, withLinks } from './compare-links.ts';

/** One record of Dynamics and what its mapping and Campaign have to say of it. */
export interface Comparison {
  filter: FilterVerdictView;
  key: ReturnType<typeof mapKey>;
  mapped: MappedRecord;
  fields: ComparedField[];
  /** Attributes that follow changes and whose values differ in Campaign; none while it has no record. */
  differing: string[];
}

/** The record's filter verdict; pointers lead into the mapping. */
export function filterOf(
  columns: SourceColumns,
  mapping: TableMapping,
  { table }: Pick<MappingMetadata, 'table'>,
  options: TellOptions = {},
): FilterVerdictView {
  const { verdict, deciding } = tellFilter(mapping.filter, columns, table, options);
  return {
    verdict,
    deciding: deciding.map((one) => ({ ...one, pointer: `/filter${one.pointer}` })),
  };
}

/** Compares what the mapping makes of a record with what Campaign holds; `found` null: not asked. */
export function compareRecord(
  row: { columns: SourceColumns; lookupTables?: Readonly<Record<string, string>> },
  mapping: TableMapping,
  metadata: MappingMetadata,
  found: FoundRecord | null,
  options: TellOptions = {},
): Comparison {
  const { columns } = row;
  const links = linkValues(row, mapping, metadata, { clearing: 'empty' });
  const unjudged = filterRejection(mapping.filter, columns, metadata.table);
  const mapped: MappedRecord =
    unjudged === null
      ? withLinks(mapRecord(columns, mapping, metadata), links)
      : { ok: false, rejected: unjudged };
  const record = found?.found === 'yes' ? found.record : null;
  const held = (name: string) => (record === null ? undefined : fieldOf(record.fields, name));
  const followed = mapped.ok ? mapped.followed : {};
  return {
    filter: filterOf(columns, mapping, metadata, options),
    key: mapKey(columns, mapping, metadata, { technicalValues: mapping.technicalValues }),
    mapped,
    fields: mapByField(columns, mapping, metadata)
      .map(({ dynamics, campaign, applyUpdates, result }): ComparedField => ({
        campaign,
        dynamics,
        applyUpdates,
        ...(result?.ok === true ? { mapped: result.value } : {}),
        rejected:
          result?.ok === false
            ? { code: result.reason.code, message: result.reason.message }
            : null,
        ...(record === null ? {} : { held: held(campaign) ?? null }),
        differs:
          record !== null &&
          result?.ok === true &&
          differingFields({ [campaign]: result.value }, held, metadata.resource).length > 0,
      }))
      .concat(comparedLinks(links, mapping, record === null ? null : held, metadata)),
    differing: record === null ? [] : differingFields(followed, held, metadata.resource),
  };
}
