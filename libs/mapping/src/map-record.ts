import type { TableMapping } from '@landbridge/contracts';
import { type CampaignValue, type ConversionOptions, rejection } from './convert.ts';
import { compiledFor, type CompiledField } from './compiled-mapping.ts';
import type { MappingMetadata } from './metadata-index.ts';
import type { MappingRejection } from './reject-reason.ts';

/** Columns by logical name as they were read: absent was not read, null is empty at the source. */
export type SourceColumns = Readonly<Record<string, unknown>>;

/** Attributes by API name; sub-objects' attributes are dotted, as in `location.city`. */
export type MappedFields = Record<string, CampaignValue>;

/**
 * Shape   `followed` are the attributes whose mapping applies updates; `onInsert` those that are
 *         written when the record is inserted or loaded, and at no other time. Neither holds the
 *         key. A column that was not read is in neither.
 */
export type MappedRecord =
  | { ok: true; key: string; keyField: string; followed: MappedFields; onInsert: MappedFields }
  | { ok: false; rejected: MappingRejection };

/** Maps one record. Never throws on data; the first value that does not fit rejects the record. */
export function mapRecord(
  columns: SourceColumns,
  mapping: TableMapping,
  metadata: MappingMetadata,
  options: Pick<ConversionOptions, 'clearing'> = {},
): MappedRecord {
  const compiled = compiledFor(mapping, metadata, options.clearing ?? 'empty');
  const key = keyOf(columns, compiled.key);
  if (!key.ok) return { ok: false, rejected: key.reason };
  const followed: MappedFields = {};
  const onInsert: MappedFields = {};
  for (const field of compiled.fields) {
    const value = columns[field.dynamics];
    if (value === undefined) continue;
    const converted = field.convert(value);
    if (!converted.ok) return { ok: false, rejected: converted.reason };
    (field.applyUpdates ? followed : onInsert)[field.campaign] = converted.value;
  }
  return { ok: true, key: key.value, keyField: mapping.key.campaign, followed, onInsert };
}

type MappedKey = { ok: true; value: string } | { ok: false; reason: MappingRejection };

/** The key as Campaign knows it: always text, never empty. */
export function mapKey(
  columns: SourceColumns,
  mapping: TableMapping,
  metadata: MappingMetadata,
  options: Partial<ConversionOptions> = {},
): MappedKey {
  return keyOf(columns, compiledFor(mapping, metadata, options.clearing ?? 'empty').key);
}

function keyOf(columns: SourceColumns, { dynamics, campaign, convert }: CompiledField): MappedKey {
  const refused = (code: 'keyNotRead' | 'keyEmpty') =>
    ({ ok: false, reason: rejection(code, dynamics, campaign) }) as const;
  const value = columns[dynamics];
  if (value === undefined) return refused('keyNotRead');
  if (value === null) return refused('keyEmpty');
  const converted = convert(value);
  if (!converted.ok) return converted;
  const text = converted.value === null ? '' : String(converted.value);
  return text.trim() === '' ? refused('keyEmpty') : { ok: true, value: text };
}
