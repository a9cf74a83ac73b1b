import type { QueuedRecord } from '@landbridge/contracts';
import {
  type LinkedParent,
  mapLinks,
  type MappedRecord,
  type MappingRejection,
  mapRecord,
} from '@landbridge/mapping';
import type { TableWriting } from './record.writer.ts';

/** A record as it is to be written, its links among what follows changes. */
export type Mapped = Extract<MappedRecord, { ok: true }> & { parents: LinkedParent[] };

/** `unread`: queued by a run that did not read a linked column; it is read anew. */
export type LinkedRecord =
  | { kind: 'mapped'; mapped: Mapped }
  | { kind: 'refused'; rejected: MappingRejection }
  | { kind: 'unread' };

export function mapLinkedRecord(
  record: Pick<QueuedRecord, 'columns' | 'lookupTables'>,
  { mapping, schema, clearing }: Pick<TableWriting, 'mapping' | 'schema' | 'clearing'>,
): LinkedRecord {
  const mapped = mapRecord(record.columns, mapping, schema.metadata, { clearing });
  if (!mapped.ok) return { kind: 'refused', rejected: mapped.rejected };
  const links = mapLinks(record, mapping, schema.metadata, { clearing });
  if (links.kind !== 'linked') return links;
  const { attributes, parents } = links;
  const followed = { ...mapped.followed, ...attributes };
  return { kind: 'mapped', mapped: { ...mapped, followed, parents } };
}
