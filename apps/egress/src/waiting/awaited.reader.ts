import type { QueuedRecord } from '@landbridge/contracts';
import type { DynamicsClient, TableShape } from '@landbridge/dynamics';
import {
  type AwaitedRecord,
  type Bus,
  listAwaited,
  takeUp,
  type WorkflowAddress,
} from '@landbridge/messaging';
import { type ReadBatch, type Reader, RunFailedError } from '@landbridge/pipeline';
import { z } from 'zod';
import { identify } from '../events/identify.ts';
import { eventOf } from '../events/queued-event.ts';
import { dynamicsFailure } from '../schema/vendor-failures.ts';
import type { Contacts } from '../writing/contact-of.ts';

export type AwaitedReading = {
  bus: Bus;
  at: WorkflowAddress;
  client: Pick<DynamicsClient, 'existing'>;
  contactTable: TableShape;
  contacts: Pick<Contacts, 'of'>;
  waitMinutes: number;
  /** Between two passes over all that waits. */
  everyMs: number;
  onDynamicsCalls: (calls: number) => void;
  now?: () => Date;
};

/** The reader's table: no event's kind. */
export const AWAITED_TABLE = 'waiting';

/** One page of a pass; as many contacts are asked for together. */
const PAGE_MAX = 200;

const AwaitedCursor = z.object({
  /** The pass is behind this one. */
  after: z.int().nonnegative(),
  /** These are queued, so that they wait no longer. */
  queued: z.array(z.int()),
});

/**
 * Passes over the events that wait and queues again whose contact is there now, and whose time is
 * over: then the writer tells a person. An event is taken out of the waiting ones only when the
 * cursor proves that it is queued.
 */
export function createAwaitedReader(deps: AwaitedReading): Reader {
  const { bus, at, everyMs } = deps;
  return {
    table: AWAITED_TABLE,
    again: 'none',
    identify,
    async read(cursor): Promise<ReadBatch> {
      const parsed = AwaitedCursor.safeParse(cursor);
      const { after, queued } = parsed.success ? parsed.data : { after: 0, queued: [] };
      for (const sequence of queued) await takeUp(bus, sequence);
      const waiting = await listAwaited(bus, at, { after, limit: PAGE_MAX });
      const last = waiting.at(-1);
      if (last === undefined) {
        return {
          records: [],
          next: { after: 0, queued: [] },
          more: false,
          restMs: everyMs,
          calls: 0,
        };
      }
      const due = await dueOf(waiting, deps);
      return {
        records: due.map(({ record, sequence }) => ({ ...record, version: String(sequence) })),
        next: { after: last.sequence, queued: due.map(({ sequence }) => sequence) },
        more: true,
        calls: 0,
      };
    },
  };
}

async function dueOf(
  waiting: readonly AwaitedRecord[],
  deps: AwaitedReading,
): Promise<AwaitedRecord[]> {
  const nowMs = (deps.now ?? (() => new Date()))().getTime();
  const isOver = ({ readAt }: QueuedRecord) =>
    nowMs >= Date.parse(readAt) + deps.waitMinutes * 60_000;
  const contactOf = new Map<number, string>();
  const due = new Set<number>();
  for (const { record, sequence } of waiting) {
    const event = eventOf(record);
    const contact = event === null ? null : await deps.contacts.of(event);
    // What never finds its contact is for the writer to say.
    if (contact === null || contact.found === 'never' || isOver(record)) due.add(sequence);
    else if (contact.found === 'yes') contactOf.set(sequence, contact.contactId);
  }
  const there = await existingOf(new Set(contactOf.values()), deps);
  for (const [sequence, contactId] of contactOf) if (there.has(contactId)) due.add(sequence);
  return waiting.filter(({ sequence }) => due.has(sequence));
}

async function existingOf(
  ids: ReadonlySet<string>,
  { client, contactTable, onDynamicsCalls }: AwaitedReading,
): Promise<ReadonlySet<string>> {
  if (ids.size === 0) return ids;
  try {
    const { value, calls } = await client.existing(contactTable, [...ids]);
    onDynamicsCalls(calls);
    return value;
  } catch (error) {
    const failure = dynamicsFailure(error, contactTable.table);
    throw failure === null ? error : new RunFailedError(failure, { cause: error });
  }
}
