import type { TableMapping } from '@landbridge/contracts';
import { isUnsure } from '@landbridge/messaging';
import type { RecordMemory } from '../control-plane.ts';

/**
 * Whether a record that Campaign has under the key of one of ours is somebody else's: Landbridge
 * did not write it, and is not told to take it over. A write skips it as `notOurs`.
 */
export function isForeign(
  { memory, memoryIsComplete }: RecordMemory,
  { adoptExisting }: Pick<TableMapping, 'adoptExisting'>,
): boolean {
  if (adoptExisting === true || !memoryIsComplete) return false;
  const entry = memory?.entry ?? null;
  return (entry === null || entry.hash === null) && !isUnsure(entry);
}
