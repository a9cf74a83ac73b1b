import type { FieldMapping, FieldReplacement, TableMapping } from '@landbridge/contracts';
import type { Clearing } from './clearing.ts';
import { convert, type ConversionOptions, type Converted, rejection } from './convert.ts';
import { convertReplaced } from './convert-replaced.ts';
import { columnNamed, fieldNamed, type MappingMetadata } from './metadata-index.ts';
import { replacementsOf } from './replacement.ts';

/** One pair of a mapping, with everything looked up that a value does not change. */
export type CompiledField = FieldMapping & { convert: (value: unknown) => Converted };

/** A mapping made ready for the metadata of both systems. */
export type CompiledMapping = { key: CompiledField; fields: readonly CompiledField[] };

type Compiled = { metadata: MappingMetadata; clearing: Clearing; result: CompiledMapping };

/** The last one per mapping is enough: a run has one metadata at a time. */
const lastCompiled = new WeakMap<TableMapping, Compiled>();

/** Compiled once per mapping and metadata, because it is asked for at every record. */
export function compiledFor(
  mapping: TableMapping,
  metadata: MappingMetadata,
  clearing: Clearing,
): CompiledMapping {
  const last = lastCompiled.get(mapping);
  if (
    last !== undefined &&
    last.metadata.table === metadata.table &&
    last.metadata.resource === metadata.resource &&
    last.clearing === clearing
  ) {
    return last.result;
  }
  const options = { technicalValues: mapping.technicalValues, clearing };
  const result = {
    // A record is found again by its key, so that replacements leave it alone.
    key: compileField({ ...mapping.key, applyUpdates: true }, [], metadata, options),
    fields: mapping.fields.map((field) =>
      compileField(field, mapping.replacements, metadata, options),
    ),
  };
  lastCompiled.set(mapping, { metadata, clearing, result });
  return result;
}

function compileField(
  pair: FieldMapping,
  all: readonly FieldReplacement[],
  metadata: MappingMetadata,
  options: ConversionOptions,
): CompiledField {
  const column = columnNamed(metadata.table, pair.dynamics);
  const field = fieldNamed(metadata.resource, pair.campaign);
  if (column === undefined || field === undefined) {
    const reason = rejection('fieldUnknown', pair.dynamics, pair.campaign);
    return { ...pair, convert: () => ({ ok: false, reason }) };
  }
  const replacements = replacementsOf(all, column);
  return {
    ...pair,
    convert:
      replacements === null
        ? (value) => convert(value, column, field, options)
        : (value) => convertReplaced(value, { column, field }, replacements, options),
  };
}
