import {
  DEFAULT_INSTANCE_SETTINGS,
  INITIAL_INGRESS_CONFIGURATION,
  InstanceId,
  ReplicaId,
  Revision,
  RunId,
  type IngressConfiguration,
  type RunFailure,
} from '@landbridge/contracts';
import type { Replay, WorkflowEventOf } from '../src/workflows/workflow.events.ts';
import type { RunReport, WorkflowCommand } from '../src/workflows/workflow.decider.ts';

/** Short names for tests: `run(1)` is a run's id, `replica('a')` a replica's. */
export const run = (number: number): RunId =>
  RunId.parse(`00000000-0000-4000-8000-${String(number).padStart(12, '0')}`);
export const replica = (name: string): ReplicaId => ReplicaId.parse(name);
export const revision = (number: number): Revision => Revision.parse(number);

export const INSTANCE = InstanceId.parse('demo');

export const FIRST = INITIAL_INGRESS_CONFIGURATION;
export const contactMapping = (
  change: Partial<IngressConfiguration['mappings'][number]>,
): IngressConfiguration => ({
  mappings: FIRST.mappings.map((mapping) => ({ ...mapping, ...change })),
});

export const CREDENTIALS_REFUSED: RunFailure = {
  code: 'credentialsRefused',
  system: 'dynamics',
  message: 'Dynamics 365 refuses the client secret',
  field: null,
};

export const saved = (
  number: number,
  configuration: IngressConfiguration = FIRST,
): WorkflowEventOf<'ConfigurationSaved'> => ({
  type: 'ConfigurationSaved',
  revision: revision(number),
  configuration,
});
export const startRequested = (
  runId: RunId,
  number: number,
  replays: Replay[] = [],
): WorkflowEventOf<'StartRequested'> => ({
  type: 'StartRequested',
  runId,
  revision: revision(number),
  settings: DEFAULT_INSTANCE_SETTINGS,
  replays,
});
export const runStarted = (runId: RunId, name = 'a'): WorkflowEventOf<'RunStarted'> => ({
  type: 'RunStarted',
  runId,
  replica: replica(name),
});
export const stopRequested = (runId: RunId): WorkflowEventOf<'StopRequested'> => ({
  type: 'StopRequested',
  runId,
});
export const replicaStopped = (runId: RunId, name = 'a'): WorkflowEventOf<'ReplicaStopped'> => ({
  type: 'ReplicaStopped',
  runId,
  replica: replica(name),
});
export const runStopped = (runId: RunId): WorkflowEventOf<'RunStopped'> => ({
  type: 'RunStopped',
  runId,
});
export const runFailed = (runId: RunId, name = 'a'): WorkflowEventOf<'RunFailed'> => ({
  type: 'RunFailed',
  runId,
  replica: replica(name),
  failure: CREDENTIALS_REFUSED,
});
export const heartbeatLost = (
  runId: RunId,
  name: string | null = 'a',
): WorkflowEventOf<'HeartbeatLost'> => ({
  type: 'HeartbeatLost',
  runId,
  replica: name === null ? null : replica(name),
});
export const heartbeatReturned = (
  runId: RunId,
  name: string | null = 'a',
): WorkflowEventOf<'HeartbeatReturned'> => ({
  type: 'HeartbeatReturned',
  runId,
  replica: name === null ? null : replica(name),
});

export const start = (runId: RunId): Extract<WorkflowCommand, { type: 'Start' }> => ({
  type: 'Start',
  runId,
  around: { connections: ['dynamics', 'campaign'], others: [] },
  settings: DEFAULT_INSTANCE_SETTINGS,
});
export const save = (configuration: IngressConfiguration, expected: number) => ({
  type: 'SaveConfiguration' as const,
  configuration,
  expected: revision(expected),
  replayId: REPLAY,
});
export const REPLAY = '00000000-0000-4000-8000-00000000000a';
export const STOP: WorkflowCommand = { type: 'Stop' };

type Detail<Kind extends RunReport['kind']> = Omit<
  Extract<RunReport, { kind: Kind }>,
  'reportId' | 'workflow' | 'instance' | 'runId' | 'replica' | 'at'
>;
const told = (runId: RunId, name: string, at: string) => ({
  reportId: crypto.randomUUID(),
  workflow: 'ingress' as const,
  instance: INSTANCE,
  runId,
  replica: replica(name),
  at,
});
export const AT = '2026-11-24T10:00:00.000Z';
export const reports = (
  detail: { [Kind in RunReport['kind']]: Detail<Kind> }[RunReport['kind']],
  runId: RunId,
  name = 'a',
  at = AT,
): WorkflowCommand => ({ type: 'TakeReport', report: { ...told(runId, name, at), ...detail } });
