import { randomUUID } from 'node:crypto';
import type { CellValue } from './dataverse-control.ts';
import { ordinalOfRowId, rowId } from './row-id.ts';

/** What a column of a generated row holds, by the row's index. */
export type Generator = (column: string, index: number) => CellValue;

/** Rows that exist by formula until somebody changes them. `spreadMs`: how old they may look. */
export type Block = {
  start: number;
  count: number;
  version: number;
  atMs: number;
  spreadMs: number;
};

export type OverlayRow = {
  version: number;
  createdMs: number;
  modifiedMs: number;
  patch: Record<string, CellValue>;
};

/** A row version that somebody brought about; `columns` null: the row is new, or all may differ. */
export type Change = { version: number; ordinal: number; columns: string[] | null };

export type Gone = { version: number; id: string; ordinal: number };

/** The rows of one table: blocks made by formula, and over them whatever was written. */
export class RowStore {
  readonly #salt: number;
  readonly #generate: Generator;
  readonly blocks: Block[] = [];
  readonly #overlay = new Map<number, OverlayRow>();
  readonly #ids = new Map<number, string>();
  readonly #ordinals = new Map<string, number>();
  readonly #gone = new Set<number>();
  readonly changes: Change[] = [];
  readonly deletes: Gone[] = [];
  #end = 0;
  /** How often something was taken back; an index made before is not to be trusted then. */
  undone = 0;

  constructor(salt: number, generate: Generator) {
    this.#salt = salt;
    this.#generate = generate;
  }

  get count(): number {
    return this.#end - this.#gone.size;
  }

  get end(): number {
    return this.#end;
  }

  addBlock(block: Omit<Block, 'start'>): Block {
    const added = { start: this.#end, ...block };
    this.restoreBlock(added);
    return added;
  }

  restoreBlock(block: Block): void {
    this.blocks.push(block);
    this.#end = Math.max(this.#end, block.start + block.count);
  }

  isLive(ordinal: number): boolean {
    return ordinal < this.#end && !this.#gone.has(ordinal);
  }

  idOf(ordinal: number): string {
    return this.#ids.get(ordinal) ?? rowId(this.#salt, ordinal);
  }

  /** The live row with this id, else null. */
  find(id: string): number | null {
    const ordinal = this.#ordinals.get(id) ?? ordinalOfRowId(this.#salt, id);
    return ordinal !== null && this.isLive(ordinal) && this.idOf(ordinal) === id ? ordinal : null;
  }

  /** A written cell, else a generated one, else null. Does not know computed columns. */
  cell(ordinal: number, column: string): CellValue {
    const written = this.#overlay.get(ordinal)?.patch[column];
    if (written !== undefined) return written;
    return this.#blockOf(ordinal) === null ? null : this.#generate(column, ordinal);
  }

  version(ordinal: number): number {
    const row = this.#overlay.get(ordinal);
    if (row !== undefined) return row.version;
    const block = this.#blockOf(ordinal);
    return block === null ? 0 : block.version + ordinal - block.start;
  }

  createdMs(ordinal: number): number {
    return this.#overlay.get(ordinal)?.createdMs ?? this.#bornMs(ordinal);
  }

  modifiedMs(ordinal: number): number {
    return this.#overlay.get(ordinal)?.modifiedMs ?? this.#bornMs(ordinal);
  }

  create(id: string | null, version: number, nowMs: number, patch: OverlayRow['patch']): number {
    const ordinal = this.#end;
    const own = id ?? randomUUID();
    this.restoreRow(ordinal, own, { version, createdMs: nowMs, modifiedMs: nowMs, patch }, null);
    return ordinal;
  }

  change(ordinal: number, version: number, nowMs: number, patch: OverlayRow['patch']): void {
    const before = this.#overlay.get(ordinal);
    const row: OverlayRow = {
      version,
      createdMs: this.createdMs(ordinal),
      modifiedMs: nowMs,
      patch: before === undefined ? patch : { ...before.patch, ...patch },
    };
    this.restoreRow(ordinal, null, row, Object.keys(patch));
  }

  /** Puts a row as it was journaled; `id` for one that no block makes. */
  restoreRow(ordinal: number, id: string | null, row: OverlayRow, columns: string[] | null): void {
    if (id !== null) {
      this.#ids.set(ordinal, id);
      this.#ordinals.set(id, ordinal);
    }
    if (ordinal >= this.#end) this.#end = ordinal + 1;
    this.#overlay.set(ordinal, row);
    this.changes.push({ version: row.version, ordinal, columns });
  }

  remove(ordinal: number, version: number): Gone {
    const gone = { version, id: this.idOf(ordinal), ordinal };
    this.restoreGone(gone);
    return gone;
  }

  restoreGone(gone: Gone): void {
    this.#gone.add(gone.ordinal);
    this.#overlay.delete(gone.ordinal);
    this.#ordinals.delete(gone.id);
    this.deletes.push(gone);
    if (gone.ordinal >= this.#end) this.#end = gone.ordinal + 1;
  }

  /** Undoes a create, change or remove that was the last thing to happen to the row. */
  undo(ordinal: number, before: OverlayRow | null, wasLive: boolean): void {
    this.undone++;
    if (this.#gone.delete(ordinal)) {
      this.deletes.pop();
      this.#ordinals.set(this.idOf(ordinal), ordinal);
    } else {
      this.changes.pop();
    }
    if (before !== null) this.#overlay.set(ordinal, before);
    else this.#overlay.delete(ordinal);
    if (wasLive) return;
    this.#ordinals.delete(this.idOf(ordinal));
    this.#ids.delete(ordinal);
    this.#end = ordinal;
  }

  overlayOf(ordinal: number): OverlayRow | null {
    return this.#overlay.get(ordinal) ?? null;
  }

  ownIdOf(ordinal: number): string | null {
    return this.#ids.get(ordinal) ?? null;
  }

  overlay(): IterableIterator<[number, OverlayRow]> {
    return this.#overlay.entries();
  }

  /** Live rows in the order of their creation, from `from` on. */
  *ordinals(from = 0): Iterable<number> {
    for (let ordinal = from; ordinal < this.#end; ordinal++) {
      if (!this.#gone.has(ordinal)) yield ordinal;
    }
  }

  /** Live rows that can have been modified at `sinceMs` or later: spares the blocks that are older. */
  *modifiedSince(sinceMs: number): Iterable<number> {
    const young = this.blocks.filter((block) => block.atMs >= sinceMs);
    const isYoung = (ordinal: number): boolean => young.some((block) => holds(block, ordinal));
    for (const block of young) {
      for (let at = block.start; at < block.start + block.count; at++) {
        if (!this.#gone.has(at)) yield at;
      }
    }
    for (const [ordinal] of this.#overlay) if (!isYoung(ordinal)) yield ordinal;
  }

  #bornMs(ordinal: number): number {
    const block = this.#blockOf(ordinal);
    if (block === null) return 0;
    if (block.spreadMs === 0) return block.atMs;
    return block.atMs - ((Math.imul(ordinal, 0x9e3779b1) >>> 0) % block.spreadMs);
  }

  #blockOf(ordinal: number): Block | null {
    for (const block of this.blocks) if (holds(block, ordinal)) return block;
    return null;
  }
}

function holds(block: Block, ordinal: number): boolean {
  return ordinal >= block.start && ordinal < block.start + block.count;
}
