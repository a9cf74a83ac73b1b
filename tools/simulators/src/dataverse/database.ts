import type { Journal, JournalLine } from '../store/journal.ts';
import { PRIVILEGES, type CellValue, type Privilege } from './dataverse-control.ts';
import { RowStore, type Block, type Generator, type Gone, type OverlayRow } from './row-store.ts';
import { findColumn, type Table } from './table.ts';

export type TableState = {
  table: Table;
  rows: RowStore;
  privileges: Set<Privilege>;
  /** Columns whose generated cells count; one that was removed or added later has none. */
  generated: Set<string>;
};

type Undo = () => void;

export type DatabaseOptions = {
  tables: Table[];
  seed: number;
  journal: Journal;
  /** The formula for a table's generated rows; called once for each table. */
  generatorFor: (table: Table) => Generator;
};

const FIRST_VERSION = 900_000;

/** All tables of one environment: their rows, row versions, and the journal that keeps them. */
export class Database {
  readonly #states = new Map<string, TableState>();
  readonly #options: DatabaseOptions;
  #version = FIRST_VERSION;
  #undo: Undo[] | null = null;
  #pending: JournalLine[] = [];
  /** Delta tokens below this version are too old. */
  tokenFloor = 0;
  /** How far the environment's clock is ahead of the machine's. */
  skewMs = 0;

