import type { ReadProgress, RunFailure, TableName } from '@landbridge/contracts';
import {
  agreePartitions,
  type Bus,
  openPartition,
  queueLife,
  type WorkflowAddress,
} from '@landbridge/messaging';
import { withSpan } from '@landbridge/telemetry';
import type { JsMsg } from '@nats-io/jetstream';
import { batchPublisher } from './batch-publisher.ts';
import { Conditions } from './conditions.ts';
import { Figures } from './figures.ts';
import { pipelineMetrics } from './metrics.ts';
import { observe } from './observer.ts';
import {
  type Pipeline,
  PIPELINE_LIMITS,
  type PipelineOptions,
  type RunEnd,
  type StopReason,
} from './pipeline.ts';
import { handOutOf, pumpPartition } from './pump-partition.ts';
import { readerLoop } from './reader-loop.ts';
import type { LeftOut, Reader } from './reader.ts';
import type { Written } from './record-write.ts';
import { Reporter } from './reporter.ts';
import { settle } from './settle.ts';
import { transientOf } from './transient.ts';

/**
 * Takes up a run in this replica: agrees on the partitions, starts a reader for each table and a
 * pump for each partition, and reports `runStarted`. From then on it lives until `stop()`, `fail()`
 * or a failure that a reader or writer meets.
 * Throws  what NATS throws while the run is being set up; nothing of it is left then.
 */
export async function runPipeline(options: PipelineOptions): Promise<Pipeline> {
  const { run } = options;
  const attributes = { 'landbridge.instance': run.instance, 'landbridge.run': run.runId };
  const traced = { traceparent: run.traceparent, attributes };
  return withSpan(`start ${run.workflow} run`, traced, () => new RunInHand(options).start());
}

const SYSTEMS = { source: 'dynamics', destination: 'campaign' } as const;

class RunInHand {
  readonly #options: PipelineOptions;
  readonly #at: WorkflowAddress;
  readonly #limits;
  readonly #systems;
  readonly #reporter: Reporter;
  readonly #conditions: Conditions;
  readonly #figures: Figures;
  readonly #metrics;
  readonly #progress = new Map<TableName, ReadProgress>();
  readonly #stopping = new AbortController();
  readonly #ended = Promise.withResolvers<RunEnd>();
  #end: RunEnd = { outcome: 'stopped' };
  #reason: StopReason = 'requested';

