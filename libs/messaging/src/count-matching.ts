import { AckPolicy, DeliverPolicy, ReplayPolicy } from '@nats-io/jetstream';
import { nanos } from '@nats-io/nats-core';
import type { Bus } from './bus.ts';

/** The server forgets the consumer by itself should nobody be left to delete it. */
const IDLE_MS = 5_000;

/** How many messages of a stream have a subject like this; the server counts, and nothing is read. */
export async function countMatching(bus: Bus, stream: string, filter: string): Promise<number> {
  const { name, num_pending } = await bus.jsm.consumers.add(stream, {
    ack_policy: AckPolicy.None,
    deliver_policy: DeliverPolicy.All,
    replay_policy: ReplayPolicy.Instant,
    filter_subject: filter,
    inactive_threshold: nanos(IDLE_MS),
    mem_storage: true,
    num_replicas: 1,
  });
  await bus.jsm.consumers.delete(stream, name).catch(() => false);
  return num_pending;
}
