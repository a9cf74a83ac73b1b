import { collectionOf, keySegmentOf, pathOfLink } from './address.ts';
import type { Ask, Campaign } from './campaign.ts';
import type { CampaignBody, CampaignClient, FilterValue, ResourceRef } from './client.ts';
import { CampaignRequestError } from './errors.ts';
import { CountAnswer, CountedPage, PageAnswer, RecordAnswer, UNNAMED_RECORD } from './records.ts';

type RecordOperations = Omit<
  CampaignClient,
  'ping' | 'resources' | 'resource' | 'probeAddressing' | 'close' | typeof Symbol.asyncDispose
>;

export function recordOperations({ address, operation }: Campaign): RecordOperations {
  /** Of one record by its business key. */
  function byKey(method: Ask['method'], ref: ResourceRef, key: string): Ask {
    const segment = keySegmentOf(method, ref, key);
    return {
      method,
      path: `${address.apiPath}${collectionOf(ref)}/${segment}`,
      shown: `${collectionOf(ref)}/{key}`,
    };
  }
  const byHref = (method: Ask['method'], href: string): Ask => ({
    method,
    path: pathOfLink(href, address),
    shown: '{href}',
  });
  const filtered = (ref: ResourceRef, { filter, parameter, value }: FilterValue) => ({
    shown: `${collectionOf(ref)}/${encodeURIComponent(filter)}`,
    query: `${encodeURIComponent(parameter)}=${encodeURIComponent(value)}`,
  });
  const nothingIn = (body: CampaignBody) => Object.keys(body).length === 0;

  return {
    getByKey: (ref, key, { signal } = {}) =>
      operation(async (ask) => {
        try {
          return await ask.json({ ...byKey('GET', ref, key), signal }, RecordAnswer);
        } catch (error) {
          if (error instanceof CampaignRequestError && error.kind === 'notFound') return null;
          throw error;
        }
      }),

    patchByKey: (ref, key, body, { signal } = {}) =>
      operation(async (ask) => {
        const request = byKey('PATCH', ref, key);
        if (!nothingIn(body)) await ask.done({ ...request, body, signal });
      }),

    deleteByKey: (ref, key, { signal } = {}) =>
      operation((ask) => ask.done({ ...byKey('DELETE', ref, key), signal })),

    insert: (ref, body, { signal } = {}) =>
      operation((ask) => {
        const shown = collectionOf(ref);
        const path = `${address.apiPath}${shown}`;
        const request: Ask = { method: 'POST', path, shown, body, signal };
        return ask.created(request, RecordAnswer, UNNAMED_RECORD);
      }),

    findByFilter: (ref, by, { signal } = {}) =>
      operation(async (ask) => {
        const { shown, query } = filtered(ref, by);
        const path = `${address.apiPath}${shown}?${query}`;
        return (await ask.json({ method: 'GET', path, shown, signal }, PageAnswer)).records;
      }),

    patchHref: (href, body, { signal } = {}) =>
      operation(async (ask) => {
        const request = byHref('PATCH', href);
        if (!nothingIn(body)) await ask.done({ ...request, body, signal });
      }),

    deleteHref: (href, { signal } = {}) =>
      operation((ask) => ask.done({ ...byHref('DELETE', href), signal })),

    page: (ref, { link, lineCount, order, by }, { signal } = {}) =>
      operation((ask) => {
        const found = by === undefined ? null : filtered(ref, by);
        const shown = found?.shown ?? collectionOf(ref);
        const sorted = order === undefined ? '' : `&_order=${encodeURIComponent(order)}`;
        const lines = `_lineCount=${lineCount}${sorted}&_forcePagination=true`;
        const query = found === null ? lines : `${found.query}&${lines}`;
        const path =
          link === null ? `${address.apiPath}${shown}?${query}` : pathOfLink(link, address);
        return ask.json({ method: 'GET', path, shown, signal }, PageAnswer);
      }),

    count: (ref, { signal } = {}) =>
      operation(async (ask) => {
        const shown = collectionOf(ref);
        const path = `${address.apiPath}${shown}?_lineCount=1`;
        const { count } = await ask.json({ method: 'GET', path, shown, signal }, CountedPage);
        if (typeof count?.value === 'number') return count.value;
        if (count?.href === null || count?.href === undefined) return null;
        const where = pathOfLink(count.href, address);
        const counting: Ask = { method: 'GET', path: where, shown: `${shown}/_count`, signal };
        return (await ask.json(counting, CountAnswer)).count;
      }),
  };
}
