import type { CallOptions, DynamicsRow, Reply, Selection, TableShape } from '../client.ts';
import type { DynamicsError } from '../errors.ts';

/** Values by column; a lookup under its bind name, as `/contacts(<guid>)`. */
export type WrittenColumns = { readonly [column: string]: string | number | boolean | null };

/** A row under an id of its own, so that creating it twice creates it once. */
export type NewRow = { id: string; columns: WrittenColumns };

/**
 * What became of one row. `rejected` never heals for this row; of kind `notFound`, a row that it
 * leads to is not there. The message has none of the values.
 */
export type RowResult =
  | { id: string; outcome: 'created' | 'alreadyThere' }
  | {
      id: string;
      outcome: 'rejected';
      kind: 'rejected' | 'notFound';
      code: string;
      column: string | null;
      message: string;
    };

/**
 * `results`: of the rows whose end is known. `failure`: why the others have none; they may or may
 * not be written, and creating them again is harmless. null: every row has its result.
 */
export type CreatedRows = { results: RowResult[]; failure: DynamicsError | null };

/** All rows of a table in one go or one by one inside a batch. */
export type BulkMethod = 'createMultiple' | 'batch';

/** A lookup may lead to several tables; each has a bind name of its own. */
export type BindName = { column: string; to: string; bind: string };

export type TargetTable = Pick<TableShape, 'table' | 'entitySet' | 'primaryId'>;

/** `moved`: somebody changed the row since the version that the write was made for. */
export type ChangedRow = { outcome: 'changed'; row: DynamicsRow } | { outcome: 'absent' | 'moved' };

/**
 * Writing to one environment. Nothing is repeated that Dataverse may have applied, except rows of
 * a bulk write that it refused as a whole, to find out which of them it refuses.
 */
export type DynamicsWrites = {
  /**
   * Creates rows, and only creates: one that is there already is left as it is. A bulk write that
   * is refused as a whole is sent again as a batch, which tells row by row. The sizes adapt: half
   * after a request that was too much, a little more after each that was not.
   * Source  Dataverse Web API, "Use bulk operation messages", "Execute batch operations".
   */
  createRows(
    write: { table: TargetTable; rows: readonly NewRow[]; by: BulkMethod } & CallOptions,
  ): Promise<Reply<CreatedRows>>;
  /** Changes a row that is there; never creates one. */
  updateRow(
    write: { table: TargetTable; id: string; columns: WrittenColumns } & CallOptions,
  ): Promise<Reply<'updated' | 'absent'>>;
  /**
   * Changes a row only where it still is of that version, and tells it as it is afterwards: the
   * selection's columns, its new version and its new modifiedon.
   */
  changeRow(
    write: Selection & { id: string; version: string; values: WrittenColumns },
  ): Promise<Reply<ChangedRow>>;
  /** Whether a table offers CreateMultiple, by the environment's list of messages. */
  offersCreateMultiple(table: string, options?: CallOptions): Promise<Reply<boolean>>;
  /** Bind names are case-sensitive and not the columns' own: read them, never guess. */
  bindNames(table: string, options?: CallOptions): Promise<Reply<BindName[]>>;
};
