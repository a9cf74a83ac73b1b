import type { RunFailure, TableMapping } from '@landbridge/contracts';
import { type MappingMetadata, schemaFault } from '@landbridge/mapping';

/** What both systems say of one mapping; null: the table or the resource does not exist. */
export type FoundSchema = {
  table: MappingMetadata['table'] | null;
  resource: MappingMetadata['resource'] | null;
};

/** Two looks at the schema are at least this far apart, however many records ask for one. */
const LOOK_EVERY_MS = 1_000;

/**
 * The newest metadata of one mapping, and whether the run can live with it. A look that somebody
 * asks for begins after the question, since an older one could have missed what made him ask.
 */
export class TableSchema {
  readonly mapping: TableMapping;
  readonly #started: MappingMetadata;
  readonly #look: () => Promise<FoundSchema>;
  readonly #sleep: (ms: number) => Promise<void>;
  readonly #onFault: (failure: RunFailure) => Promise<void>;
  #newest: MappingMetadata;
  #fault: RunFailure | null = null;
  #waiting: Promise<RunFailure | null> | null = null;
  #looking: Promise<RunFailure | null> = Promise.resolve(null);
  #lookedAtMs = Number.NEGATIVE_INFINITY;
  /** Written while the schema was last found sound or since, and in the look before. */
  #suspects = new Set<string>();
  #olderSuspects = new Set<string>();

  constructor(options: {
    mapping: TableMapping;
    started: MappingMetadata;
    look: () => Promise<FoundSchema>;
    sleep: (ms: number) => Promise<void>;
    /** Awaited before anybody hears of the fault. */
    onFault: (failure: RunFailure) => Promise<void>;
  }) {
    this.mapping = options.mapping;
    this.#started = options.started;
    this.#newest = options.started;
    this.#look = options.look;
    this.#sleep = options.sleep;
    this.#onFault = options.onFault;
  }

  get metadata(): MappingMetadata {
    return this.#newest;
  }

  /** Looks now, or shares the look that is about to begin. null: the run can go on. */
  recheck(): Promise<RunFailure | null> {
    this.#waiting ??= this.#looking
      .catch(() => null)
      .then(() => this.#pause())
      .then(() => {
        this.#waiting = null;
        this.#looking = this.#lookOnce();
        return this.#looking;
      });
    return this.#waiting;
  }

  /** Remembers a write that an attribute's disappearance, not noticed yet, may have spoilt. */
  noteWritten(key: string): void {
    this.#suspects.add(key);
  }

  /** What ended the run, once a look has found it. */
  get fault(): RunFailure | null {
    return this.#fault;
  }

  /** The keys that were written since the schema was last known to be sound; each is given once. */
  takeSuspects(): string[] {
    const keys = new Set([...this.#olderSuspects, ...this.#suspects]);
    this.#olderSuspects.clear();
    this.#suspects.clear();
    return [...keys];
  }

  async #pause(): Promise<void> {
    const leftMs = this.#lookedAtMs + LOOK_EVERY_MS - performance.now();
    if (leftMs > 0) await this.#sleep(leftMs);
  }

  async #lookOnce(): Promise<RunFailure | null> {
    if (this.#fault !== null) return this.#fault;
    const before = this.#suspects;
    this.#suspects = new Set();
    this.#olderSuspects = new Set([...this.#olderSuspects, ...before]);
    this.#lookedAtMs = performance.now();
    const found = await this.#look();
    this.#fault = schemaFault(this.mapping, this.#started, found);
    if (this.#fault !== null) {
      await this.#onFault(this.#fault);
      return this.#fault;
    }
    if (found.table !== null && found.resource !== null) {
      this.#newest = { table: found.table, resource: found.resource };
    }
    // What was written before the look began met the schema that the look found.
    this.#olderSuspects = new Set();
    return null;
  }
}
