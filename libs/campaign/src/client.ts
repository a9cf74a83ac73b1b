import type {
  CampaignConnection,
  CampaignResourceMetadata,
  CampaignResourceSummary,
} from '@landbridge/contracts';
import type { CampaignTokens } from './campaign-tokens.ts';

/** A value and the engine calls spent on it; token requests do not count, repeats do. */
export type Reply<T> = { value: T; calls: number };

/** Runs every request to Campaign; the pipeline's limiter fits. Token requests pass it by. */
export type Gate = <T>(call: () => Promise<T>) => Promise<T>;

/** Takes a pino logger as it is. */
export type ClientLog = {
  debug(fields: object, message: string): void;
  warn(fields: object, message: string): void;
};

/** Which resource a call is about; CampaignResourceSummary and …Metadata fit. */
export type ResourceRef = Pick<CampaignResourceSummary, 'resource' | 'endpoint'>;

/** What a write sends: nested as Campaign has it, `{ location: { city: 'Lyon' } }`. */
export type CampaignBody = { readonly [name: string]: CampaignBodyValue };
export type CampaignBodyValue = string | number | boolean | null | CampaignBody;

/**
 * One record. `href` and `pkey` address it for the moment; neither may be stored, since a PKey
 * is not lasting. `fields`: as Campaign sent them, nested; see `fieldOf`.
 */
export type CampaignRecord = {
  href: string | null;
  pkey: string | null;
  fields: Record<string, unknown>;
};

/** `next`: opaque, followed as it is; null on the last page. */
export type CampaignPage = { records: CampaignRecord[]; next: string | null };

/**
 * How records of a resource are addressed by their business key: in the URI (one call), or by a
 * filter that finds the href first (two calls).
 */
export type CampaignAddressing = 'uriKey' | { filter: string; parameter: string };

/** What a filter that the customer published is asked for. */
export type FilterValue = { filter: string; parameter: string; value: string };

export type CallOptions = { signal?: AbortSignal };

export type CampaignClientOptions = {
  connection: CampaignConnection;
  /** Shared with the journal's; without it, the client asks for tokens of its own. */
  tokens?: CampaignTokens;
  gate?: Gate;
  log?: ClientLog;
  userAgent?: string;
  /** Sockets to the gateway. Default 16. */
  connectionsMax?: number;
  connectTimeoutMs?: number;
  /** Until the answer begins. Default 60,000. */
  headersTimeoutMs?: number;
  /** Between two pieces of an answer. Default 60,000. */
  bodyTimeoutMs?: number;
};

/**
 * Speaks to one Campaign Standard instance. Repeats nothing by itself, except once after a 401
 * with a new token; every operation ends at once when its signal aborts, with the signal's reason.
 * Throws  the classes of errors.ts, each with the `calls` that were spent.
 * Source  Campaign Standard REST API; docs/adr/0030-own-thin-clients-over-undici.md.
 */
export type CampaignClient = {
  /** The cheapest call that proves token, product profile and resource: one profile's PKey. */
  ping(options?: CallOptions): Promise<Reply<void>>;
  /** Resources of both API families; two calls. */
  resources(options?: CallOptions): Promise<Reply<CampaignResourceSummary[]>>;
  /** Throws CampaignRequestError of kind `notFound` when neither family lists it. */
  resource(name: string, options?: CallOptions): Promise<Reply<CampaignResourceMetadata>>;
  /** Null when Campaign says that there is no record of this key. */
  getByKey(
    resource: ResourceRef,
    key: string,
    options?: CallOptions,
  ): Promise<Reply<CampaignRecord | null>>;
  /** An empty body costs no call. Throws kind `notFound` when there is no record of this key. */
  patchByKey(
    resource: ResourceRef,
    key: string,
    body: CampaignBody,
    options?: CallOptions,
  ): Promise<Reply<void>>;
  /** Throws kind `notFound` when there is no record of this key. */
  deleteByKey(resource: ResourceRef, key: string, options?: CallOptions): Promise<Reply<void>>;
  /**
   * Throws kind `duplicateKey` when a unique key is taken: the record is there already. The record
   * has neither href nor fields when its answer broke off after saying that it is created.
   */
  insert(
    resource: ResourceRef,
    body: CampaignBody,
    options?: CallOptions,
  ): Promise<Reply<CampaignRecord>>;
  /** The first page of what a filter finds, one call. */
  findByFilter(
    resource: ResourceRef,
    by: FilterValue,
    options?: CallOptions,
  ): Promise<Reply<CampaignRecord[]>>;
  /** `href`: as a record brought it. An empty body costs no call. */
  patchHref(href: string, body: CampaignBody, options?: CallOptions): Promise<Reply<void>>;
  deleteHref(href: string, options?: CallOptions): Promise<Reply<void>>;
  /** Any one attribute's order: a name, or a name and ` desc`. `by`: of what a filter finds. */
  page(
    resource: ResourceRef,
    page: { link: string | null; lineCount: number; order?: string; by?: FilterValue },
    options?: CallOptions,
  ): Promise<Reply<CampaignPage>>;
  /**
   * How many records Campaign shows of a resource; two calls, or one where the page says it. Null:
   * it does not say.
   */
  count(resource: ResourceRef, options?: CallOptions): Promise<Reply<number | null>>;
  /**
   * Finds out how records are addressed by `keyField`, without writing. Null: neither by URI nor
   * by a filter that the metadata or `filter` name. Throws when Campaign cannot answer just now.
   */
  probeAddressing(
    resource: ResourceRef,
    keyField: string,
    options?: CallOptions & { filter?: { filter: string; parameter: string } },
  ): Promise<Reply<CampaignAddressing | null>>;
  /** Lets requests in flight finish. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};
