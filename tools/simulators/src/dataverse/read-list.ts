import { json, text, type Incoming, type Reply } from '../http/exchange.ts';
import { deltaToken, readCookie, skipToken, type Cookie } from './cookies.ts';
import type { TableState } from './database.ts';
import { badSyntax, DataverseRefusal } from './dataverse-errors.ts';
import { readDelta } from './read-delta.ts';
import type { Environment } from './environment.ts';
import { fieldOf } from './fields.ts';
import { FilterTypeError, filterTest } from './filter-test.ts';
import { candidates, findRows, type RowSearch } from './find-rows.ts';
import { FilterSyntaxError, parseFilter } from './odata-filter.ts';
import {
  MAX_PAGE_SIZE,
  preferencesOf,
  queryOptions,
  type Preferences,
  type QueryOptions,
} from './query-options.ts';
import { contextColumns, rowJson, selectionOf, type Selection } from './row-format.ts';

const COUNT_MAX = 5_000;

export type ListQuery = RowSearch & {
  options: QueryOptions['options'];
  preferences: Preferences;
  selection: Selection;
  request: Incoming;
};

const REFUSED_WITH_TRACKING = ['$filter', '$orderby', '$expand', '$top'];

/** `GET contacts?…`: a page of a list, of a first load with tracking, or of a delta. */
export function readList(env: Environment, state: TableState, request: Incoming): Reply {
  const syntaxCode = env.switches.syntaxErrorCode;
  const { options, aliases } = queryOptions(request.query, syntaxCode);
  const preferences = preferencesOf(request);
  const token = options.get('$deltatoken');
  const cookie = cookieOf(options.get('$skiptoken'), syntaxCode);
  const isTracked = token !== undefined || preferences.trackChanges || cookie?.tracking === true;
  if (isTracked) refuseWithTracking(env, state, options);
  const query: ListQuery = {
    ...filterOf(env, state, options.get('$filter'), aliases),
    options,
    preferences,
    selection: selectionOf(
      env.db,
      state,
      options.get('$select'),
      options.get('$expand'),
      syntaxCode,
    ),
    order: orderOf(env, state, options.get('$orderby')),
    cookie,
    request,
  };
  if (token !== undefined || (cookie !== null && cookie.delta !== null)) {
    return readDelta(env, state, query, token ?? null);
  }
  return readPage(env, state, query, isTracked);
}

function refuseWithTracking(
  env: Environment,
  state: TableState,
  options: QueryOptions['options'],
): void {
  const { trackingRefusalStatus, syntaxErrorCode } = env.switches;
  for (const name of REFUSED_WITH_TRACKING) {
    if (options.has(name)) {
      throw new DataverseRefusal(
        trackingRefusalStatus,
        syntaxErrorCode,
        `The "${name}" query parameter isn't supported when Change Tracking is enabled.`,
      );
    }
  }
  if (!state.table.changeTracking) {
    throw new DataverseRefusal(
      400,
      '0x80072491',
      `Entity ${state.table.logicalName} isn't enabled for change tracking.`,
    );
  }
}

function cookieOf(skiptoken: string | undefined, syntaxCode: string): Cookie | null {
  if (skiptoken === undefined) return null;
  const cookie = readCookie(skiptoken);
  if (cookie === null) throw badSyntax('The $skiptoken is malformed.', syntaxCode);
  return cookie;
}

/** Reads `$filter`. Throws  DataverseRefusal for what the Web API cannot parse or compare. */
export function filterOf(
  env: Environment,
  state: TableState,
  expression: string | undefined,
  aliases: Map<string, string>,
): Pick<ListQuery, 'filter' | 'matches'> {
  if (expression === undefined) return { filter: null, matches: null };
  const code = env.switches.syntaxErrorCode;
  try {
    const filter = parseFilter(expression, aliases);
    const matches = filterTest(filter, (path) => fieldOf(env.db, state, path, code));
    return { filter, matches };
  } catch (error) {
    if (error instanceof FilterSyntaxError || error instanceof FilterTypeError) {
      throw badSyntax(error.message, code);
    }
    throw error;
  }
}

function orderOf(env: Environment, state: TableState, orderby: string | undefined) {
  if (orderby === undefined) return [];
  return orderby.split(',').map((part) => {
    const [path = '', direction = 'asc', ...more] = part.trim().split(/\s+/);
    if (more.length > 0 || (direction !== 'asc' && direction !== 'desc')) {
      throw badSyntax(`Syntax error in '${orderby}'.`, env.switches.syntaxErrorCode);
    }
    return {
      path,
      field: fieldOf(env.db, state, path, env.switches.syntaxErrorCode),
      sign: direction === 'desc' ? -1 : 1,
    };
  });
}

