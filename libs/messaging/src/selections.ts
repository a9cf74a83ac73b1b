import { Filter, Timestamp } from '@landbridge/contracts';
import { z } from 'zod';
import type { Bus } from './bus.ts';
import { isWrongSequence } from './errors.ts';
import { selectionKey, type TableAddress } from './subjects.ts';

/** Records of a table that are read and written again: by a filter, or those that changed since. */
export const RecordSelection = z.object({
  id: z.uuid(),
  filter: Filter.nullable(),
  changedSince: Timestamp.nullable(),
});
export type RecordSelection = z.infer<typeof RecordSelection>;

/** Leaves the selection for whoever reads the table. False: an earlier one is not done. */
export async function putSelection(
  bus: Bus,
  at: TableAddress,
  selection: RecordSelection,
): Promise<boolean> {
  const key = selectionKey(at);
  const entry = await bus.cursors.get(key);
  if (entry?.operation === 'PUT') return false;
  try {
    const body = JSON.stringify(RecordSelection.parse(selection));
    await bus.cursors.put(key, body, { previousSeq: entry?.revision ?? 0 });
    return true;
  } catch (error) {
    if (isWrongSequence(error)) return false;
    throw error;
  }
}

/** null: nothing is left to read, or it is not of this version. */
export async function readSelection(bus: Bus, at: TableAddress): Promise<RecordSelection | null> {
  const entry = await bus.cursors.get(selectionKey(at));
  if (entry?.operation !== 'PUT') return null;
  try {
    return RecordSelection.parse(JSON.parse(entry.string()));
  } catch {
    return null;
  }
}

/** The selection is done; doing it twice is doing it once. */
export async function removeSelection(bus: Bus, at: TableAddress): Promise<void> {
  await bus.cursors.delete(selectionKey(at));
}
