import type { CampaignAddressing } from '@landbridge/campaign';
import { RunFailedError } from '@landbridge/pipeline';
import type { Ends } from '../ends.ts';
import type { RunVoice } from '@landbridge/pipeline';
import { type OptinSchema, RESOURCE } from './optin-schema.ts';
import { readingError } from './vendor-failures.ts';

/** Throws  RunFailedError (profiles cannot be found by their key); what time heals. */
export async function probeProfiles(
  campaign: Pick<Ends['campaign'], 'probeAddressing'>,
  { resource, keyField }: OptinSchema,
  voice: Pick<RunVoice, 'spend'>,
): Promise<CampaignAddressing> {
  const { value, calls } = await campaign
    .probeAddressing(resource, keyField)
    .catch((error: unknown) => {
      throw readingError(error);
    });
  voice.spend('optin', 'campaign', calls);
  if (value !== null) return value;
  const field = `${RESOURCE}.${keyField}`;
  const message =
    `Profiles cannot be addressed by ${field}: make it an identification key of the resource, ` +
    'or define a filter with it as its parameter, and publish';
  throw new RunFailedError({ code: 'configurationInvalid', system: 'landbridge', message, field });
}