function readPage(env: Environment, state: TableState, query: ListQuery, tracked: boolean): Reply {
  const { preferences, options, cookie } = query;
  const top = topOf(options.get('$top'), env.switches.syntaxErrorCode);
  const size = Math.min(top ?? preferences.pageSize ?? MAX_PAGE_SIZE, MAX_PAGE_SIZE);
  const firstVersion = cookie?.firstVersion ?? env.db.version;
  const found = findRows(state, query, size + 1);
  const page = found.slice(0, size);
  const isMore = found.length > size && top === null;
  const last = page.at(-1);
  const repeats =
    env.switches.pagesRepeatRows && cookie !== null && cookie.keys === null && !tracked;
  const ordinals = page.map(({ ordinal }) => ordinal);
  if (repeats && state.rows.isLive(cookie.ordinal)) ordinals.unshift(cookie.ordinal);
  const body: Record<string, unknown> = {
    '@odata.context': contextOf(env, state, query.selection, ''),
    ...countOf(state, query),
    value: ordinals.map((at) => rowJson(env.db, state, at, query.selection, preferences)),
  };
  if (isMore && last !== undefined) {
    const next: Cookie = {
      page: (cookie?.page ?? 1) + 1,
      ordinal: last.ordinal,
      keys: last.keys,
      tracking: tracked,
      firstVersion,
      delta: null,
    };
    body['@odata.nextLink'] = linkOf(env, state, query, `$skiptoken=${skipToken(next)}`);
  } else if (tracked && preferences.trackChanges && !isLinkLost(env, preferences)) {
    const version = env.switches.deltaTokenFrom === 'firstPage' ? firstVersion : env.db.version;
    const token = deltaToken({ version, atMs: Date.now() });
    body['@odata.deltaLink'] = linkOf(env, state, query, `$deltatoken=${token}`);
  }
  return { ...json(200, body, appliedHeaders(preferences)), records: ordinals.length };
}

export function isLinkLost(env: Environment, preferences: Preferences): boolean {
  return preferences.annotations !== null && env.switches.deltaLinkWithAnnotations === 'lost';
}

export function appliedHeaders(preferences: Preferences): Record<string, string> {
  return {
    'content-type': 'application/json; odata.metadata=minimal',
    ...(preferences.applied.length === 0
      ? {}
      : { 'preference-applied': preferences.applied.join(',') }),
  };
}

export function contextOf(
  env: Environment,
  state: TableState,
  selection: Selection,
  suffix: string,
): string {
  return `${env.api()}$metadata#${state.table.entitySet}${contextColumns(selection)}${suffix}`;
}

/** The query's own link with the token that goes on from here in place of the one it had. */
export function linkOf(
  env: Environment,
  state: TableState,
  query: ListQuery,
  token: string,
): string {
  const kept = query.request.query
    .split('&')
    .filter((part) => part !== '' && !/^(\$|%24)(skiptoken|deltatoken)=/i.test(part));
  return `${env.api()}${state.table.entitySet}?${[...kept, token].join('&')}`;
}

function topOf(top: string | undefined, syntaxCode: string): number | null {
  if (top === undefined) return null;
  const count = Number(top);
  if (Number.isInteger(count) && count >= 0) return count;
  throw badSyntax(`Invalid value '${top}' for $top query option found.`, syntaxCode);
}

function countOf(state: TableState, query: ListQuery): Record<string, unknown> {
  const wanted = query.options.get('$count') === 'true';
  const annotated = query.preferences.annotations !== null;
  const total = wanted ? totalOf(state, query) : -1;
  return {
    ...(wanted ? { '@odata.count': Math.min(total, COUNT_MAX) } : {}),
    ...(annotated
      ? {
          '@Microsoft.Dynamics.CRM.totalrecordcount': Math.min(total, COUNT_MAX),
          '@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded': total > COUNT_MAX,
        }
      : {}),
  };
}

function totalOf(state: TableState, { filter, matches }: Pick<ListQuery, 'filter' | 'matches'>) {
  if (matches === null) return state.rows.count;
  let total = 0;
  for (const ordinal of candidates(state, filter, 0)) if (matches(ordinal)) total++;
  return total;
}

/** `GET contacts/$count`, with a filter or with a delta token. */
export function readCount(
  env: Environment,
  state: TableState,
  request: Incoming,
  changesSince: (token: string) => number,
): Reply {
  const { options, aliases } = queryOptions(request.query, env.switches.syntaxErrorCode);
  const token = options.get('$deltatoken');
  const count =
    token === undefined
      ? totalOf(state, filterOf(env, state, options.get('$filter'), aliases))
      : changesSince(token);
  return text(200, `\ufeff${Math.min(count, COUNT_MAX)}`, 'text/plain');
}
