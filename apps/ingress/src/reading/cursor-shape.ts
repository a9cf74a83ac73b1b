import type { DynamicsTableMetadata, TableMapping } from '@landbridge/contracts';
import { columnsOf, filterShape, readingShape } from '@landbridge/mapping';
import type { TableCursor } from './table-cursor.ts';

/**
 * What a cursor must fit: the columns that are read, their types, and the filter. An edited filter
 * concerns records that do not change, too, so it is a reason to read the table once more.
 */
export function cursorShape(mapping: TableMapping, table: DynamicsTableMetadata): string {
  const filter = filterShape(mapping);
  const reading = readingShape(mapping, table);
  return filter === null ? reading : `${reading}.${filter}`;
}

/** Why `at` does not fit what has to be read now; null when it does. */
export function misfitOf(
  at: TableCursor,
  mapping: TableMapping,
  table: DynamicsTableMetadata,
): string | null {
  if (at.shape === cursorShape(mapping, table)) return null;
  const wanted = columnsOf(mapping);
  const added = wanted.filter((name) => !at.columns.includes(name));
  const removed = at.columns.filter((name) => !wanted.includes(name));
  const parts = [
    ...(added.length > 0 ? [`added ${added.join(', ')}`] : []),
    ...(removed.length > 0 ? [`removed ${removed.join(', ')}`] : []),
  ];
  if (parts.length > 0) return `the columns to read have changed (${parts.join('; ')})`;
  return at.shape.split('.')[0] === readingShape(mapping, table)
    ? 'the filter was edited'
    : 'the columns to read have changed in kind';
}
