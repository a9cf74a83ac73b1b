import {
  DEFAULT_INSTANCE_SETTINGS,
  InstanceId,
  Revision,
  RunId,
  SECRET_FIELDS,
  WORKFLOW_TITLES,
  WorkflowName,
  type Connections,
  type InstanceView,
  type WorkflowView,
} from '@landbridge/contracts';
import type {
  CommandContext,
  ConnectionRecord,
  ControlPlane,
  Page,
  PageRequest,
  RecordTraces,
  SavedSettings,
  WorkflowChange,
  WorkflowKey,
} from '../src/control-plane.ts';
import { fakeHeldDeletes } from './fake-held-deletes.ts';
import { fakeVerifications } from './fake-verifications.ts';
import { CommandRefused, InvalidCursor, NotFound, RevisionStale } from '../src/errors.ts';
import {
  configurationOf,
  INITIAL_CONFIGURATIONS,
  type WorkflowConfiguration,
} from '../src/workflows/workflow-configuration.ts';
import { fakeDeadLetters, fakeReplays } from './fake-deeds.ts';

const RUN = RunId.parse('0190f6a5-0000-7000-8000-000000000001');
const NOW = '2026-11-24T16:00:00.000Z';

/** A workflow as it is before anything happened to it. */
export const stoppedView = (instance: InstanceId, workflow: WorkflowName): WorkflowView => ({
  instance,
  workflow,
  name: WORKFLOW_TITLES[workflow],
  status: 'STOPPED',
  stopping: false,
  conditions: [],
  backlog: 0,
  pendingEdit: false,
  replays: [],
  revision: Revision.parse(workflow === 'ingress' ? 1 : 0),
  activeRevision: null,
  runId: null,
  since: null,
  by: null,
  failure: null,
  figures: {
    read: 0,
    written: 0,
    skipped: {},
    dead: 0,
    calls: { dynamics: 0, campaign: 0 },
    writtenPerSecond: 0,
    lagMs: null,
    oldestQueuedAt: null,
  },
  tables: [],
  actions: {
    start: {
      allowed: workflow === 'ingress',
      reason: workflow === 'ingress' ? null : 'Nothing is configured.',
    },
    stop: { allowed: false, reason: 'It is stopped.' },
  },
});

/** What the fake was asked with, and what it will answer with. */
export interface FakeControlPlane {
  controlPlane: ControlPlane;
  /** What is kept of every record; a test says what. */
  traces: RecordTraces;
  contexts: CommandContext[];
  /** What was asked of replays and dead letters, in order. */
  asked: unknown[];
  /** Tells all who watch. */
  change(view: WorkflowView): bigint;
  watchersCount(): number;
  /** Makes the next call of `workflows.list` fail with this. */
  failWith(error: Error): void;
}

function pagesOf<Item>(items: Item[], { cursor, limit }: PageRequest): Page<Item> {
  const from = cursor === null ? 0 : Number(cursor);
  if (!Number.isInteger(from)) throw new InvalidCursor(cursor ?? '');
  const end = from + limit;
  return { items: items.slice(from, end), next: end < items.length ? String(end) : null };
}

/** Changes by position, for those who watch; wakes each of them by itself. */
function changeLog() {
  const changes: WorkflowChange[] = [];
  const wakers = new Set<() => void>();
  return {
    wakers,
    append: (view: WorkflowView): bigint => {
      const position = BigInt(changes.length + 1);
      changes.push({ position, view });
      for (const wake of wakers) wake();
      return position;
    },
    async *watch(after: bigint | null, signal: AbortSignal): AsyncGenerator<WorkflowChange> {
      let seen = after === null ? changes.length : Number(after);
      while (!signal.aborted) {
        const next = changes[seen];
        if (next !== undefined) {
          seen += 1;
          yield next;
          continue;
        }
        await new Promise<void>((resolve) => {
          const wake = () => {
            wakers.delete(wake);
            signal.removeEventListener('abort', wake);
            resolve();
          };
          wakers.add(wake);
          signal.addEventListener('abort', wake);
        });
      }
    },
  };
}

