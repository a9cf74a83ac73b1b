import { randomUUID } from 'node:crypto';
import {
  type IngressRun,
  DEFAULT_INSTANCE_SETTINGS,
  INITIAL_INGRESS_CONFIGURATION,
  InstanceId,
  QueuedRecord,
  ReplicaId,
  type ReportOf,
  Revision,
  RunId,
} from '@landbridge/contracts';

export const instance = InstanceId.parse('dev');
export const ingress = { workflow: 'ingress', instance } as const;
export const contacts = { ...ingress, table: 'contact' } as const;
export const replica = ReplicaId.parse('replica-1');

export const record = (over: Partial<QueuedRecord> = {}): QueuedRecord =>
  QueuedRecord.parse({
    schemaVersion: 1,
    instance,
    table: 'contact',
    key: 'k1',
    change: 'upsert',
    origin: 'change',
    version: '1',
    modifiedOn: null,
    readAt: '2026-11-24T16:00:00.000Z',
    columns: { firstname: 'Ada' },
    ...over,
  });

export const desiredRun = (over: Partial<IngressRun> = {}): IngressRun => ({
  state: 'running',
  workflow: 'ingress',
  instance,
  runId: RunId.parse(randomUUID()),
  revision: Revision.parse(1),
  configuration: INITIAL_INGRESS_CONFIGURATION,
  settings: DEFAULT_INSTANCE_SETTINGS,
  replays: [],
  sealedConnections: 'sealed',
  position: '1',
  traceparent: null,
  ...over,
});

export const backlogReport = (queued: number): ReportOf<'backlogObserved'> => ({
  reportId: randomUUID(),
  workflow: 'ingress',
  instance,
  runId: RunId.parse(randomUUID()),
  replica,
  at: '2026-11-24T16:00:00.000Z',
  kind: 'backlogObserved',
  queued,
  pending: 0,
  oldestAt: null,
});
