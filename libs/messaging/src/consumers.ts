import { AckPolicy, type ConsumerConfig, DeliverPolicy, ReplayPolicy } from '@nats-io/jetstream';
import { nanos } from '@nats-io/nats-core';
import {
  partitionConsumer,
  partitionFilter,
  retryFilter,
  retrySubject,
  tableConsumer,
  type TableAddress,
  tickSubject,
  verifySubject,
  type WorkflowAddress,
  workflowConsumer,
} from './subjects.ts';

/** Every option of a consumer that matters for a durable pull consumer. */
export type DeclaredConsumer = Required<
  Pick<
    ConsumerConfig,
    | 'durable_name'
    | 'description'
    | 'filter_subject'
    | 'ack_policy'
    | 'ack_wait'
    | 'deliver_policy'
    | 'replay_policy'
    | 'max_ack_pending'
    | 'max_deliver'
    | 'max_waiting'
    | 'max_batch'
    | 'max_expires'
    | 'inactive_threshold'
    | 'headers_only'
    | 'mem_storage'
  >
>;

/**
 * How long a message may be in hand without a sign of life. After `kill -9` of its holder it comes
 * back this much later; holders call `working()` every `WORKING_EVERY_MS`.
 */
export const ACK_WAIT_MS = 10_000;
export const WORKING_EVERY_MS = 3_000;

/** Of one partition, over all replicas: in hand, or resting until they are tried again. */
const BATCH_PENDING_MAX = 4_000;

const durable = {
  ack_policy: AckPolicy.Explicit,
  ack_wait: nanos(ACK_WAIT_MS),
  deliver_policy: DeliverPolicy.All,
  replay_policy: ReplayPolicy.Instant,
  max_ack_pending: 1,
  max_deliver: -1,
  max_waiting: 512,
  max_batch: 0,
  max_expires: 0,
  inactive_threshold: 0,
  headers_only: false,
  mem_storage: false,
} as const;

/** One at a time per partition: JetStream keeps the order and spreads partitions over replicas. */
export const partitionOf = (at: WorkflowAddress, partition: number): DeclaredConsumer => ({
  ...durable,
  durable_name: partitionConsumer(at, partition),
  description: 'Writes one partition of the queue, in order',
  filter_subject: partitionFilter(at, partition),
});

/** Many at a time, for a destination that takes bulk writes: no order is kept. */
export const batchesOf = (at: WorkflowAddress, partition: number): DeclaredConsumer => ({
  ...partitionOf(at, partition),
  description: 'Writes one partition of the queue, many at a time',
  max_ack_pending: BATCH_PENDING_MAX,
});

/** One holder at a time: the table's only active reader. */
export const tickOf = (at: TableAddress): DeclaredConsumer => ({
  ...durable,
  durable_name: tableConsumer(at),
  description: 'Hands the right to read a table to one reader at a time',
  filter_subject: tickSubject(at),
});

export const retriesOf = (at: TableAddress): DeclaredConsumer => ({
  ...durable,
  durable_name: tableConsumer(at),
  description: 'Hands out what is to be read again',
  filter_subject: retrySubject(at),
  max_ack_pending: 1_000,
});

/** For a workflow whose tables are all read by one reader. */
export const allRetriesOf = (at: WorkflowAddress): DeclaredConsumer => ({
  ...durable,
  durable_name: workflowConsumer(at),
  description: 'Hands out what is to be queued again, of all tables',
  filter_subject: retryFilter(at),
  max_ack_pending: 1_000,
});

/** One holder at a time: a table is verified once at a time, wherever. */
export const verificationsOf = (at: TableAddress): DeclaredConsumer => ({
  ...durable,
  durable_name: tableConsumer(at),
  description: 'Hands out the verifications of a table, one at a time',
  filter_subject: verifySubject(at),
});

/** Shared by all control planes; one at a time, so that the log gets reports in their order. */
export const reportsConsumer: DeclaredConsumer = {
  ...durable,
  durable_name: 'control-plane',
  description: 'Takes reports into the event log',
  filter_subject: 'reports.>',
};
