import type { InstanceId, QueuedRecord } from '@landbridge/contracts';
import { z } from 'zod';

/** A row of an export file that does not tell whom it is about. `row`: from 1, after the headings. */
const UnreadableRow = z.object({ file: z.string().min(1), row: z.int().positive() });
export type UnreadableRow = z.infer<typeof UnreadableRow>;

const NAME_MAX = 240;

/** Queues the row, so that it becomes a dead letter; nothing of what it says leaves the file. */
export function unreadableRowRecord(
  { file, row }: UnreadableRow,
  instance: InstanceId,
): QueuedRecord {
  const name = file.slice(0, NAME_MAX);
  return {
    schemaVersion: 1,
    instance,
    // It may be an opt-out, and is told as one.
    table: 'optout',
    key: `${name}:${row}`,
    change: 'upsert',
    origin: 'change',
    version: null,
    modifiedOn: null,
    readAt: new Date().toISOString(),
    columns: { file: name, row },
  };
}

/** null: the record is about a contact. */
export function unreadableRowOf({ columns }: Pick<QueuedRecord, 'columns'>): UnreadableRow | null {
  return UnreadableRow.safeParse(columns).data ?? null;
}

/** The row that a dead letter's key names; null: it names none. */
export function unreadableRowIn(key: string): UnreadableRow | null {
  const [, file, row] = /^(.+):(\d+)$/.exec(key) ?? [];
  return UnreadableRow.safeParse({ file, row: Number(row) }).data ?? null;
}
