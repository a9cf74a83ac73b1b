import { ForeignLinkRefused } from './errors.ts';

/** Where an environment answers. `apiPath` begins and ends with a slash. */
export type Address = { origin: string; apiPath: string; scope: string };

const API = '/api/data/v9.2/';

/**
 * Takes an environment's URL as people paste it: with or without trailing slashes, and with or
 * without the API's own path. The token's scope is the origin's: a double slash before
 * `.default` would break Entra's check of the audience.
 */
export function addressOf(environmentUrl: string): Address {
  const { origin, pathname } = new URL(environmentUrl);
  const folder = pathname.replace(/\/+$/, '').replace(/\/api(\/data(\/v\d+(\.\d+)?)?)?$/i, '');
  return { origin, apiPath: `${folder}${API}`, scope: `${origin}/.default` };
}

/** The token endpoint of a tenant; `authority` stands in for the public cloud's. */
export function tokenEndpointOf(
  tenantId: string,
  authority = 'https://login.microsoftonline.com',
): { origin: string; path: string } {
  const { origin, pathname } = new URL(authority);
  const folder = pathname.replace(/\/+$/, '');
  return { origin, path: `${folder}/${encodeURIComponent(tenantId)}/oauth2/v2.0/token` };
}

/**
 * What to request for a link that Dataverse sent: everything behind the host, as it came, since
 * its tokens are encoded already. Throws ForeignLinkRefused for another host than our own.
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