  constructor(options: DatabaseOptions) {
    this.#options = options;
    for (const table of options.tables)
      this.#admit(
        table,
        table.columns.map(({ name }) => name),
      );
    for (const line of options.journal.read()) this.#replay(line);
  }

  /** Begins the journal behind what is known now; call once the first rows are in. */
  open(): void {
    this.#options.journal.restart(this.#snapshot());
  }

  close(): void {
    this.#options.journal.close();
  }

  get version(): number {
    return this.#version;
  }

  tables(): TableState[] {
    return [...this.#states.values()];
  }

  find(logicalName: string): TableState | null {
    return this.#states.get(logicalName) ?? null;
  }

  bySet(entitySet: string): TableState | null {
    for (const state of this.#states.values()) {
      if (state.table.entitySet === entitySet) return state;
    }
    return null;
  }

  /** Throws  Error when there is no such table. */
  get(logicalName: string): TableState {
    const state = this.#states.get(logicalName);
    if (state === undefined) throw new Error(`There is no table ${logicalName}`);
    return state;
  }

  addBlock(logicalName: string, count: number, spreadMs: number): void {
    if (count === 0) return;
    const { rows } = this.get(logicalName);
    const version = this.#version + 1;
    this.#version += count;
    // Rows that look old end a day ago, so that none of them seems to have changed just now.
    const atMs = wholeSecond(Date.now()) - (spreadMs > 0 ? 86_400_000 : 0);
    const block = rows.addBlock({ count, version, atMs, spreadMs });
    this.#write(['block', logicalName, block]);
  }

  create(state: TableState, id: string | null, patch: OverlayRow['patch']): number {
    const ordinal = state.rows.create(
      id,
      ++this.#version,
      wholeSecond(Date.now() + this.skewMs),
      patch,
    );
    this.#undo?.push(() => state.rows.undo(ordinal, null, false));
    this.#writeRow(state, ordinal, null);
    return ordinal;
  }

  change(state: TableState, ordinal: number, patch: OverlayRow['patch']): void {
    const before = state.rows.overlayOf(ordinal);
    state.rows.change(ordinal, ++this.#version, wholeSecond(Date.now() + this.skewMs), patch);
    this.#undo?.push(() => state.rows.undo(ordinal, before, true));
    this.#writeRow(state, ordinal, Object.keys(patch));
  }

  remove(state: TableState, ordinal: number): void {
    const before = state.rows.overlayOf(ordinal);
    const gone = state.rows.remove(ordinal, ++this.#version);
    this.#undo?.push(() => state.rows.undo(ordinal, before, true));
    this.#write(['gone', state.table.logicalName, gone]);
  }

  /** Runs `work`, all of it or nothing: when it throws, what it wrote is taken back. */
  atomically<T>(work: () => T): T {
    if (this.#undo !== null) return work();
    const undo: Undo[] = [];
    this.#undo = undo;
    try {
      const value = work();
      this.#undo = null;
      const lines = this.#pending.splice(0);
      for (const line of lines) this.#options.journal.write(line);
      return value;
    } catch (error) {
      this.#undo = null;
      this.#pending = [];
      for (const one of undo.reverse()) one();
      throw error;
    }
  }

  /** Throws  Error when there is such a table. */
  addTable(table: Table): void {
    const name = table.logicalName;
    if (this.#states.has(name)) throw new Error(`There is a table ${name} already`);
    this.#admit(table, []);
    this.#write(['table', name, table, []]);
  }

  /** Puts a changed definition in place of a table's own. */
  redefine(table: Table, generated?: Set<string>): void {
    const state = this.get(table.logicalName);
    state.table = table;
    if (generated !== undefined) state.generated = generated;
    this.#write(['table', table.logicalName, table, [...state.generated]]);
  }

  removeTable(logicalName: string): void {
    this.#states.delete(logicalName);
    this.#write(['tableGone', logicalName]);
  }

  expireTokens(): void {
    this.tokenFloor = ++this.#version;
    this.#write(['floor', '', this.tokenFloor]);
  }

  /** A cell as a query sees it: stored, generated, kept by the system or computed. */
  cell(state: TableState, ordinal: number, column: string): CellValue {
    const { table, rows } = state;
    switch (column) {
      case table.primaryId:
        return rows.idOf(ordinal);
      case 'versionnumber':
        return rows.version(ordinal);
      case 'modifiedon':
        return isoSecond(rows.modifiedMs(ordinal));
      case 'createdon':
        return rows.cell(ordinal, 'overriddencreatedon') ?? isoSecond(rows.createdMs(ordinal));
      case 'fullname':
        if (table.logicalName !== 'contact') break;
        return this.#joined(state, ordinal, ['firstname', 'lastname'], ' ');
      case 'yomifullname':
        return this.#joined(state, ordinal, ['firstname', 'lastname'], ' ');
      default:
        break;
    }
    if (column.endsWith('_composite')) {
      const at = column.slice(0, -'composite'.length);
      const parts = ['line1', 'line2', 'line3', 'postalcode', 'city', 'country'];
      return this.#joined(
        state,
        ordinal,
        parts.map((part) => at + part),
        '\r\n',
      );
    }
    if (column.endsWith('_base')) return this.cell(state, ordinal, column.slice(0, -5));
    const written = rows.overlayOf(ordinal)?.patch[column];
    if (written !== undefined) return written;
    return state.generated.has(column) ? rows.cell(ordinal, column) : null;
  }

  #joined(state: TableState, ordinal: number, columns: string[], by: string): string | null {
    const parts = columns.flatMap((column) => {
      const value = findColumn(state.table, column) && this.cell(state, ordinal, column);
      return value === null || value === undefined || value === '' ? [] : [String(value)];
    });
    return parts.length === 0 ? null : parts.join(by);
  }

  #admit(table: Table, generated: string[]): TableState {
    const salt = Array.from(table.logicalName).reduce(
      (h, c) => Math.imul(h, 31) + c.charCodeAt(0),
      7,
    );
    const state: TableState = {
      table,
      rows: new RowStore((salt ^ this.#options.seed) | 0, this.#options.generatorFor(table)),
      privileges: new Set(PRIVILEGES),
      generated: new Set(generated),
    };
    this.#states.set(table.logicalName, state);
    return state;
  }

  #writeRow(state: TableState, ordinal: number, columns: string[] | null): void {
    const row = state.rows.overlayOf(ordinal);
    const id = state.rows.ownIdOf(ordinal);
    this.#write(['row', state.table.logicalName, ordinal, id, row, columns]);
  }

  #write(line: JournalLine): void {
    if (this.#undo === null) this.#options.journal.write(line);
    else this.#pending.push(line);
  }

  #replay([kind, name, ...rest]: JournalLine): void {
    if (kind === 'floor') {
      this.tokenFloor = Number(rest[0]);
      this.#version = Math.max(this.#version, this.tokenFloor);
      return;
    }
    const table = String(name);
    if (kind === 'tableGone') {
      this.#states.delete(table);
      return;
    }
    if (kind === 'table') {
      const [definition, generated] = [rest[0] as Table, rest[1] as string[]];
      const known = this.#states.get(table) ?? this.#admit(definition, generated);
      known.table = definition;
      known.generated = new Set(generated);
      return;
    }
    const state = this.#states.get(table);
    if (state === undefined) return;
    if (kind === 'block') {
      const block = rest[0] as Block;
      state.rows.restoreBlock(block);
      this.#version = Math.max(this.#version, block.version + block.count - 1);
    } else if (kind === 'row') {
      const row = rest[2] as OverlayRow;
      const columns = rest[3] as string[] | null;
      state.rows.restoreRow(Number(rest[0]), rest[1] as string | null, row, columns);
      this.#version = Math.max(this.#version, row.version);
    } else if (kind === 'gone') {
      const gone = rest[0] as Gone;
      state.rows.restoreGone(gone);
      this.#version = Math.max(this.#version, gone.version);
    }
  }

  *#snapshot(): Iterable<JournalLine> {
    yield ['floor', '', this.tokenFloor];
    for (const { table, generated } of this.#states.values()) {
      yield ['table', table.logicalName, table, [...generated]];
    }
    for (const table of this.#options.tables) {
      if (!this.#states.has(table.logicalName)) yield ['tableGone', table.logicalName];
    }
    for (const { table, rows } of this.#states.values()) {
      for (const block of rows.blocks) yield ['block', table.logicalName, block];
      const written = [...rows.overlay()].sort(([, a], [, b]) => a.version - b.version);
      for (const [ordinal, row] of written) {
        yield ['row', table.logicalName, ordinal, rows.ownIdOf(ordinal), row, null];
      }
      for (const gone of rows.deletes) yield ['gone', table.logicalName, gone];
    }
  }
}

function wholeSecond(ms: number): number {
  return Math.floor(ms / 1_000) * 1_000;
}

function isoSecond(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
