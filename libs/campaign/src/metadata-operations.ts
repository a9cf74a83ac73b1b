import type { CampaignResourceMetadata, CampaignResourceSummary } from '@landbridge/contracts';
import { z } from 'zod';
import { pathOfLink } from './address.ts';
import type { Asker, Campaign } from './campaign.ts';
import type { CampaignClient } from './client.ts';
import { CampaignRequestError } from './errors.ts';
import { PageAnswer } from './records.ts';
import { saysPathUnknown } from './refusal.ts';
import {
  fieldsOf,
  filtersOf,
  RawFilters,
  RawResource,
  RawResources,
  summariesOf,
} from './resource-metadata.ts';

type Endpoint = CampaignResourceSummary['endpoint'];
type MetadataOperations = Pick<CampaignClient, 'ping' | 'resources' | 'resource'>;

/** A resource is never in both families. */
const ENDPOINTS: readonly Endpoint[] = ['profileAndServicesExt', 'customResources'];
const Href = z.object({ href: z.string().min(1) });
const Content = z.object({ content: z.record(z.string(), z.unknown()) });

export function metadataOperations(campaign: Campaign): MetadataOperations {
  const { address, operation } = campaign;

  async function listed(ask: Asker, endpoint: Endpoint, signal: AbortSignal | undefined) {
    const shown = `${endpoint}/`;
    const path = `${address.apiPath}${shown}`;
    const raw = await orAbsent(ask.json({ method: 'GET', path, shown, signal }, RawResources));
    return raw === null ? [] : summariesOf(raw, endpoint);
  }

  async function filtersIn(ask: Asker, raw: RawResource, signal: AbortSignal | undefined) {
    const inline = RawFilters.safeParse(raw.filters);
    const link = Href.safeParse(raw.filters);
    if (!link.success) return inline.success ? filtersOf(inline.data) : [];
    const path = pathOfLink(link.data.href, address);
    const shown = 'resourceType/{pkey}/filters';
    const answer = await orAbsent(ask.json({ method: 'GET', path, shown, signal }, RawFilters));
    const wrapped = Content.safeParse(answer);
    return filtersOf(wrapped.success ? wrapped.data.content : (answer ?? {}));
  }

  async function everyResource(ask: Asker, signal: AbortSignal | undefined) {
    const lists = await Promise.all(ENDPOINTS.map((endpoint) => listed(ask, endpoint, signal)));
    return lists.flat().toSorted((a, b) => (a.resource < b.resource ? -1 : 1));
  }

  async function described(
    ask: Asker,
    endpoint: Endpoint,
    name: string,
    signal: AbortSignal | undefined,
  ): Promise<CampaignResourceMetadata> {
    const shown = `${endpoint}/resourceType/${name}`;
    const path = `${address.apiPath}${endpoint}/resourceType/${encodeURIComponent(name)}`;
    const raw = await ask.json({ method: 'GET', path, shown, signal }, RawResource);
    return {
      resource: name,
      label: raw.label ?? raw.help ?? name,
      endpoint,
      fields: fieldsOf(raw),
      filters: await filtersIn(ask, raw, signal),
    };
  }

  return {
    ping: ({ signal } = {}) =>
      operation(async (ask) => {
        const shown = 'profileAndServicesExt/profile/PKey';
        const path = `${address.apiPath}${shown}?_lineCount=1`;
        await ask.json({ method: 'GET', path, shown, signal }, PageAnswer);
      }),

    resources: ({ signal } = {}) => operation((ask) => everyResource(ask, signal)),

    resource: (name, { signal } = {}) =>
      operation(async (ask) => {
        try {
          return await described(ask, 'profileAndServicesExt', name, signal);
        } catch (error) {
          if (!maySayAbsent(error)) throw error;
          const listedAs = (await everyResource(ask, signal)).find(
            ({ resource }) => resource === name,
          );
          if (listedAs === undefined) throw absent(name, error);
          if (listedAs.endpoint === 'profileAndServicesExt') throw error;
          return described(ask, listedAs.endpoint, name, signal);
        }
      }),
  };
}

/**
 * A resource that is not there is a 404 or, to Adobe's gateway, a path that it does not know, which
 * may as well be a fault that passes: only the lists of resources decide.
 */
function maySayAbsent(error: unknown): error is CampaignRequestError {
  return saysAbsent(error) || (error instanceof CampaignRequestError && saysPathUnknown(error));
}

function absent(name: string, cause: CampaignRequestError): CampaignRequestError {
  const { status, code, requestId, vendorText } = cause;
  return new CampaignRequestError(
    { method: 'GET', path: `resourceType/${name}` },
    { status, code, kind: 'notFound', field: null, retryAfterMs: null, requestId, vendorText },
    { cause },
  );
}

/** Under the metadata's paths any 404 means that the family, resource or list is not there. */
function saysAbsent(error: unknown): error is CampaignRequestError {
  return error instanceof CampaignRequestError && error.status === 404;
}

async function orAbsent<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (saysAbsent(error)) return null;
    throw error;
  }
}
