import type { TableMapping } from '@landbridge/contracts';
import { contentHash } from './content-hash.ts';

/**
 * A short name for which records a mapping lets through and what becomes of the others; null: every
 * record passes. Part of a reader's cursor: records that do not change are judged by an edited
 * filter only when they are read once more.
 */
export function filterShape({ filter, deleteFilteredOut }: TableMapping): string | null {
  return filter === null ? null : contentHash({ deleteFilteredOut }, [JSON.stringify(filter)]);
}
