import { json, type Reply } from '../http/exchange.ts';
import type { Attribute } from './attribute.schema.ts';
import { applicationError } from './campaign-errors.ts';
import type { CampaignRecord, CampaignValue } from './campaign-control.ts';
import type { CampaignState, Published } from './campaign-state.ts';
import { shapeOf } from './record-shape.ts';
import { timestamp } from './check-values.ts';
import type { RecordStore, Values } from './record-store.ts';
import { isVisible, mayHide } from './visibility.ts';

const LINES_DEFAULT = 25;

/** A list as the URI asks for it: which records, which attribute, and the URI itself. */
export type ListRequest = {
  published: Published;
  /** `…/profileAndServicesExt/profile`, absolute: records' own addresses lie under it. */
  base: string;
  /** The list's own address without its query. */
  self: string;
  filters: string[];
  /** Only this attribute, as scalars. */
  attribute: string | null;
  query: URLSearchParams;
};

export function recordOf(
  state: CampaignState,
  published: Published,
  ordinal: number,
  base: string,
): CampaignRecord {
  const pkey = state.pkey(published, ordinal);
  const values = published.store.read(ordinal) ?? {};
  return shapeOf(values, published.resource, pkey, `${base}/${pkey}`);
}

/** One page of a list. Throws  CampaignRefusal. */
export function listOf(state: CampaignState, request: ListRequest): Reply {
  const { published, query } = request;
  const start = startOf(state, query.get('_lineStart'));
  const size = sizeOf(state, query.get('_lineCount'));
  const { page, total } = pageOf(state, request, start, size);
  const content: CampaignValue[] = page.map((ordinal) => {
    if (request.attribute === null) return recordOf(state, published, ordinal, request.base);
    return recordOf(state, published, ordinal, request.base)[request.attribute] ?? null;
  });
  const isBig = published.store.count > state.bigTableThreshold;
  const isMore = start + size < total;
  const next = new URLSearchParams(query);
  next.set('_lineCount', String(size));
  next.set('_lineStart', `@${Buffer.from(`line ${start + size}`).toString('base64url')}`);
  const body = {
    content,
    count: {
      href: `${request.self}/_count?${query.toString()}`,
      ...(state.switches.countValue ? { value: total } : {}),
    },
    ...(isMore && (!isBig || query.get('_forcePagination') === 'true')
      ? { next: { href: `${request.self}?${next.toString()}` } }
      : {}),
    serverSidePagination: isBig,
  };
  return { ...json(200, body), records: content.length };
}

/** What is neither filtered, ordered nor hidden is not gone through for each page. */
function pageOf(
  state: CampaignState,
  request: ListRequest,
  start: number,
  size: number,
): { page: number[]; total: number } {
  const { published, filters, query } = request;
  if (filters.length === 0 && !query.has('_order') && !mayHide(published)) {
    return { page: published.store.page(start, size), total: published.store.count };
  }
  const found = ordered(state, request, matching(state, request));
  return { page: found.slice(start, start + size), total: found.length };
}

export function countOf(state: CampaignState, request: ListRequest): Reply {
  return json(200, { count: matching(state, request).length });
}

/** The ordinals that every filter of the URI lets through, in insertion order. */
function matching(state: CampaignState, request: ListRequest): number[] {
  const { published, query } = request;
  let found: number[] | null = null;
  for (const name of request.filters) {
    const hits = filtered(state, published, name, query);
    const allowed: Set<number> = new Set(hits);
    found = found === null ? hits : found.filter((ordinal) => allowed.has(ordinal));
  }
  const all = found ?? [...published.store.ordinals()];
  return mayHide(published) ? all.filter((one) => isVisible(state, published, one)) : all;
}

function filtered(
  state: CampaignState,
  published: Published,
  name: string,
  query: URLSearchParams,
): number[] {
  const { store } = published;
  if (name === 'byText') {
    const attribute = query.get('filterType') ?? 'lastName';
    const text = query.get('text') ?? '';
    return [...store.ordinals()].filter((ordinal) =>
      String(store.read(ordinal)?.[attribute] ?? '').startsWith(text),
    );
  }
  const filter = state.filters(published).find((one) => one.name === name);
  if (filter === undefined) {
    throw applicationError(state.switches, 404, `RST-360011 Unable to find the filter '${name}'.`);
  }
  const wanted = Object.keys(filter.parameters).map((parameter) => {
    const value = query.get(parameter);
    if (value !== null) return value;
    throw applicationError(
      state.switches,
      500,
      `XTK-170019 The parameter '${parameter}' of the filter '${name}' is not valid: it is missing.`,
    );
  });
  const attributes = Object.values(filter.parameters);
  if (filter.comparison === 'atLeast') return changedSince(state, store, attributes, wanted);
  const names = attributes.flat();
  if (names.length > 1 || names[0] !== '@id') return store.find(names, wanted);
  const ordinal = state.ordinalOfRecipient(Number(wanted[0]));
  return store.read(ordinal) === null ? [] : [ordinal];
}

/** Records of which, for each parameter, one of its attributes is as late or later. */
function changedSince(
  state: CampaignState,
  store: RecordStore,
  attributes: (string | string[])[],
  wanted: string[],
): number[] {
  const moments = wanted.map((value) => {
    const ms = Date.parse(value.trim().replace(' ', 'T'));
    if (!Number.isNaN(ms)) return timestamp(new Date(ms));
    throw applicationError(state.switches, 500, `XTK-170006 '${value}' is not valid as a date.`);
  });
  return [...store.ordinals()].filter((ordinal) => {
    const values = store.read(ordinal) ?? {};
    return moments.every((moment, index) =>
      [attributes[index] ?? []].flat().some((name) => String(values[name] ?? '') >= moment),
    );
  });
}

function ordered(state: CampaignState, request: ListRequest, found: number[]): number[] {
  const order = request.query.get('_order');
  if (order === null) return found;
  const [name = '', direction = 'asc'] = order.split(/\s+/);
  const attribute = request.published.resource.attributes.find((one) => one.name === name);
  if (attribute === undefined || !isSortable(attribute)) {
    throw applicationError(
      state.switches,
      500,
      `XTK-170036 Unable to parse expression '@${name}': the attribute is not sortable.`,
    );
  }
  const valueOf = (ordinal: number): Values[string] =>
    request.published.store.read(ordinal)?.[name] ?? '';
  const sign = direction === 'desc' ? -1 : 1;
  return found
    .map((ordinal) => ({ ordinal, value: valueOf(ordinal) }))
    .sort((a, b) => sign * (a.value < b.value ? -1 : a.value > b.value ? 1 : 0))
    .map(({ ordinal }) => ordinal);
}

export function isSortable(attribute: Attribute): boolean {
  return attribute.sortable ?? !['memo', 'link', 'collection'].includes(attribute.type);
}

function sizeOf(state: CampaignState, asked: string | null): number {
  if (asked === null) return LINES_DEFAULT;
  const size = Number(asked);
  if (Number.isInteger(size) && size > 0) return Math.min(size, state.switches.lineCountMax);
  throw applicationError(state.switches, 500, `XTK-170006 '${asked}' is not valid for _lineCount.`);
}

function startOf(state: CampaignState, asked: string | null): number {
  if (asked === null) return 0;
  const read = /^line (\d+)$/.exec(Buffer.from(asked.slice(1), 'base64url').toString());
  if (read !== null) return Number(read[1]);
  throw applicationError(state.switches, 500, `XTK-170036 Unable to parse expression '${asked}'.`);
}
