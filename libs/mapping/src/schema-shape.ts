import type { RunFailure, TableMapping } from '@landbridge/contracts';
import { columnsOf } from './columns-of.ts';
import { contentHash } from './content-hash.ts';
import { columnNamed, fieldNamed, type MappingMetadata } from './metadata-index.ts';

/**
 * Looks for what a run cannot survive: a column or attribute of `mapping` that is gone or whose
 * type is another than in `before`. null: nothing of that kind. `before` null: only presence counts.
 */
export function schemaFault(
  mapping: TableMapping,
  before: MappingMetadata | null,
  now: { table: MappingMetadata['table'] | null; resource: MappingMetadata['resource'] | null },
): RunFailure | null {
  if (now.table === null) {
    return fault('tableMissing', 'dynamics', mapping.dynamicsTable, 'does not exist any more');
  }
  if (now.resource === null) {
    return fault('tableMissing', 'campaign', mapping.campaignResource, 'does not exist any more');
  }
  const metadata = { table: now.table, resource: now.resource };
  return columnFault(mapping, before, metadata) ?? fieldFault(mapping, before, metadata);
}

function columnFault(
  mapping: TableMapping,
  before: MappingMetadata | null,
  now: MappingMetadata,
): RunFailure | null {
  for (const name of columnsOf(mapping)) {
    const column = columnNamed(now.table, name);
    if (column?.readable !== true) {
      return fault('columnMissing', 'dynamics', `${mapping.dynamicsTable}.${name}`, 'is gone');
    }
    const was = before === null ? undefined : columnNamed(before.table, name);
    if (was !== undefined && was.type !== column.type) {
      const change = `was ${was.type} and is ${column.type} now`;
      return fault('columnTypeChanged', 'dynamics', `${mapping.dynamicsTable}.${name}`, change);
    }
  }
  return null;
}

function fieldFault(
  mapping: TableMapping,
  before: MappingMetadata | null,
  now: MappingMetadata,
): RunFailure | null {
  const names = [mapping.key, ...mapping.fields, ...mapping.links].map(({ campaign }) => campaign);
  for (const name of names) {
    const field = fieldNamed(now.resource, name);
    const path = `${mapping.campaignResource}.${name}`;
    if (field === undefined) return fault('columnMissing', 'campaign', path, 'is gone');
    if (field.readOnly) return fault('columnTypeChanged', 'campaign', path, 'is read-only now');
    const was = before === null ? undefined : fieldNamed(before.resource, name);
    if (was !== undefined && was.type !== field.type) {
      const change = `was ${was.type} and is ${field.type} now`;
      return fault('columnTypeChanged', 'campaign', path, change);
    }
  }
  return null;
}

function fault(
  code: RunFailure['code'],
  system: 'dynamics' | 'campaign',
  field: string,
  what: string,
): RunFailure {
  const where = system === 'dynamics' ? 'Dynamics 365' : 'Campaign';
  return { code, system, field, message: `${field} ${what} in ${where}` };
}

/**
 * A short name for what of Dynamics' metadata decides whether a cursor still fits: the columns
 * that are read, their types, the table's entity set. Part of a reader's cursor.
 */
export function readingShape(mapping: TableMapping, table: MappingMetadata['table']): string {
  const types = columnsOf(mapping).map((name) => [name, columnNamed(table, name)?.type ?? null]);
  // Records that were read while a column was no link do not say which table it leads to.
  const links = mapping.links.map(({ dynamics }) => dynamics).sort();
  const linked = links.length === 0 ? [] : [JSON.stringify(links)];
  const { entitySet, primaryId } = table;
  return contentHash({}, [table.table, entitySet, primaryId, JSON.stringify(types), ...linked]);
}
