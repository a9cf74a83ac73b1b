import { json, type Incoming, type Reply, type Route, type Service } from '../http/exchange.ts';
import type { TokenMint } from '../tokens/token-mint.ts';
import { addressed } from './addressing.ts';
import { CampaignRefusal, gateway, oops, undocumented, writeForbidden } from './campaign-errors.ts';
import { directory, filtersOf, resourceType } from './campaign-metadata.ts';
import type { CampaignState, Published } from './campaign-state.ts';
import { imsToken, type ImsAccount } from './ims.ts';
import { countOf, listOf, recordOf, type ListRequest } from './reading.ts';
import { change, insert, remove } from './writing.ts';

export type CampaignServiceOptions = {
  state: CampaignState;
  mint: TokenMint;
  account: ImsAccount & { productProfile: boolean };
  organization: string;
  origin: () => string;
  /** What else is behind the same gateway: null for a path that is none of its own. */
  beside: (request: Incoming) => Route | null;
};

const ROOTS = ['profileAndServicesExt', 'profileAndServices', 'customResources'];
const RAW_KEY = '{key}';

/** Campaign behind Adobe's gateway, with IMS on the same port. */
export function campaignService(options: CampaignServiceOptions): Service {
  const { state } = options;
  const route = (request: Incoming): Route => {
    if (request.path === '/ims/token/v3') {
      return {
        call: 'token',
        template: request.path,
        key: null,
        apply: () => imsToken(request, options.account, options.mint),
      };
    }
    const beside = options.beside(request);
    if (beside !== null) return beside;
    const found = resolve(options, request);
    return {
      ...found,
      apply: () => {
        try {
          return refusedAtTheGate(request, options) ?? found.apply();
        } catch (error) {
          if (error instanceof CampaignRefusal) return error.reply;
          throw error;
        }
      },
    };
  };
  return {
    route,
    throttled: (retryAfter) => ({
      ...(state.switches.throttleBody === 'empty'
        ? { body: '' }
        : gateway(429, { error_code: '429050', message: 'Too many requests' })),
      status: 429,
      headers: {
        'content-type': 'application/json',
        ...(retryAfter === null ? {} : { 'retry-after': retryAfter }),
      },
    }),
    unauthorized: tokenRefused,
    deltaTokenRefused: () => oops(500),
    unavailable: (status) =>
      status === 500 || status === 502 ? oops(status) : undocumented(state.switches, status),
  };
}

function tokenRefused(): Reply {
  return gateway(401, { error_code: '401013', message: 'Oauth token is not valid' });
}

/** The gateway's checks of token and key. */
export function refusedByGateway(
  request: Incoming,
  { mint, account }: Pick<CampaignServiceOptions, 'mint' | 'account'>,
): Reply | null {
  const { authorization } = request.headers;
  const token = authorization?.startsWith('Bearer ') ? authorization.slice(7) : '';
  if (mint.check(token).kind !== 'good') return tokenRefused();
  const apiKey = request.headers['x-api-key'];
  if (apiKey === undefined) {
    return gateway(403, { error_code: '403000', message: 'Api Key is required' });
  }
  if (apiKey !== account.clientId) {
    return gateway(403, { error_code: '403003', message: 'Api Key is invalid' });
  }
  return null;
}

function refusedAtTheGate(request: Incoming, options: CampaignServiceOptions): Reply | null {
  const refused = refusedByGateway(request, options);
  if (refused !== null) return refused;
  if (!options.account.productProfile) {
    return gateway(403, { error_code: '403023', message: 'Profile is not valid' });
  }
  return null;
}

/** Finds out what the URI names, without looking at any record. */
function resolve(options: CampaignServiceOptions, request: Incoming): Route {
  const { state } = options;
  const segments = segmentsOf(request.path);
  const [organization, product, root = '', first = '', ...rest] = segments;
  const lost = (): Route => ({
    call: 'lost',
    template: request.path,
    key: null,
    apply: () => oops(500),
  });
  if (organization !== options.organization || product !== 'campaign') return lost();
  if (!ROOTS.includes(root)) return lost();
  const prefix = `/${organization}/campaign`;
  const origin = `${options.origin()}${prefix}`;
  const isRead = request.method === 'GET';
  const metadata = (apply: () => Reply): Route => ({
    call: 'metadata',
    template: `${prefix}/${[root, first, ...rest].join('/')}`,
    key: null,
    apply: () => (isRead ? apply() : undocumented(state.switches, 405)),
  });
  if (first === '') return metadata(() => directory(state, `/${root}`, origin));
  const name = first === 'resourceType' ? (rest[0] ?? '') : first;
  const published = state.find(name);
  const isServed =
    published !== null && published.resource.linkedToProfile === (root !== 'customResources');
  if (!isServed) return lost();
  if (first === 'resourceType') {
    return metadata(() =>
      rest[1] === 'filters'
        ? filtersOf(state, published, `/${root}`)
        : resourceType(state, published, `/${root}`, origin),
    );
  }
  if (rest[0] === 'metadata') {
    return metadata(() => resourceType(state, published, `/${root}`, origin));
  }
  const base = `${origin}/${root}/${name}`;
  return records({ state, published, base, template: `${prefix}/${root}/${name}` }, request, rest);
}

