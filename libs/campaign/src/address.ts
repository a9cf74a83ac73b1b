import type { ResourceRef } from './client.ts';
import { CampaignRequestError, ForeignLinkRefused } from './errors.ts';

/** Where an instance answers. `apiPath` begins and ends with a slash. */
export type Address = { origin: string; apiPath: string };

/** Takes an instance's URL as people paste it: `https://mc.adobe.io/acme`, with `/campaign` or not. */
export function addressOf(instanceUrl: string): Address {
  const { origin, pathname } = new URL(instanceUrl);
  const folder = pathname.replace(/\/+$/, '').replace(/\/campaign$/i, '');
  return { origin, apiPath: `${folder}/campaign/` };
}

/** IMS's token endpoint; `imsUrl` stands in for Adobe's own. */
export function tokenEndpointOf(imsUrl = 'https://ims-na1.adobelogin.com'): {
  origin: string;
  path: string;
} {
  const { origin, pathname } = new URL(imsUrl);
  const folder = pathname.replace(/\/+$/, '').replace(/\/ims(\/token(\/v\d+)?)?$/, '');
  return { origin, path: `${folder}/ims/token/v3` };
}

/**
 * What to request for a link or href that Campaign sent: everything behind the host, as it came.
 * Throws ForeignLinkRefused for another host than our own.
 */
export function pathOfLink(link: string, { origin, apiPath }: Address): string {
  const base = `${origin}${apiPath}`;
  const target = URL.canParse(link, base) ? new URL(link, base) : null;
  if (target?.origin !== origin) throw new ForeignLinkRefused(target?.host ?? 'no readable host');
  const behindHost = /^[a-z][a-z\d+.-]*:[/\\]{2}[^/\\?#]*(.*)$/i.exec(link)?.[1];
  const path = behindHost?.startsWith('/') ? behindHost : `${target.pathname}${target.search}`;
  return path
    .toWellFormed()
    .replaceAll(/[^\u0021-\u007e]/gu, (character) => encodeURIComponent(character));
}

/** The path of a resource's collection, without a slash at its end. */
export function collectionOf({ endpoint, resource }: ResourceRef): string {
  return `${endpoint}/${encodeURIComponent(resource)}`;
}

/**
 * A business key as a path segment. Throws CampaignRequestError of kind `rejected`, unsent, for a
 * key that would address something else: empty is the whole collection, a leading `@` a PKey,
 * dots a folder.
 */
export function keySegmentOf(method: string, ref: ResourceRef, key: string): string {
  if (key !== '' && !key.startsWith('@') && !/^\.{1,2}$/.test(key) && key.isWellFormed()) {
    return encodeURIComponent(key);
  }
  throw new CampaignRequestError(
    { method, path: `${collectionOf(ref)}/{key}` },
    {
      status: 0,
      code: 'keyNotAddressable',
      kind: 'rejected',
      field: null,
      retryAfterMs: null,
      requestId: null,
      vendorText: '',
    },
  );
}
