import { QueuedRecord } from '@landbridge/contracts';
import type { Bus } from './bus.ts';
import { queueStream } from './streams.ts';
import { queueTableFilter, type TableAddress } from './subjects.ts';

/** `record` null: it is none of this version. */
export interface OldestQueued {
  record: QueuedRecord | null;
  queuedAt: Date;
}

/** The table's record that is not settled for the longest, in hand or not; null: there is none. */
export async function oldestQueued(bus: Bus, at: TableAddress): Promise<OldestQueued | null> {
  const query = { seq: 1, next_by_subj: queueTableFilter(at) };
  const stored = await bus.jsm.direct.getMessage(queueStream(at.workflow), query);
  if (stored === null) return null;
  const record = QueuedRecord.safeParse(stored.json());
  return { record: record.success ? record.data : null, queuedAt: stored.time };
}
