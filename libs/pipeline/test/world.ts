import { randomUUID } from 'node:crypto';
import {
  type IngressRun,
  DEFAULT_INSTANCE_SETTINGS,
  INITIAL_INGRESS_CONFIGURATION,
  InstanceId,
  QueuedRecord,
  type Report,
  Revision,
  RunId,
} from '@landbridge/contracts';
import { type Bus, connectBus, consumeReports } from '@landbridge/messaging';
import { createLog } from '@landbridge/telemetry';
import { type NatsServer, startNats } from '@landbridge/testing';
import {
  newReplicaId,
  type Pipeline,
  type PipelineOptions,
  type Reader,
  runPipeline,
  type Writer,
} from '../src/index.ts';

export const SERVERS = ['newest', 'floor'] as const;

export const instance = InstanceId.parse('dev');
export const ingress = { workflow: 'ingress', instance } as const;

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

export interface Change {
  key: string;
  version: number;
}

/** `count` changes over `keyCount` keys, each key's versions growing. */
export const changes = (count: number, keyCount: number): Change[] =>
  Array.from({ length: count }, (_, index) => ({
    key: `k${index % keyCount}`,
    version: index + 1,
  }));

export const toRecord = (table: string, { key, version }: Change): QueuedRecord =>
  QueuedRecord.parse({
    schemaVersion: 1,
    instance,
    table,
    key,
    change: 'upsert',
    origin: 'change',
    version: String(version),
    modifiedOn: new Date().toISOString(),
    readAt: new Date().toISOString(),
    columns: { version },
  });

/** A source that a test fills; its reader's cursor is a position in it. */
export class FakeSource {
  readonly changes: Change[];
  readonly table: string;
  readonly pageMax: number;
  readCount = 0;
  activeCount = 0;
  activeMax = 0;
  /** Awaited within each read. */
  during: () => Promise<void> = async () => undefined;

  constructor(options: { table?: string; changes?: Change[]; pageMax?: number } = {}) {
    this.table = options.table ?? 'contact';
    this.changes = options.changes ?? [];
    this.pageMax = options.pageMax ?? 50;
  }

  reader(): Reader {
    return {
      table: this.table,
      read: async (cursor) => {
        this.readCount += 1;
        this.activeCount += 1;
        this.activeMax = Math.max(this.activeMax, this.activeCount);
        try {
          await this.during();
          const from = Number(cursor?.['offset'] ?? 0);
          const page = this.changes.slice(from, from + this.pageMax);
          const offset = from + page.length;
          return {
            records: page.map((change) => toRecord(this.table, change)),
            next: { offset },
            more: offset < this.changes.length,
            calls: 1,
          };
        } finally {
          this.activeCount -= 1;
        }
      },
      readAgain: async (keys) => ({
        records: keys.flatMap((key) => {
          const last = this.changes.findLast((change) => change.key === key);
          return last === undefined ? [] : [toRecord(this.table, last)];
        }),
        calls: 1,
      }),
    };
  }
}

/** A destination that keeps every write, in its order. */
export class FakeDestination {
  readonly writes: Change[] = [];

  readonly write: Writer = async (record) => {
    this.writes.push({ key: record.key, version: Number(record.version) });
    return { kind: 'written', calls: 1 };
  };

  /** Keys whose versions went back, other than by writing the last one once more. */
  disorder(): string[] {
    const last = new Map<string, number>();
    return this.writes.flatMap(({ key, version }) => {
      const before = last.get(key) ?? 0;
      last.set(key, version);
      return version < before ? [`${key}: ${version} after ${before}`] : [];
    });
  }

  missing(expected: readonly Change[]): Change[] {
    const written = new Set(this.writes.map(({ key, version }) => `${key}/${version}`));
    return expected.filter(({ key, version }) => !written.has(`${key}/${version}`));
  }
}

/** A NATS of its own, runs to start on it, and all reports in the order in which they came. */
export class World implements AsyncDisposable {
  readonly server: NatsServer;
  readonly bus: Bus;
  readonly reports: Report[] = [];
  readonly #buses: Bus[] = [];
  readonly #pipelines: Pipeline[] = [];
  readonly #closing = new AbortController();

  constructor(server: NatsServer, bus: Bus) {
    this.server = server;
    this.bus = bus;
    void consumeReports(
      bus,
      async (report) => {
        if (report.kind !== 'unreadable') this.reports.push(report);
      },
      this.#closing.signal,
    );
  }

  async connect(): Promise<Bus> {
    const bus = await connectTo(this.server.url);
    this.#buses.push(bus);
    return bus;
  }

  async run(
    source: FakeSource | FakeSource[],
    write: PipelineOptions['write'],
    over: Partial<PipelineOptions> = {},
  ): Promise<Pipeline> {
    const pipeline = await runPipeline({
      bus: over.bus ?? (await this.connect()),
      run: desiredRun(),
      replica: newReplicaId(),
      readers: [source].flat().map((each) => each.reader()),
      write,
      partitions: 4,
      log: createLog('test', 'silent'),
      ...over,
    });
    this.#pipelines.push(pipeline);
    return pipeline;
  }

  reportsOf<Kind extends Report['kind']>(kind: Kind): Extract<Report, { kind: Kind }>[] {
    return this.reports.filter(
      (report): report is Extract<Report, { kind: Kind }> => report.kind === kind,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#pipelines.map((pipeline) => pipeline.stop('shutdown')));
    this.#closing.abort();
    await Promise.all([...this.#buses, this.bus].map((bus) => bus.close()));
    await this.server.stop();
  }
}

export const connectTo = (url: string): Promise<Bus> =>
  connectBus({ url, name: 'test', log: createLog('test', 'silent') });

export async function startWorld(
  server: 'newest' | 'floor',
  options: { syncAlways?: boolean } = {},
): Promise<World> {
  const nats = await startNats({ server, ...options });
  return new World(nats, await connectTo(nats.url));
}