  constructor(options: PipelineOptions) {
    const { bus, run, replica, readers, log } = options;
    const { workflow, instance, runId, revision } = run;
    this.#options = { ...options, log: log.child({ runId, instance, revision }) };
    this.#at = { workflow, instance };
    this.#limits = { ...PIPELINE_LIMITS, ...options.limits };
    this.#systems = options.systems ?? SYSTEMS;
    this.#reporter = new Reporter(bus, { workflow, instance, runId, replica }, log);
    this.#conditions = new Conditions({
      onChange: ({ condition, message }) =>
        void this.#reporter.send(
          message === null
            ? { kind: 'conditionCleared', condition }
            : { kind: 'conditionRaised', condition, message },
        ),
    });
    const tables = options.tables ?? readers.map(({ table }) => table);
    this.#figures = new Figures(tables, this.#systems.destination);
    this.#metrics = pipelineMetrics(options.registry);
  }

  async start(): Promise<Pipeline> {
    const { bus, run, log } = this.#options;
    const partitionCount = await agreePartitions(bus, this.#at, this.#options.partitions);
    const life = await queueLife(bus, this.#at);
    // Opened before anything runs: a NATS that is away makes the start fail, and not the run.
    for (let partition = 0; partition < partitionCount; partition += 1) {
      await openPartition(bus, this.#at, partition, handOutOf(this.#options.write));
    }
    await this.#reporter.send({ kind: 'runStarted', revision: run.revision });
    await this.#tellDurability(bus);
    const { signal } = this.#stopping;
    const pumps = Array.from({ length: partitionCount }, (_, at) => this.#pump(at, signal));
    const readers = this.#options.readers.map((reader) =>
      this.#read(reader, { partitionCount, life }, signal),
    );
    log.info({ partitionCount, tables: readers.length }, 'the run is in hand');
    const observing = new AbortController();
    const observed = observe(
      {
        bus,
        at: this.#at,
        reporter: this.#reporter,
        log,
        waitingCounts: this.#options.waitingCounts,
      },
      { figures: this.#figures, conditions: this.#conditions, progress: this.#progress },
      observing.signal,
    );
    void this.#finish([...pumps, ...readers], async () => {
      observing.abort();
      await observed;
    });
    return this.#handle();
  }

  #handle(): Pipeline {
    const { instance, runId } = this.#options.run;
    return {
      instance,
      runId,
      ended: this.#ended.promise,
      stop: async (reason) => {
        this.#reason = reason;
        this.#stopping.abort();
        await this.#ended.promise;
      },
      fail: (failure) => this.#fail(failure),
      spend: (table, system, calls) => this.#figures.spent(table, system, calls),
      raise: (condition, message) => this.#conditions.tell(condition, message),
      clear: (condition) => this.#conditions.set(condition, null),
    };
  }

  /** Only the first failure counts: those that follow from it say nothing new. */
  #fail(failure: RunFailure): void {
    if (this.#stopping.signal.aborted) return;
    this.#end = { outcome: 'failed', failure };
    this.#options.log.error({ code: failure.code, field: failure.field }, 'the run has failed');
    this.#stopping.abort();
  }

  async #finish(work: Promise<void>[], stopObserving: () => Promise<void>): Promise<void> {
    await Promise.all(work);
    // Acknowledgements are sent without waiting; now they must have arrived.
    await this.#options.bus.connection.flush().catch(() => undefined);
    await stopObserving();
    if (this.#end.outcome === 'failed') {
      void this.#reporter.send({ kind: 'runFailed', failure: this.#end.failure });
    } else if (this.#reason === 'requested') {
      void this.#reporter.send({ kind: 'runStopped' });
    }
    await this.#reporter.close();
    this.#options.log.info({ outcome: this.#end.outcome }, 'the run is let go');
    this.#ended.resolve(this.#end);
  }

  async #pump(partition: number, signal: AbortSignal): Promise<void> {
    const { bus, log } = this.#options;
    const { unexpectedAttemptsMax } = this.#limits;
    const deps = {
      bus,
      log,
      at: this.#at,
      reporter: this.#reporter,
      onRunFailed: (failure: RunFailure) => this.#fail(failure),
      onSettled: (written: Written) => this.#settled(written),
    };
    const settleOne = (message: JsMsg, written: Written) => settle(message, written, deps);
    const pumping = { bus, at: this.#at, log, unexpectedAttemptsMax, settleOne };
    await pumpPartition(partition, this.#options.write, pumping, signal);
  }

  async #read(
    reader: Reader,
    { partitionCount, life }: { partitionCount: number; life: number },
    signal: AbortSignal,
  ): Promise<void> {
    const { bus, log } = this.#options;
    const { table } = reader;
    const at = { ...this.#at, table };
    const publisher = batchPublisher({
      bus,
      at,
      partitionCount,
      life,
      inFlightMax: this.#limits.publishInFlightMax,
      reporter: this.#reporter,
      log,
      onDead: () => this.#figures.dead(table),
      identify: reader.identify?.bind(reader),
    });
    await readerLoop(
      {
        bus,
        at,
        reader,
        publisher,
        partitionCount,
        limits: this.#limits,
        log,
        onCalls: (calls) => this.#figures.spent(table, this.#systems.source, calls),
        onReadAgain: (count) => this.#counted(table, count),
        onBatch: async ({ records, leftOut, progress, cursorReset }) => {
          for (const { table: of } of records) this.#counted(of, 1);
          this.#leftOut(leftOut ?? []);
          if (cursorReset !== undefined) {
            log.warn({ table, reason: cursorReset }, 'reading does not go on where it was');
            await this.#reporter.send({ kind: 'cursorReset', table, reason: cursorReset });
          }
          if (progress !== undefined) this.#progressed({ table, ...progress });
        },
        onSuccess: () => this.#conditions.success(`source ${table}`),
        onTrouble: (error) => {
          const condition = transientOf(error, 'source')?.condition;
          if (condition !== undefined) {
            this.#conditions.trouble(
              condition,
              `source ${table}`,
              `Reading ${table}: ${error.message}`,
            );
          }
        },
        onRunFailed: ({ failure }) => this.#fail(failure),
      },
      signal,
    );
  }

  #counted(table: TableName, records: number): void {
    this.#figures.read(table, records);
    this.#metrics.count(this.#options.run.instance, table, 'read', records);
  }

  /** The last word of a phase is told at once; within one, now and then. */
  #progressed(progress: ReadProgress): void {
    const before = this.#progress.get(progress.table);
    if (before !== undefined && before.phase !== progress.phase) {
      this.#reporter.offer({ kind: 'readProgressed', progress: before });
    }
    this.#progress.set(progress.table, progress);
  }

  #leftOut(all: readonly LeftOut[]): void {
    const { instance } = this.#options.run;
    for (const { table, reason, count } of all) {
      this.#figures.leftOut(table, reason, count);
      this.#metrics.count(instance, table, 'read', count);
      this.#metrics.count(instance, table, 'skipped', count);
    }
  }

  #settled({ outcome, record, table }: Written): void {
    this.#figures.settled(table, outcome, record);
    this.#metrics.count(this.#options.run.instance, table, outcome.kind);
    const calls = outcome.calls ?? 0;
    if (outcome.kind === 'retryAfter') {
      const condition = transientOf(outcome.cause, 'destination')?.condition;
      if (condition === undefined) return;
      this.#conditions.trouble(condition, 'destination', `Writing: ${outcome.cause.message}`);
    } else if (calls > 0) this.#conditions.success('destination');
  }

  async #tellDurability(bus: Bus): Promise<void> {
    const found = await bus.durability();
    if (!found.durable && found.known) this.#conditions.set('NotDurable', found.reason);
    if (found.durable) this.#conditions.set('NotDurable', null);
  }
}
