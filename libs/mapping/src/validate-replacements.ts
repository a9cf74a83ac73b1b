import type { DynamicsColumnMetadata, FieldReplacement, TableMapping } from '@landbridge/contracts';
import { convertReplacement } from './convert.ts';
import { error, type Finding } from './finding.ts';
import { columnNamed, fieldNamed, type MappingMetadata } from './metadata-index.ts';
import { fromName } from './replacement.ts';
import { readSource } from './source-value.ts';

/** Replacements of unknown or unmapped columns, of options that do not exist, with unfit values. */
export function validateReplacements(
  mapping: TableMapping,
  metadata: MappingMetadata,
  pointer: string,
): Finding[] {
  return mapping.replacements.flatMap((replacement, index) =>
    validateReplacement(replacement, mapping, metadata, `${pointer}/replacements/${index}`),
  );
}

function validateReplacement(
  replacement: FieldReplacement,
  mapping: TableMapping,
  metadata: MappingMetadata,
  pointer: string,
): Finding[] {
  const column = columnNamed(metadata.table, replacement.dynamics);
  if (column === undefined) {
    const message = `the column "${replacement.dynamics}" does not exist in "${metadata.table.table}"`;
    return [error(`${pointer}/dynamics`, message)];
  }
  const targets = mapping.fields.filter(({ dynamics }) => dynamics === column.name);
  if (targets.length === 0) {
    return [error(`${pointer}/dynamics`, `the column "${column.name}" is not mapped`)];
  }
  return [
    ...checkFrom(replacement.from, column, `${pointer}/from`),
    ...targets.flatMap(({ campaign }) => checkTo(replacement, column, campaign)),
  ];

  function checkTo(
    { to }: FieldReplacement,
    source: DynamicsColumnMetadata,
    campaign: string,
  ): Finding[] {
    const field = fieldNamed(metadata.resource, campaign);
    if (field === undefined) return [];
    const options = { technicalValues: mapping.technicalValues };
    const converted = convertReplacement(to, source, field, options);
    return converted.ok ? [] : [error(`${pointer}/to`, converted.reason.message)];
  }
}

function checkFrom(
  from: FieldReplacement['from'],
  column: DynamicsColumnMetadata,
  pointer: string,
): Finding[] {
  if (from === null) return [];
  const chosen = chosenOptions(from, column);
  if (chosen === 'none') {
    return fromName(from, column) === null ? [error(pointer, neverValue(from, column))] : [];
  }
  const known = column.options.map(({ value }) => value);
  const unknown = chosen === null ? [from] : chosen.filter((value) => !known.includes(value));
  return unknown.length === 0
    ? []
    : [
        error(
          pointer,
          `${JSON.stringify(from)} is not an option of "${column.name}"; it has ` +
            column.options.map(({ value, label }) => `${value} ${label}`).join(', '),
        ),
      ];
}

const neverValue = (from: string | number | boolean, column: DynamicsColumnMetadata): string =>
  `${JSON.stringify(from)} can never be a value of "${column.name}" (${column.type})`;

/** Technical values; null: not a technical value of the type; 'none': the type has no options. */
function chosenOptions(
  from: string | number | boolean,
  column: DynamicsColumnMetadata,
): number[] | null | 'none' {
  if (column.type === 'boolean') return typeof from === 'boolean' ? [Number(from)] : null;
  if (column.options.length === 0) return 'none';
  const source = readSource(typeof from === 'number' ? from : String(from), column);
  if (source?.kind === 'options') return source.values;
  if (column.type === 'multiSelectPicklist' && typeof from === 'number') return [from];
  return source?.kind === 'option' ? [source.value] : null;
}