type Place = { state: CampaignState; published: Published; base: string; template: string };

function records(place: Place, request: Incoming, rest: string[]): Route {
  const { state, published, base, template } = place;
  const [first] = rest;
  const isList =
    first === undefined ||
    first === '_count' ||
    isFilter(place.state, published, first) ||
    published.resource.attributes.some(({ name }) => name === first);
  const isPKeyList = first === 'PKey';
  if (isList || isPKeyList) {
    if (request.method === 'POST' && first === undefined) return insertion(place, request);
    return listing(place, request, rest);
  }
  const key = first;
  const at = { template: `${template}/${RAW_KEY}`, key };
  switch (request.method) {
    case 'GET':
      return { call: 'get', ...at, apply: () => single(place, key, rest[1]) };
    case 'PATCH':
      return {
        call: 'update',
        ...at,
        apply: () => {
          requireWrite(place, key, 'PATCH');
          const body = bodyOf(state, request);
          if (Object.keys(body).length === 0 && state.switches.emptyPatch === '204') {
            return { status: 204 };
          }
          const pkey = state.pkey(published, change(state, published, key, body));
          return { ...json(200, { PKey: pkey, href: `${base}/${pkey}` }), records: 1 };
        },
      };
    case 'DELETE':
      return {
        call: 'delete',
        ...at,
        apply: () => {
          requireWrite(place, key, 'DELETE');
          remove(state, published, key);
          return { status: state.switches.deleteStatus, records: 1 };
        },
      };
    default:
      return { call: 'lost', ...at, apply: () => undocumented(state.switches, 405) };
  }
}

/** Throws  CampaignRefusal; where rights are looked at last, for a key of nobody what it always is. */
function requireWrite({ state, published }: Place, key: string, method: 'PATCH' | 'DELETE'): void {
  if (state.mayWrite) return;
  if (!state.switches.writeCheckedFirst) addressed(state, published, key, method);
  throw writeForbidden(state.switches);
}

function insertion({ state, published, base, template }: Place, request: Incoming): Route {
  return {
    call: 'insert',
    template,
    key: keyIn(state, published, request),
    apply: () => {
      if (!state.mayWrite) throw writeForbidden(state.switches);
      const ordinal = insert(state, published, bodyOf(state, request));
      return { ...json(201, recordOf(state, published, ordinal, base)), records: 1 };
    },
  };
}

/** What the record would be addressed by; null where the body does not say. */
function keyIn(state: CampaignState, published: Published, request: Incoming): string | null {
  const [attribute] = state.keys(published).find(({ length }) => length === 1) ?? [];
  try {
    const key = attribute === undefined ? null : bodyOf(state, request)[attribute];
    return typeof key === 'string' ? key : null;
  } catch {
    return null;
  }
}

function listing(
  { state, published, base, template }: Place,
  request: Incoming,
  rest: string[],
): Route {
  const query = new URLSearchParams(request.query);
  const path = rest.filter((part) => part !== '_count');
  const filters = path.filter((part) => isFilter(state, published, part));
  const list: ListRequest = {
    published,
    base,
    self: [base, ...path].join('/'),
    filters,
    attribute: path.find((part) => !isFilter(state, published, part)) ?? null,
    query,
  };
  const isCount = rest.includes('_count');
  const [filter] = state.filters(published).filter(({ name }) => filters.includes(name));
  const [parameter] = Object.keys(filter?.parameters ?? {});
  return {
    call: isCount ? 'count' : filters.length > 0 ? 'filter' : 'list',
    template: [template, ...rest].join('/'),
    key: parameter === undefined ? null : query.get(parameter),
    apply: () => {
      if (request.method !== 'GET') return undocumented(state.switches, 405);
      return isCount ? countOf(state, list) : listOf(state, list);
    },
  };
}

function single({ state, published, base }: Place, key: string, inner: string | undefined): Reply {
  const { ordinal } = addressed(state, published, key, 'GET');
  if (inner !== undefined) {
    return json(200, { content: [], count: { href: `${base}/${key}/${inner}/_count`, value: 0 } });
  }
  const record = recordOf(state, published, ordinal, base);
  return { ...json(200, state.switches.recordWrapped ? { content: record } : record), records: 1 };
}

function isFilter(state: CampaignState, published: Published, part: string): boolean {
  return (
    state.filters(published).some(({ name }) => name === part) ||
    (part === 'byText' && published.resource.name === 'profile')
  );
}

function bodyOf(state: CampaignState, request: Incoming): Record<string, unknown> {
  if (!(request.headers['content-type'] ?? '').includes('json')) {
    throw new CampaignRefusal(undocumented(state.switches, 415));
  }
  try {
    const body: unknown = JSON.parse(request.body === '' ? '{}' : request.body);
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) {
      return body as Record<string, unknown>;
    }
  } catch {
    // Falls through to the refusal: what cannot be read is answered like what is no object.
  }
  throw new CampaignRefusal(undocumented(state.switches, 400));
}

function segmentsOf(path: string): string[] {
  const parts = path.split('/').filter((part) => part !== '');
  try {
    return parts.map(decodeURIComponent);
  } catch {
    return parts;
  }
}
