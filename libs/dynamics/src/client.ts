import type {
  DynamicsConnection,
  DynamicsTableMetadata,
  DynamicsTableSummary,
} from '@landbridge/contracts';

/** A value and the Dataverse requests spent on it; token requests do not count, repeats do. */
export type Reply<T> = { value: T; calls: number };

/** Runs every request to Dataverse; the pipeline's limiter fits. Token requests pass it by. */
export type Gate = <T>(call: () => Promise<T>) => Promise<T>;

/** Takes a pino logger as it is. */
export type ClientLog = {
  debug(fields: object, message: string): void;
  warn(fields: object, message: string): void;
};

/** Numbers that a double cannot hold exactly come as their decimal text. */
export type DynamicsValue = string | number | boolean | null;

/**
 * One row, keyed by logical column names (a lookup's GUID under the lookup's own name).
 * A column that Dataverse did not send is absent, an empty one is null.
 * `version`: the row version's digits; `modifiedOn`: RFC 3339, null where the table has none.
 */
export type DynamicsRow = {
  id: string;
  version: string | null;
  modifiedOn: string | null;
  columns: Record<string, DynamicsValue>;
  /** By column, which table a lookup leads to, for lookups that may lead to several. */
  lookupTables?: Record<string, string>;
};

/** What the client must know of a table to read it; DynamicsTableMetadata fits. */
export type TableShape = Pick<
  DynamicsTableMetadata,
  'table' | 'entitySet' | 'primaryId' | 'columns'
>;

/** Which rows' columns to read. `columns`: logical names; the primary key always comes. */
export type Selection = { table: TableShape; columns: readonly string[]; signal?: AbortSignal };

/** Links are opaque: store them whole. Exactly one is set on a tracked page, none means the end. */
export type ChangePage = {
  rows: DynamicsRow[];
  deletedIds: string[];
  nextLink: string | null;
  deltaLink: string | null;
};

export type RowPage = { rows: DynamicsRow[]; nextLink: string | null };

export type CallOptions = { signal?: AbortSignal };

export type WhoAmI = { userId: string; organizationId: string; businessUnitId: string };

export type DynamicsClientOptions = {
  connection: DynamicsConnection;
  gate?: Gate;
  log?: ClientLog;
  userAgent?: string;
  /** Sockets to the environment; Dataverse refuses more than 52 requests at once. Default 16. */
  connectionsMax?: number;
  connectTimeoutMs?: number;
  /** Until the answer begins. Default 150,000: Dataverse works up to two minutes on a request. */
  headersTimeoutMs?: number;
  /** Between two pieces of an answer. Default 60,000. */
  bodyTimeoutMs?: number;
  /** URLs longer than this are split into several requests. Default 8,000. */
  urlCharactersMax?: number;
  /** Rows of one CreateMultiple. Default 200; Microsoft suggests 100 to 1,000. */
  createMultipleRowsMax?: number;
  /** Parts of one $batch. Default 200; some servers refuse more than 250. */
  batchRowsMax?: number;
};

/**
 * Speaks to one Dataverse environment. Repeats nothing by itself, except once after a 401 with a
 * new token; every operation ends at once when its signal aborts, with the signal's reason.
 * Throws  the classes of errors.ts, each with the `calls` that were spent.
 * Source  Dataverse Web API v9.2.
 */
export type DynamicsClient = {
  whoAmI(options?: CallOptions): Promise<Reply<WhoAmI>>;
  /** Every table that can be read over the Web API, by logical name. */
  tables(options?: CallOptions): Promise<Reply<DynamicsTableSummary[]>>;
  /** Throws DataverseRequestError of kind `notFound` when there is no such table. */
  table(logicalName: string, options?: CallOptions): Promise<Reply<DynamicsTableMetadata>>;
  /**
   * One page of a full read (`link` null) or of what a link continues: the next page, or the
   * changes since a delta link. With `trackChanges` the last page always has a delta link.
   * Throws  CursorExpired, ChangeTrackingOff, DeltaLinkMissing, ForeignLinkRefused, …
   */
  readPage(
    page: Selection & { link: string | null; pageRowsMax: number; trackChanges: boolean },
  ): Promise<Reply<ChangePage>>;
  /** Rows modified at or after `since`, oldest first, then by primary key; deletions never show. */
  readModifiedSince(
    page: Selection & { since: Date; link: string | null; pageRowsMax: number },
  ): Promise<Reply<RowPage>>;
  /** The rows that changed last, newest first; by primary key where the table does not say when. */
  lastModified(rows: Selection & { count: number }): Promise<Reply<DynamicsRow[]>>;
  /** The rows that exist of `ids`, in no particular order. */
  rowsByIds(rows: Selection & { ids: readonly string[] }): Promise<Reply<DynamicsRow[]>>;
  /** Null only when Dataverse says that there is no row of this id. */
  row(row: Selection & { id: string }): Promise<Reply<DynamicsRow | null>>;
  /** Those of `ids` that exist, lower case. */
  existing(
    table: TableShape,
    ids: readonly string[],
    options?: CallOptions,
  ): Promise<Reply<Set<string>>>;
  /** Rows of a table by Dataverse's own statistics, up to a day old. */
  totalCount(logicalName: string, options?: CallOptions): Promise<Reply<number>>;
  /** Rows of a table now; Dataverse counts to 5,000 and stops. */
  countTo5000(table: TableShape, options?: CallOptions): Promise<Reply<number>>;
  /** Days after which delta links lose their deletions; null when the environment hides it. */
  changeTrackingExpiryDays(options?: CallOptions): Promise<Reply<number | null>>;
  /** Lets requests in flight finish. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};