/** The control plane in memory: as much of its rules as the routes must pass on. */
export function fakeControlPlane(): FakeControlPlane {
  const instances = new Map<InstanceId, InstanceView>();
  const records = new Map<string, ConnectionRecord>();
  const connections = new Map<InstanceId, Connections>();
  const views = new Map<string, WorkflowView>();
  const contexts: CommandContext[] = [];
  const log = changeLog();
  const traces: RecordTraces = {
    queue: { messages: [], lookedAtCount: 0, searchedAll: true },
    memory: null,
    memoryIsComplete: true,
    deadLetter: null,
    reading: null,
    waitsFor: null,
    campaignHides: false,
    givenUpFor: null,
    leaving: null,
    discarded: null,
    deletionHeldSince: null,
  };
  const configurations = new Map<WorkflowName, WorkflowConfiguration>();
  let revision = Revision.parse(1);
  let failure: Error | null = null;
  let settings: SavedSettings = {
    settings: DEFAULT_INSTANCE_SETTINGS,
    revision: Revision.parse(0),
  };
  const asked: unknown[] = [];

  const known = (instance: InstanceId): InstanceView => {
    const view = instances.get(instance);
    if (view === undefined) throw new NotFound(`instance ${instance}`);
    return view;
  };
  const viewOf = ({ instance, workflow }: WorkflowKey): WorkflowView => {
    known(instance);
    return views.get(`${instance}/${workflow}`) ?? stoppedView(instance, workflow);
  };
  const viewAsOf = (key: WorkflowKey, asOf: Date | undefined): WorkflowView => ({
    ...viewOf(key),
    ...(asOf === undefined ? {} : { since: asOf.toISOString() }),
  });
  const note = (context: CommandContext) => void contexts.push(context);

  const controlPlane: ControlPlane = {
    instances: {
      list: async () => [...instances.values()],
      get: async (instance) => known(instance),
      put: async (instance, body, context) => {
        note(context);
        const created = !instances.has(instance);
        instances.set(instance, { ...body, instance });
        return { created, view: known(instance) };
      },
      remove: async (instance, context) => {
        note(context);
        known(instance);
        const running = WorkflowName.options.some(
          (workflow) => viewOf({ instance, workflow }).status !== 'STOPPED',
        );
        if (running) throw new CommandRefused('RemoveInstance', 'Stop its workflows first.');
        instances.delete(instance);
      },
    },
    connections: {
      get: async (instance, name) => {
        known(instance);
        return records.get(`${instance}/${name}`) ?? null;
      },
      put: async (instance, name, connection, context) => {
        note(context);
        known(instance);
        connections.set(instance, { ...connections.get(instance), [name]: connection });
        // Secrets stay in on purpose: the routes' schemas must be what keeps them from leaving.
        const record = {
          fields: { ...connection },
          secretsSet: [...SECRET_FIELDS[name]],
          changedAt: NOW,
          changedBy: context.actor.name,
        };
        records.set(`${instance}/${name}`, record);
        return record;
      },
      reveal: async (instance) => {
        known(instance);
        return connections.get(instance) ?? {};
      },
    },
    workflows: {
      list: async (instance, asOf) => {
        if (failure !== null) throw failure;
        return WorkflowName.options.map((workflow) => viewAsOf({ instance, workflow }, asOf));
      },
      get: async (key, asOf) => viewAsOf(key, asOf),
      start: async (key, context) => {
        note(context);
        const view = viewOf(key);
        const { start } = view.actions;
        if (!start.allowed) throw new CommandRefused('Start', start.reason ?? '');
        const started: WorkflowView = { ...view, status: 'STARTING', runId: RUN };
        views.set(`${key.instance}/${key.workflow}`, started);
        log.append(started);
        return started;
      },
      stop: async (key, context) => {
        note(context);
        const stopping: WorkflowView = { ...viewOf(key), stopping: true };
        log.append(stopping);
        return stopping;
      },
      configuration: async ({ instance, workflow }) => {
        known(instance);
        const saved = configurations.get(workflow) ?? INITIAL_CONFIGURATIONS[workflow];
        return { configuration: configurationOf(workflow, saved), revision };
      },
      saveConfiguration: async ({ instance, workflow }, configuration, expected, context) => {
        known(instance);
        note(context);
        if (expected !== revision) throw new RevisionStale(expected, revision);
        configurations.set(workflow, configuration);
        revision = Revision.parse(revision + 1);
        return { configuration, revision };
      },
      pending: async ({ instance }) => {
        known(instance);
        return {
          pending: false,
          revision,
          activeRevision: null,
          savedAt: null,
          savedBy: null,
          changes: [],
          replays: [],
          offers: [],
        };
      },
      runs: async (key, page) => {
        known(key.instance);
        const run = {
          runId: RUN,
          revision,
          requestedAt: NOW,
          requestedBy: 'Local administrator',
          startedAt: null,
          endedAt: null,
          outcome: 'starting' as const,
          failure: null,
        };
        return pagesOf([run, run, run], page);
      },
      history: async (key, page) => {
        known(key.instance);
        return pagesOf([], page);
      },
      throughput: async (key, page) => {
        known(key.instance);
        return pagesOf([], page);
      },
      watch: (after, signal) => log.watch(after, signal),
    },
    records: {
      configuration: async (instance) => {
        known(instance);
        return {
          configuration: configurationOf(
            'ingress',
            configurations.get('ingress') ?? INITIAL_CONFIGURATIONS.ingress,
          ),
          from: 'saved',
          revision,
          runId: null,
          editPending: false,
          running: false,
        };
      },
      traces: async () => traces,
      memory: async () => traces,
    },
    verifications: fakeVerifications(known, note),
    settings: {
      get: async (instance) => {
        known(instance);
        return settings;
      },
      save: async (instance, saved, expected, context) => {
        known(instance);
        note(context);
        if (expected !== settings.revision) throw new RevisionStale(expected, settings.revision);
        settings = { settings: saved, revision: Revision.parse(settings.revision + 1) };
        return settings;
      },
    },
    replays: fakeReplays(known, note, asked),
    deadLetters: fakeDeadLetters(known, note, asked),
    ...fakeHeldDeletes(known, note),
    close: async () => undefined,
  };
  return {
    asked,
    traces,
    controlPlane,
    contexts,
    change: (view) => log.append(view),
    watchersCount: () => log.wakers.size,
    failWith: (error) => {
      failure = error;
    },
  };
}
