import type { QueuedRecord, TableFigures, TableName } from '@landbridge/contracts';
import { Lag } from './lag.ts';
import type { System } from './pipeline.ts';
import type { WriteOutcome } from './write-outcome.ts';

interface Tally {
  figures: Omit<TableFigures, 'lagMs'>;
  lag: Lag;
}

/** What this replica did for each table since it took up the run. */
export class Figures {
  readonly #tables = new Map<TableName, Tally>();
  readonly #destination: System;

  constructor(tables: readonly TableName[], destination: System) {
    this.#destination = destination;
    for (const table of tables) this.#of(table);
  }

  read(table: TableName, count: number): void {
    this.#of(table).figures.read += count;
  }

  spent(table: TableName, system: System, calls: number): void {
    this.#of(table).figures.calls[system] += calls;
  }

  waiting(table: TableName, count: number): void {
    this.#of(table).figures.waiting = count;
  }

  dead(table: TableName): void {
    this.#of(table).figures.dead += 1;
  }

  /** Read and not queued. */
  leftOut(table: TableName, reason: string, count: number): void {
    const { figures } = this.#of(table);
    figures.read += count;
    figures.skipped[reason] = (figures.skipped[reason] ?? 0) + count;
  }

  settled(table: TableName, outcome: WriteOutcome, record: QueuedRecord | null): void {
    const { figures, lag } = this.#of(table);
    figures.calls[this.#destination] += outcome.calls ?? 0;
    if (outcome.kind === 'rejected') figures.dead += 1;
    if (outcome.kind === 'skipped') {
      figures.skipped[outcome.reason] = (figures.skipped[outcome.reason] ?? 0) + 1;
    }
    if (outcome.kind !== 'written') return;
    figures.written += 1;
    // A first load carries changes of years ago: their age is not a delay of ours.
    if (record?.origin !== 'change' || record.modifiedOn === null) return;
    lag.add(Date.now() - Date.parse(record.modifiedOn));
  }

  observe(): TableFigures[] {
    return [...this.#tables.values()].map(({ figures, lag }) => ({
      ...structuredClone(figures),
      lagMs: lag.percentiles(),
    }));
  }

  #of(table: TableName): Tally {
    const known = this.#tables.get(table);
    if (known !== undefined) return known;
    const tally: Tally = {
      figures: {
        table,
        read: 0,
        written: 0,
        skipped: {},
        dead: 0,
        calls: { dynamics: 0, campaign: 0 },
      },
      lag: new Lag(),
    };
    this.#tables.set(table, tally);
    return tally;
  }
}
