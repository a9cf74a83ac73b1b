import { bodyOf, client } from './client.ts';
import type {
  EgressConfiguration,
  FieldFault,
  IngressConfiguration,
  OptinConfiguration,
} from './types.ts';

/** A configuration with the tag that a save must name. */
export interface Tagged<Configuration> {
  configuration: Configuration;
  etag: string;
}

/** What a save left behind, and what the server finds noteworthy in it. */
export interface Stored<Configuration> extends Tagged<Configuration> {
  warnings: readonly FieldFault[];
}

const etagOf = ({ headers }: Response): string => headers.get('etag') ?? '*';

/** What the server adds to what it saved is no part of the configuration. */
function storedOf<Saved extends { warnings: FieldFault[]; offers: unknown[] }>(
  saved: Saved,
  response: Response,
): Stored<Omit<Saved, 'warnings' | 'offers'>> {
  const { warnings, offers: _offers, ...configuration } = saved;
  return { configuration, warnings, etag: etagOf(response) };
}

/** The newest saved configuration of ingress. */
export async function fetchIngress(instance: string): Promise<Tagged<IngressConfiguration>> {
  const answer = await client.GET('/api/v1/instances/{instance}/workflows/ingress/configuration', {
    params: { path: { instance } },
  });
  return { configuration: bodyOf(answer), etag: etagOf(answer.response) };
}

/**
 * Saves a configuration of ingress.
 * Throws  ApiProblem: 412 when somebody saved since `etag` was read; 400 and 422 name the fields.
 */
export async function saveIngress(
  instance: string,
  { configuration, etag }: Tagged<IngressConfiguration>,
): Promise<Stored<IngressConfiguration>> {
  const answer = await client.PUT('/api/v1/instances/{instance}/workflows/ingress/configuration', {
    params: { path: { instance }, header: { 'if-match': etag } },
    body: configuration,
  });
  return storedOf(bodyOf(answer), answer.response);
}

/** The newest saved configuration of egress. */
export async function fetchEgress(instance: string): Promise<Tagged<EgressConfiguration>> {
  const answer = await client.GET('/api/v1/instances/{instance}/workflows/egress/configuration', {
    params: { path: { instance } },
  });
  return { configuration: bodyOf(answer), etag: etagOf(answer.response) };
}

/** Saves a configuration of egress. Throws  as `saveIngress`. */
export async function saveEgress(
  instance: string,
  { configuration, etag }: Tagged<EgressConfiguration>,
): Promise<Stored<EgressConfiguration>> {
  const answer = await client.PUT('/api/v1/instances/{instance}/workflows/egress/configuration', {
    params: { path: { instance }, header: { 'if-match': etag } },
    body: configuration,
  });
  return storedOf(bodyOf(answer), answer.response);
}

/** The newest saved configuration of Opt-In/Out. */
export async function fetchOptin(instance: string): Promise<Tagged<OptinConfiguration>> {
  const answer = await client.GET('/api/v1/instances/{instance}/workflows/optin/configuration', {
    params: { path: { instance } },
  });
  return { configuration: bodyOf(answer), etag: etagOf(answer.response) };
}

/** Saves a configuration of Opt-In/Out. Throws  as `saveIngress`. */
export async function saveOptin(
  instance: string,
  { configuration, etag }: Tagged<OptinConfiguration>,
): Promise<Stored<OptinConfiguration>> {
  const answer = await client.PUT('/api/v1/instances/{instance}/workflows/optin/configuration', {
    params: { path: { instance }, header: { 'if-match': etag } },
    body: configuration,
  });
  return storedOf(bodyOf(answer), answer.response);
}
