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

/** What is left of a selection that was read, so that asking for it again is known. */
const Done = z.object({ doneId: z.uuid() });

/**
 * Leaves the selection for whoever reads the table; leaving it again changes nothing, also when it
 * was read meanwhile. False: another one is not done.
 */
export async function putSelection(
  bus: Bus,
  at: TableAddress,
  selection: RecordSelection,
): Promise<boolean> {
  const key = selectionKey(at);
  const { revision, id, isDone } = await leftAt(bus, at);
  if (id === selection.id) return true;
  if (!isDone) return false;
  try {
    const body = JSON.stringify(RecordSelection.parse(selection));
    await bus.cursors.put(key, body, { previousSeq: revision });
    return true;
  } catch (error) {
    // Somebody was first: it may be the same request, told twice at once.
    if (isWrongSequence(error)) return (await leftAt(bus, at)).id === selection.id;
    throw error;
  }
}

/** null: nothing is left to read, or it is not of this version. */
export async function readSelection(bus: Bus, at: TableAddress): Promise<RecordSelection | null> {
  const entry = await bus.cursors.get(selectionKey(at));
  if (entry?.operation !== 'PUT') return null;
  return RecordSelection.safeParse(jsonOf(entry.string())).data ?? null;
}

/** The selection is done; doing it twice is doing it once, and another one is left alone. */
export async function removeSelection(bus: Bus, at: TableAddress, id: string): Promise<void> {
  const left = await leftAt(bus, at);
  if (left.id !== id || left.isDone) return;
  try {
    const body = JSON.stringify(Done.parse({ doneId: id }));
    await bus.cursors.put(selectionKey(at), body, { previousSeq: left.revision });
  } catch (error) {
    if (!isWrongSequence(error)) throw error;
  }
}

/** Shape   `id` null: none was left, or one that is not of this version and so not known to be done. */
async function leftAt(
  bus: Bus,
  at: TableAddress,
): Promise<{ revision: number; id: string | null; isDone: boolean }> {
  const entry = await bus.cursors.get(selectionKey(at));
  const revision = entry?.revision ?? 0;
  if (entry?.operation !== 'PUT') return { revision, id: null, isDone: true };
  const json = jsonOf(entry.string());
  const done = Done.safeParse(json);
  if (done.success) return { revision, id: done.data.doneId, isDone: true };
  return { revision, id: RecordSelection.safeParse(json).data?.id ?? null, isDone: false };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
