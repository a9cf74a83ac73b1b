import { CampaignRequestError, CampaignUnreachable, isCampaignError } from '@landbridge/campaign';
import type { ConnectionTest } from '@landbridge/contracts';
import type { CampaignReader, JournalReader } from '../metadata/clients.ts';
import { inTime } from '../metadata/systems.ts';
import { stepsOfUses, tryWriting } from './campaign-rights.ts';
import { RightMissing, runSteps, type Explain, type Step } from './checks.ts';
import type { Uses } from './uses.ts';

const CREDENTIALS_REMEDY =
  'Check client id, client secret and scopes against the OAuth Server-to-Server credential of the project in the Adobe Developer Console; a secret can be replaced there.';
const PRODUCT_PROFILE_REMEDY =
  'Give the technical account the product profile “Campaign Standard - <tenant> - Administrators”: Adobe Developer Console, the project, Adobe Campaign API, Edit product profiles.';
const URL_REMEDY =
  'Check the URL, such as https://mc.adobe.io/<tenant>: the tenant’s name must be right, and this server must reach it.';
/** Which of the two hosts was silent is in the message. */
const UNREACHABLE_REMEDY =
  'Check the URL, such as https://mc.adobe.io/<tenant>, and that this server may reach it and ims-na1.adobelogin.com, or the imsUrl that is set instead.';
const KEY_REMEDY = (resource: string, field: string): string =>
  `Make ${field} an identification key of ${resource} (Administration, Development, Custom resources, the resource, Identification keys) and publish; or define a filter on it with one parameter. Each update then costs one call by key, two by filter.`;

function requestRemedy(error: CampaignRequestError): string {
  switch (error.kind) {
    case 'credentials':
      return CREDENTIALS_REMEDY;
    case 'forbidden':
      return PRODUCT_PROFILE_REMEDY;
    case 'notFound':
      return `${URL_REMEDY} For extended attributes, publish with “Create the Profiles & Services Ext API” ticked.`;
    case 'throttled':
    case 'transient':
      return `Try again in a few minutes: Campaign is busy, or its database is being updated. If it stays: ${URL_REMEDY}`;
    case 'duplicateKey':
    case 'rejected':
      return URL_REMEDY;
  }
}

const explain: Explain = (error) => {
  if (!isCampaignError(error)) return null;
  const message = `${error.message}.`;
  if (error instanceof CampaignRequestError) return { message, remedy: requestRemedy(error) };
  if (error instanceof CampaignUnreachable) return { message, remedy: UNREACHABLE_REMEDY };
  return { message, remedy: URL_REMEDY };
};

type Target = { resource: string; keyField: string };

/** What a mapped resource needs: its metadata, and a way to address records by their key. */
function stepsOfResource(client: CampaignReader, { resource, keyField }: Target): Step[] {
  const metadata = () =>
    inTime(async (signal) => (await client.resource(resource, { signal })).value);
  return [
    {
      check: `metadata:${resource}`,
      tryIt: async () =>
        `${(await metadata()).fields.length} attributes of ${resource} can be seen.`,
    },
    {
      check: `addressing:${resource}`,
      tryIt: async () => {
        const shape = await metadata();
        const found = await inTime((signal) => client.probeAddressing(shape, keyField, { signal }));
        if (found.value === 'uriKey') return `Records are addressed by ${keyField}: one call each.`;
        if (found.value !== null) {
          return `Records are found by the filter ${found.value.filter}: two calls each. An identification key on ${keyField} would make it one.`;
        }
        throw new RightMissing(
          `Records of ${resource} cannot be addressed by ${keyField}.`,
          KEY_REMEDY(resource, keyField),
        );
      },
    },
    {
      check: `write:${resource}`,
      tryIt: async () => {
        const shape = await metadata();
        const found = await inTime((signal) => client.probeAddressing(shape, keyField, { signal }));
        if (found.value !== 'uriKey') {
          return `Not tried: it would change a record of ${resource}, for none is addressed by its key.`;
        }
        await tryWriting(client, shape, (key) => ({ [keyField]: key }));
        return `A write to a record of ${resource} that is not there was let through.`;
      },
    },
  ];
}

/**
 * Tries what the configured workflows need in Campaign, and says how to grant what is missing. No
 * record changes. `journal`: null where the connection has no address of one.
 */
export async function testCampaign(
  client: CampaignReader,
  journal: JournalReader | null,
  uses: Uses,
): Promise<ConnectionTest> {
  const mapped = uses.ingress.mappings.map(({ campaignResource, key }) => ({
    resource: campaignResource,
    keyField: key.campaign,
  }));
  const targets = mapped.length > 0 ? mapped : [{ resource: 'profile', keyField: 'externalId' }];
  const steps: Step[] = [
    {
      check: 'signIn',
      isFoundation: true,
      tryIt: async () => {
        await inTime((signal) => client.ping({ signal }));
        return 'A token was given, and a profile’s PKey can be read.';
      },
    },
    {
      check: 'resources',
      tryIt: async () => {
        const { value } = await inTime((signal) => client.resources({ signal }));
        return `${value.length} resources can be seen.`;
      },
    },
    ...targets.flatMap((target) => stepsOfResource(client, target)),
    ...stepsOfUses(client, journal, uses),
  ];
  return runSteps(steps, explain);
}
