import type { LinkMapping, TableMapping, TableName } from '@landbridge/contracts';
import { clearedValue, type Clearing } from '../clearing.ts';
import { convert, rejection } from '../convert.ts';
import type { MappedFields, SourceColumns } from '../map-record.ts';
import { columnNamed, fieldNamed, type MappingMetadata } from '../metadata-index.ts';
import type { MappingRejection } from '../reject-reason.ts';

/** A record that another one refers to, by its table and its id in Dynamics. */
export type LinkedParent = { table: TableName; key: string };

/**
 * Shape   `attributes` are what is written for the links, by API name: an id for a link by column,
 *         `<link>.PKey` for one by key, the cleared value where there is no parent. `parents` has
 *         each parent once. `unread`: the record was queued by a run that did not read a linked
 *         column, or not where it leads.
 */
export type MappedLinks =
  | { kind: 'linked'; attributes: MappedFields; parents: LinkedParent[] }
  | { kind: 'refused'; rejected: MappingRejection }
  | { kind: 'unread' };

/** What was read of a record: `lookupTables` says where lookups lead that may lead to several. */
export type LinkedSource = {
  columns: SourceColumns;
  lookupTables?: Readonly<Record<string, string>> | undefined;
};

/**
 * Maps the links of one record. An empty column, and a lookup that leads to another table than the
 * link's, is no link: what stood there is cleared.
 */
export function mapLinks(
  source: LinkedSource,
  mapping: TableMapping,
  metadata: MappingMetadata,
  options: { clearing: Clearing },
): MappedLinks {
  const attributes: MappedFields = {};
  const parents = new Map<string, LinkedParent>();
  for (const link of mapping.links) {
    const field = fieldNamed(metadata.resource, link.campaign);
    if (field === undefined) return refused('fieldUnknown', link);
    const value = valueOf(source, link, metadata);
    if (value === 'unread') return { kind: 'unread' };
    if (value === null) {
      attributes[link.campaign] = clearedValue(field, options.clearing);
      continue;
    }
    const key = keyOf(value);
    if (key === null) return refused('valueUnreadable', link);
    if (link.by === 'key') attributes[`${link.campaign}.PKey`] = key;
    else {
      const column = columnNamed(metadata.table, link.dynamics);
      if (column === undefined) return refused('fieldUnknown', link);
      const converted = convert(key, column, field, { ...options, technicalValues: false });
      if (!converted.ok) return { kind: 'refused', rejected: converted.reason };
      attributes[link.campaign] = converted.value;
    }
    parents.set(`${link.to}/${key}`, { table: link.to, key });
  }
  return { kind: 'linked', attributes, parents: [...parents.values()] };
}

/** null: no link. */
function valueOf(
  { columns, lookupTables }: LinkedSource,
  { dynamics, to }: LinkMapping,
  { table }: MappingMetadata,
): unknown {
  const value = columns[dynamics];
  if (value === undefined) return 'unread';
  if (value === null || value === '') return null;
  const targets = columnNamed(table, dynamics)?.targets ?? [];
  if (targets.length < 2) return value;
  const leadsTo = lookupTables?.[dynamics];
  if (leadsTo === undefined) return 'unread';
  return leadsTo === to ? value : null;
}

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Records are known by their ids in small letters. */
function keyOf(value: unknown): string | null {
  const key = typeof value === 'string' ? value.trim().toLowerCase() : '';
  return GUID.test(key) ? key : null;
}

const refused = (code: MappingRejection['code'], { dynamics, campaign }: LinkMapping) =>
  ({ kind: 'refused', rejected: rejection(code, dynamics, campaign) }) as const;
