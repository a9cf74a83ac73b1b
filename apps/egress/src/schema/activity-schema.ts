import { setTimeout as sleep } from 'node:timers/promises';
import {
  type ActivityTable,
  type DynamicsTableMetadata,
  type EgressConfiguration,
  EventKind,
  type RunFailure,
} from '@landbridge/contracts';
import {
  DataverseRequestError,
  type DynamicsClient,
  type DynamicsWrites,
} from '@landbridge/dynamics';
import { RunFailedError } from '@landbridge/pipeline';
import type { Log } from '@landbridge/telemetry';
import { type ActivityTarget, type FoundActivity, targetOf } from './activity-target.ts';
import { dynamicsFailure } from './vendor-failures.ts';

export type SchemaCalls = Pick<DynamicsClient, 'table'> &
  Pick<DynamicsWrites, 'bindNames' | 'offersCreateMultiple'>;

/** Which requests were spent for which kind of event. */
export type OnSpent = (kind: EventKind, calls: number) => void;

/** Two looks are at least this far apart, however many rows ask for one. */
const LOOK_EVERY_MS = 1_000;
/** Refused rows, whose reason is most likely their own, ask for a look this often at most. */
const SUSPECT_EVERY_MS = 30_000;

/** The activity tables of the events that are on, as Dynamics 365 has them now. */
export class ActivitySchema {
  readonly #configuration: EgressConfiguration;
  readonly #client: SchemaCalls;
  readonly #onSpent: OnSpent;
  #targets: ReadonlyMap<EventKind, ActivityTarget> = new Map();
  #lookedAtMs = Number.NEGATIVE_INFINITY;
  #waiting: Promise<RunFailure | null> | null = null;

  constructor(configuration: EgressConfiguration, client: SchemaCalls, onSpent: OnSpent) {
    this.#configuration = configuration;
    this.#client = client;
    this.#onSpent = onSpent;
  }

  /** null: events of this kind are off. */
  target(kind: EventKind): ActivityTarget | null {
    return this.#targets.get(kind) ?? null;
  }

  /**
   * Checks every name before anything is read.
   * Throws  RunFailedError naming what is missing; the vendor's errors that time heals.
   */
  async accept(): Promise<void> {
    const fault = await this.#look();
    if (fault !== null) throw new RunFailedError(fault);
  }

  /** Looks now, or shares the look that is about to begin. null: the run can go on. */
  recheck(): Promise<RunFailure | null> {
    this.#waiting ??= this.#pause().then(() => {
      this.#waiting = null;
      return this.#look();
    });
    return this.#waiting;
  }

  /** As `recheck`, unless a look found everything sound a moment ago. */
  async suspect(): Promise<RunFailure | null> {
    if (performance.now() - this.#lookedAtMs < SUSPECT_EVERY_MS) return null;
    return this.recheck();
  }

  async #pause(): Promise<void> {
    const leftMs = this.#lookedAtMs + LOOK_EVERY_MS - performance.now();
    if (leftMs > 0) await sleep(leftMs);
  }

  async #look(): Promise<RunFailure | null> {
    this.#lookedAtMs = performance.now();
    const targets = new Map<EventKind, ActivityTarget>();
    for (const kind of EventKind.options.filter((one) => this.#configuration.events[one])) {
      const names = this.#configuration.activities[kind];
      const found = targetOf(kind, names, await this.#find(kind, names));
      if ('fault' in found) return found.fault;
      targets.set(kind, found.target);
    }
    this.#targets = targets;
    return null;
  }

  async #find(kind: EventKind, { table }: ActivityTable): Promise<FoundActivity> {
    const spent = <Value>({ value, calls }: { value: Value; calls: number }): Value => {
      this.#onSpent(kind, calls);
      return value;
    };
    try {
      const metadata = await this.#tableOrNull(table, spent);
      if (metadata === null) return { metadata, binds: [], by: 'batch' };
      const [binds, offered] = await Promise.all([
        this.#client.bindNames(table).then(spent),
        this.#client.offersCreateMultiple(table).then(spent),
      ]);
      return { metadata, binds, by: offered ? 'createMultiple' : 'batch' };
    } catch (error) {
      const failure = dynamicsFailure(error, table);
      throw failure === null ? error : new RunFailedError(failure, { cause: error });
    }
  }

  async #tableOrNull(
    table: string,
    spent: (reply: { value: DynamicsTableMetadata; calls: number }) => DynamicsTableMetadata,
  ): Promise<DynamicsTableMetadata | null> {
    try {
      return spent(await this.#client.table(table));
    } catch (error) {
      if (error instanceof DataverseRequestError && error.kind === 'notFound') return null;
      throw error;
    }
  }
}

/** Looks at the tables again and again until `signal` aborts; a look that fails tells nothing. */
export async function watchSchema(
  schema: Pick<ActivitySchema, 'recheck'>,
  options: { everyMs: number; log: Log; onFault: (failure: RunFailure) => void },
  signal: AbortSignal,
): Promise<void> {
  const passed = () => sleep(options.everyMs, true, { signal }).catch(() => false);
  while (await passed()) {
    try {
      const failure = await schema.recheck();
      if (failure !== null) options.onFault(failure);
    } catch (err) {
      if (err instanceof RunFailedError) options.onFault(err.failure);
      else options.log.debug({ err }, 'the schema cannot be looked at now; looking again later');
    }
  }
}
