import { CampaignRequestError, isCampaignError } from '@landbridge/campaign';
import {
  DataverseRequestError,
  DynamicsCredentialsRefused,
  isDynamicsError,
} from '@landbridge/dynamics';

/** Why one of the two systems did not answer as it should, for people. */
export interface SystemRefusal {
  system: 'dynamics' | 'campaign';
  kind: 'refused' | 'unreachable' | 'notFound';
  detail: string;
  retryAfterMs: number | null;
}

const heals = (kind: string): boolean => kind === 'throttled' || kind === 'transient';

const NAMES = { dynamics: 'Dynamics 365', campaign: 'Campaign' } as const;

function ofRequest(
  system: SystemRefusal['system'],
  error: DataverseRequestError | CampaignRequestError,
): SystemRefusal {
  const { retryAfterMs } = error;
  if (error.kind === 'notFound') {
    return { system, kind: 'notFound', detail: `${NAMES[system]} does not have it.`, retryAfterMs };
  }
  return heals(error.kind)
    ? { system, kind: 'unreachable', detail: `${error.message}. Time heals it.`, retryAfterMs }
    : { system, kind: 'refused', detail: `${error.message}.`, retryAfterMs };
}

/** What a client's error says; null for every other error. */
export function systemRefusalOf(error: unknown): SystemRefusal | null {
  if (error instanceof DataverseRequestError) return ofRequest('dynamics', error);
  if (error instanceof CampaignRequestError) return ofRequest('campaign', error);
  const system = isDynamicsError(error) ? 'dynamics' : isCampaignError(error) ? 'campaign' : null;
  if (system === null || !(error instanceof Error)) return null;
  const kind = error instanceof DynamicsCredentialsRefused ? 'refused' : 'unreachable';
  return { system, kind, detail: `${error.message}.`, retryAfterMs: null };
}
