import { JetStreamApiCodes, JetStreamApiError } from '@nats-io/jetstream';
import type { Bus } from './bus.ts';
import { queueStream } from './streams.ts';
import {
  partitionConsumer,
  partitionFilter,
  partitionOfQueueSubject,
  queueFilter,
  type WorkflowAddress,
} from './subjects.ts';

/**
 * Removes the oldest messages of the queue that are settled and still there, and answers how many.
 * A nats-server that is killed can have kept an acknowledgement and lost the removal that followed
 * it (seen with 2.15.1 and `sync_interval: always`). Such a message is handed to nobody any more,
 * and would count as queued for ever.
 */
export async function removeSettledLeftovers(bus: Bus, at: WorkflowAddress): Promise<number> {
  const stream = queueStream(at.workflow);
  let removed = 0;
  for (;;) {
    const query = { seq: 1, next_by_subj: queueFilter(at) };
    const oldest = await bus.jsm.direct.getMessage(stream, query);
    const partition = oldest === null ? null : partitionOfQueueSubject(oldest.subject);
    if (oldest === null || partition === null) return removed;
    const settledUntil = await settledUntilSeq(bus, at, partition);
    if (oldest.seq > settledUntil) return removed;
    const filter = partitionFilter(at, partition);
    const { purged } = await bus.jsm.streams.purge(stream, { filter, seq: settledUntil + 1 });
    if (purged === 0) return removed;
    removed += purged;
  }
}

/** Everything of the partition up to this message is settled; 0: nobody has taken anything yet. */
async function settledUntilSeq(bus: Bus, at: WorkflowAddress, partition: number): Promise<number> {
  const name = partitionConsumer(at, partition);
  try {
    const { ack_floor } = await bus.jsm.consumers.info(queueStream(at.workflow), name);
    return ack_floor.stream_seq;
  } catch (error) {
    const isUnopened =
      error instanceof JetStreamApiError && error.code === JetStreamApiCodes.ConsumerNotFound;
    if (isUnopened) return 0;
    throw error;
  }
}
