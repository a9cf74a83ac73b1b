import { setTimeout as sleep } from 'node:timers/promises';
import type {
  ConditionType,
  DesiredRun,
  DesiredState,
  InstanceId,
  ReplicaId,
  RunId,
} from '@landbridge/contracts';
import { type Bus, isBusError } from '@landbridge/messaging';
import type { Log } from '@landbridge/telemetry';
import { Conditions } from './conditions.ts';
import { RunFailedError } from './errors.ts';
import type { RunHandle } from './pipeline.ts';
import { Reporter } from './reporter.ts';
import { retryDelayMs } from './backoff.ts';
import { type End, type Transient, transientOf } from './transient.ts';
import type { StartRun } from './watch-desired-runs.ts';

export interface DesiredInstanceDeps {
  bus: Bus;
  replica: ReplicaId;
  startRun: StartRun;
  endOf: (error: unknown) => End;
  log: Log;
}

interface InHand {
  run: DesiredRun;
  starting: AbortController;
  /** null while it is being started, and when it never came to it. */
  handle: RunHandle | null;
}

/**
 * One instance of the workflow in this process: a level-triggered loop that compares what is wanted
 * with what is in hand, and does the next step, one at a time.
 */
export class DesiredInstance {
  readonly #deps: DesiredInstanceDeps;
  #wanted: DesiredState | null = null;
  #current: InHand | null = null;
  /** Runs that ended here: they are not started again, and their end is not told again. */
  readonly #over = new Set<RunId>();
  #closed = false;
  #working: Promise<void> | null = null;
  #changed = false;

  constructor(deps: DesiredInstanceDeps) {
    this.#deps = deps;
  }

  /** What this process proves with its heartbeat; a run that is still starting counts. */
  get inHand(): { instance: InstanceId; runId: RunId } | null {
    if (this.#current === null) return null;
    const { instance, runId } = this.#current.run;
    return { instance, runId };
  }

  /** Takes note; the rest happens by itself. null: nobody wants anything of this instance. */
  want(state: DesiredState | null): void {
    this.#wanted = state;
    if (this.#current?.handle === null && !this.#isWanted(this.#current.run.runId)) {
      this.#current.starting.abort();
    }
    this.#look();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#current?.starting.abort();
    this.#look();
    while (this.#working !== null) await this.#working;
  }

  #isWanted(runId: RunId): boolean {
    return !this.#closed && this.#wanted?.state === 'running' && this.#wanted.runId === runId;
  }

  #look(): void {
    this.#changed = true;
    this.#working ??= this.#work().finally(() => (this.#working = null));
  }

  async #work(): Promise<void> {
    while (this.#changed) {
      this.#changed = false;
      try {
        await this.#reconcile();
      } catch (err) {
        this.#deps.log.error({ err }, 'a desired state could not be met; trying again');
        this.#changed = true;
        await sleep(retryDelayMs(3, null));
      }
    }
  }

  async #reconcile(): Promise<void> {
    const current = this.#current;
    if (current !== null && !this.#isWanted(current.run.runId)) await this.#letGo(current);
    const wanted = this.#wanted;
    if (this.#closed || wanted === null) return;
    if (wanted.state === 'running') {
      if (this.#current === null && !this.#over.has(wanted.runId)) await this.#start(wanted);
    } else if (wanted.runId !== null && !this.#over.has(wanted.runId)) {
      // Stopped while this service was away: nobody else would ever say that it has ended.
      await this.#reportStopped({ ...wanted, runId: wanted.runId });
    }
  }

  async #letGo({ run, handle }: InHand): Promise<void> {
    if (handle !== null) await handle.stop(this.#closed ? 'shutdown' : 'requested');
    else if (!this.#closed) await this.#reportStopped(run);
    if (!this.#closed) this.#over.add(run.runId);
    this.#current = null;
  }

  async #reportStopped(run: Pick<DesiredRun, 'workflow' | 'instance' | 'runId'>): Promise<void> {
    const { bus, replica, log } = this.#deps;
    const { workflow, instance, runId } = run;
    const reporter = new Reporter(bus, { workflow, instance, runId, replica }, log);
    await reporter.send({ kind: 'runStopped' });
    this.#over.add(runId);
  }

  async #start(run: DesiredRun): Promise<void> {
    const { bus, replica, log } = this.#deps;
    const { workflow, instance, runId } = run;
    const inHand: InHand = { run, starting: new AbortController(), handle: null };
    const { signal } = inHand.starting;
    this.#current = inHand;
    const reporter = new Reporter(bus, { workflow, instance, runId, replica }, log);
    const conditions = startConditions(reporter);
    for (let attempt = 1; !signal.aborted; attempt += 1) {
      try {
        inHand.handle = await this.#deps.startRun(run, { replica, signal });
        conditions.clear();
        this.#watchEnd(inHand, inHand.handle);
        return;
      } catch (error) {
        const transient = transientOf(error, this.#deps.endOf(error));
        const delayMs = startRetryMs(error, transient, attempt);
        if (transient !== null) conditions.raise(transient.condition, error);
        if (delayMs === null && this.#isWanted(runId)) {
          await this.#reportFailed(error, reporter, run);
          return;
        }
        log.warn({ err: error, runId, delayMs }, 'a run cannot start yet; trying again');
        await sleep(delayMs ?? 0, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  #watchEnd(inHand: InHand, handle: RunHandle): void {
    void handle.ended.then((end) => {
      if (this.#current !== inHand) return;
      if (end.outcome === 'failed') {
        this.#over.add(inHand.run.runId);
        this.#current = null;
      }
      this.#look();
    });
  }

  async #reportFailed(error: unknown, reporter: Reporter, { runId }: DesiredRun): Promise<void> {
    const known = error instanceof RunFailedError ? error.failure : null;
    const failure = known ?? {
      code: 'unexpected' as const,
      system: 'landbridge' as const,
      message: 'The run could not be started, for a reason that nobody expected; see the log',
      field: null,
    };
    const { code, field } = failure;
    this.#deps.log.error({ err: error, runId, code, field }, 'a run could not be started');
    this.#over.add(runId);
    this.#current = null;
    await reporter.send({ kind: 'runFailed', failure });
  }
}

interface StartConditions {
  raise(condition: ConditionType, error: unknown): void;
  clear(): void;
}

/** What hinders a start is told at once: people wait for it. One thing at a time hinders it. */
function startConditions(reporter: Reporter): StartConditions {
  const conditions = new Conditions({
    onChange: ({ condition, message }) =>
      void reporter.send(
        message === null
          ? { kind: 'conditionCleared', condition }
          : { kind: 'conditionRaised', condition, message },
      ),
  });
  let raised: ConditionType | null = null;
  const clear = (): void => {
    if (raised !== null) conditions.set(raised, null);
    raised = null;
  };
  return {
    raise: (condition, error) => {
      if (!(error instanceof Error)) return;
      if (condition !== raised) clear();
      raised = condition;
      conditions.set(condition, `Starting: ${error.message}`);
    },
    clear,
  };
}

/** null: time does not heal it. */
function startRetryMs(error: unknown, transient: Transient | null, attempt: number): number | null {
  if (transient === null && !isBusError(error)) return null;
  return retryDelayMs(attempt, transient?.retryAfterMs ?? null);
}
