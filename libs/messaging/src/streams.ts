import type { WorkflowName } from '@landbridge/contracts';
import {
  DiscardPolicy,
  RetentionPolicy,
  StorageType,
  StoreCompression,
  type StreamConfig,
} from '@nats-io/jetstream';
import { type Nanos, nanos } from '@nats-io/nats-core';

/** Every option of a stream that nats-server 2.10 knows; `num_replicas` is the operator's. */
export type DeclaredStream = Required<
  Pick<
    StreamConfig,
    | 'name'
    | 'description'
    | 'subjects'
    | 'retention'
    | 'storage'
    | 'compression'
    | 'max_consumers'
    | 'max_msgs'
    | 'max_msgs_per_subject'
    | 'max_bytes'
    | 'max_msg_size'
    | 'max_age'
    | 'discard'
    | 'discard_new_per_subject'
    | 'duplicate_window'
    | 'no_ack'
    | 'sealed'
    | 'deny_delete'
    | 'deny_purge'
    | 'allow_direct'
    | 'mirror_direct'
    | 'allow_rollup_hdrs'
  >
>;

const MIB = 1024 * 1024;
const NEVER: Nanos = 0;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** What every stream has in common; each says below what it does otherwise. */
const base = {
  storage: StorageType.File,
  compression: StoreCompression.None,
  max_consumers: -1,
  max_msgs: -1,
  max_msgs_per_subject: -1,
  max_msg_size: -1,
  max_age: NEVER,
  discard_new_per_subject: false,
  duplicate_window: nanos(2 * MINUTE_MS),
  no_ack: false,
  sealed: false,
  deny_delete: false,
  deny_purge: false,
  allow_direct: true,
  mirror_direct: false,
  allow_rollup_hdrs: false,
} as const;

/** Workflows whose service stands. The next one gets its queue by being named here. */
export const QUEUED_WORKFLOWS: readonly WorkflowName[] = ['ingress', 'egress', 'optin'];

export const queueStream = (workflow: WorkflowName): string => `QUEUE_${workflow.toUpperCase()}`;

/** Records that were read and not yet settled. Full: readers wait, nothing is thrown away. */
const queue = (workflow: WorkflowName): DeclaredStream => ({
  ...base,
  name: queueStream(workflow),
  description: 'Records that were read and wait for their write',
  subjects: [`queue.${workflow}.*.*.*`],
  retention: RetentionPolicy.Workqueue,
  discard: DiscardPolicy.New,
  max_bytes: 1024 * MIB,
  max_consumers: 5_000,
});

/** One message for each table: whoever holds it reads. A second one is refused. */
export const TICKS = {
  ...base,
  name: 'TICKS',
  description: 'The right to read a table, one message for each',
  subjects: ['tick.*.*.*'],
  retention: RetentionPolicy.Workqueue,
  discard: DiscardPolicy.New,
  discard_new_per_subject: true,
  max_msgs_per_subject: 1,
  max_bytes: 16 * MIB,
  max_consumers: 5_000,
  duplicate_window: nanos(1_000),
} as const satisfies DeclaredStream;

/** What is to be read again at the source: dead letters to retry, records whose parent landed. */
export const RETRIES = {
  ...base,
  name: 'RETRIES',
  description: 'Records to be read again at the source because somebody asked for it',
  subjects: ['retry.*.*.*'],
  retention: RetentionPolicy.Workqueue,
  discard: DiscardPolicy.New,
  max_bytes: 64 * MIB,
  max_consumers: 5_000,
} as const satisfies DeclaredStream;

/** Figures are cumulative and states are told again, so the oldest may go when nobody listens. */
export const REPORTS = {
  ...base,
  name: 'REPORTS',
  description: 'What the data services tell the control plane',
  subjects: ['reports.*.*.*'],
  retention: RetentionPolicy.Limits,
  discard: DiscardPolicy.Old,
  max_bytes: 512 * MIB,
  max_age: nanos(7 * DAY_MS),
} as const satisfies DeclaredStream;

/** Never expires. Full: the record stays in the queue instead, so that none is lost. */
export const DEAD_LETTERS = {
  ...base,
  name: 'DEAD_LETTERS',
  description: 'Records that their destination refused',
  subjects: ['dead.*.*.*.*'],
  retention: RetentionPolicy.Limits,
  discard: DiscardPolicy.New,
  max_msgs_per_subject: 1,
  max_bytes: 1024 * MIB,
} as const satisfies DeclaredStream;

/** The hash of what was last written, per record. Bounded: what is forgotten costs calls only. */
export const WRITTEN = {
  ...base,
  name: 'WRITTEN',
  description: 'What was last written to the destination, by its hash',
  subjects: ['written.*.*.*.*'],
  retention: RetentionPolicy.Limits,
  discard: DiscardPolicy.Old,
  max_msgs_per_subject: 1,
  max_bytes: 512 * MIB,
} as const satisfies DeclaredStream;

