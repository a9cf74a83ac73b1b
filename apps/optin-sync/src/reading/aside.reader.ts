import type { QueuedRecord } from '@landbridge/contracts';
import {
  type Bus,
  type Cursor,
  listAwaited,
  takeUp,
  type WorkflowAddress,
} from '@landbridge/messaging';
import type { ReadBatch, Reader } from '@landbridge/pipeline';
import { z } from 'zod';
import { columnsOfRecord, identifyContact } from './contact-record.ts';
import type { OptoutWatch } from '../writing/optout-watch.ts';

/** Sequences of those that were queued by the read before; only now may they be taken away. */
const AsideCursor = z.object({ schemaVersion: z.literal(1), taken: z.array(z.number()) });

const LOOK_MAX = 500;
const REST_MS = 1_000;
/** Doubles with each time that a contact steps aside. */
const WAIT_MS = 2_000;
const WAIT_MAX_MS = 60_000;

/** Queues again what stepped aside, once no opt-out waits any more. */
export function createAsideReader(
  bus: Bus,
  at: WorkflowAddress,
  watch: Pick<OptoutWatch, 'someoneWaits'>,
): Reader {
  return {
    table: 'aside',
    again: 'none',
    identify: identifyContact,
    read: (cursor) => readAside(cursor, bus, at, watch),
  };
}

async function readAside(
  saved: Cursor | null,
  bus: Bus,
  at: WorkflowAddress,
  watch: Pick<OptoutWatch, 'someoneWaits'>,
): Promise<ReadBatch> {
  const parsed = AsideCursor.safeParse(saved);
  if (parsed.success) for (const sequence of parsed.data.taken) await takeUp(bus, sequence);
  const waiting = await listAwaited(bus, at, { after: 0, limit: LOOK_MAX });
  const mayGoOn = waiting.length > 0 && !(await watch.someoneWaits(null));
  const due = mayGoOn ? waiting.filter(({ record }) => isRested(record)) : [];
  const records = due.map(({ record, sequence }) => {
    const columns = { ...record.columns, sameness: `aside/${record.key}/${sequence}` };
    return { ...record, readAt: new Date().toISOString(), columns };
  });
  const taken = due.map(({ sequence }) => sequence);
  const next = { schemaVersion: 1, taken };
  return { records, next, more: taken.length > 0, restMs: REST_MS, calls: 0 };
}

function isRested(record: QueuedRecord): boolean {
  const { asides } = columnsOfRecord(record);
  const waitMs = Math.min(WAIT_MAX_MS, WAIT_MS * 2 ** Math.min(asides - 1, 10));
  return Date.now() - Date.parse(record.readAt) >= waitMs;
}