/**
 * Which record refers to which, and which wait for whom. Ids alone. Never expires; full: the record
 * that refers stays queued. In one stream, so that a look at it sees both kinds of edges.
 */
export const LINKS = {
  ...base,
  name: 'LINKS',
  description: 'Links between records: written, awaited, given up, and in the way of a deletion',
  subjects: ['link.*.*.*.*.*.*', 'waiting.*.*.*.*.*.*', 'givenup.*.*.*.*.*.*', 'deleting.*.*.*.*'],
  retention: RetentionPolicy.Limits,
  discard: DiscardPolicy.New,
  max_msgs_per_subject: 1,
  max_bytes: 1024 * MIB,
} as const satisfies DeclaredStream;

/**
 * Events whose contact is not there yet, one message for each event. Looked at again and again by
 * one reader. Never expires. Full: the event stays in the queue, so that none is lost.
 */
export const AWAITED = {
  ...base,
  name: 'AWAITED',
  description: 'Events that wait for their contact to appear',
  subjects: ['await.*.*.*.*'],
  retention: RetentionPolicy.Limits,
  discard: DiscardPolicy.New,
  max_msgs_per_subject: 1,
  max_bytes: 512 * MIB,
} as const satisfies DeclaredStream;

/** Verifications and repairs that somebody asked for; whoever holds one executes it. */
export const VERIFICATIONS = {
  ...base,
  name: 'VERIFICATIONS',
  description: 'Comparisons of both systems that somebody asked for',
  subjects: ['verify.*.*.*'],
  retention: RetentionPolicy.Workqueue,
  discard: DiscardPolicy.New,
  max_bytes: 16 * MIB,
  max_consumers: 5_000,
} as const satisfies DeclaredStream;

/** Keys and field names. Full: what is found is counted, and not kept for a repair. */
export const DIFFERENCES = {
  ...base,
  name: 'DIFFERENCES',
  description: 'What verifications found, until it is queued again or found anew',
  subjects: ['difference.*.*.*.*'],
  retention: RetentionPolicy.Limits,
  discard: DiscardPolicy.New,
  max_msgs_per_subject: 1,
  max_bytes: 256 * MIB,
} as const satisfies DeclaredStream;

/**
 * Deletes that wait for a person, that a person approved, and that a person discarded. Ids alone.
 * Never expires. Full: the delete stays in the queue, so that none is lost.
 */
export const DELETES = {
  ...base,
  name: 'DELETES',
  description: 'Deletes that wait for a person, and what the person decided of them',
  subjects: ['delete.*.*.*.*.*'],
  retention: RetentionPolicy.Limits,
  discard: DiscardPolicy.New,
  max_msgs_per_subject: 1,
  max_bytes: 512 * MIB,
} as const satisfies DeclaredStream;

/**
 * What was decided about each opt-out of each person, ids alone. Bounded by age and by size, and
 * for each opt-out of each contact, so that one that goes back and forth takes no other's place.
 */
export const DECISIONS = {
  ...base,
  name: 'DECISIONS',
  description: 'Decisions of Opt-In/Out, to be looked up',
  subjects: ['decision.*.*.*.*'],
  retention: RetentionPolicy.Limits,
  discard: DiscardPolicy.Old,
  max_msgs_per_subject: 100,
  max_bytes: 1024 * MIB,
  max_age: nanos(400 * DAY_MS),
} as const satisfies DeclaredStream;

/** A bucket is a stream by the client's convention: `KV_` and `$KV.`, roll-up, direct gets. */
const bucket = (name: string, description: string): DeclaredStream => ({
  ...base,
  name: `KV_${name}`,
  description,
  subjects: [`$KV.${name}.>`],
  retention: RetentionPolicy.Limits,
  discard: DiscardPolicy.New,
  max_msgs_per_subject: 1,
  max_bytes: 64 * MIB,
  max_msg_size: MIB,
  deny_delete: true,
  allow_rollup_hdrs: true,
});

export const DESIRED_BUCKET = 'DESIRED';
export const CURSORS_BUCKET = 'CURSORS';
export const LEDGERS_BUCKET = 'LEDGERS';

/** All that Landbridge keeps in JetStream. Nothing is created anywhere else. */
export const STREAMS: readonly DeclaredStream[] = [
  ...QUEUED_WORKFLOWS.map(queue),
  TICKS,
  RETRIES,
  REPORTS,
  DEAD_LETTERS,
  DELETES,
  WRITTEN,
  LINKS,
  AWAITED,
  VERIFICATIONS,
  DIFFERENCES,
  DECISIONS,
  bucket(DESIRED_BUCKET, 'What each workflow should be doing, derived from the event log'),
  bucket(CURSORS_BUCKET, 'How far each table was read; saved by compare-and-set'),
  bucket(LEDGERS_BUCKET, 'What all replicas count together; changed by compare-and-set'),
];
