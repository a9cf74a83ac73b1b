import { randomUUID } from 'node:crypto';
import { CampaignRequestError, type CampaignBody, type ResourceRef } from '@landbridge/campaign';
import { optoutFieldsOf } from '@landbridge/mapping';
import type { CampaignReader, JournalReader } from '../metadata/clients.ts';
import { inTime } from '../metadata/systems.ts';
import { RightMissing, type Step } from './checks.ts';
import { kindsOn, type Uses, writesOptouts } from './uses.ts';

const PROFILE: ResourceRef = { resource: 'profile', endpoint: 'profileAndServicesExt' };

/**
 * Tries a write that can change nothing: to the record of a key that was made up just now. That it
 * is not there is said only to whom may write, as far as is known.
 */
export async function tryWriting(
  client: CampaignReader,
  resource: ResourceRef,
  body: (key: string) => CampaignBody,
): Promise<void> {
  const key = randomUUID();
  try {
    await inTime((signal) => client.patchByKey(resource, key, body(key), { signal }));
  } catch (error) {
    if (error instanceof CampaignRequestError && error.kind === 'notFound') return;
    throw error;
  }
}

/** What egress and Opt-In/Out need in Campaign beyond what ingress does. */
export function stepsOfUses(
  client: CampaignReader,
  journal: JournalReader | null,
  { egress, optin }: Pick<Uses, 'egress' | 'optin'>,
): Step[] {
  const steps: Step[] = [];
  if (kindsOn(egress).length > 0) {
    if (egress.source === 'journal') steps.push(stepOfJournal(journal));
    if (egress.recipientFilter !== null) {
      steps.push(stepOfFilter(client, egress.recipientFilter, '0'));
    }
  }
  const writes = writesOptouts(optin);
  if (writes.dynamics) {
    if (optin.source === 'poll') {
      const { filter, parameter } = optin.poll;
      steps.push(stepOfFilter(client, { filter, parameter }, new Date().toISOString()));
    }
    steps.push(stepOfReadingOptouts(client, optin));
  }
  if (writes.campaign) steps.push(stepOfWritingOptouts(client, optin));
  return steps;
}

function stepOfJournal(journal: JournalReader | null): Step {
  return {
    check: 'journal',
    tryIt: async () => {
      if (journal === null) {
        throw new RightMissing(
          'The connection has no eventsUrl: the address of the events’ journal.',
          'Register for the events of Campaign in the Adobe Developer Console, and save the registration’s “Journaling unique API endpoint” as eventsUrl.',
        );
      }
      const page = await inTime((signal) =>
        journal.readJournal({ position: null, limit: 1, signal }),
      );
      return page.events.length === 0
        ? 'The journal can be read; it is empty.'
        : 'The journal can be read.';
    },
  };
}

function stepOfFilter(
  client: CampaignReader,
  { filter, parameter }: { filter: string; parameter: string },
  value: string,
): Step {
  return {
    check: `filter:profile.${filter}`,
    tryIt: async () => {
      await inTime((signal) =>
        client.findByFilter(PROFILE, { filter, parameter, value }, { signal }),
      );
      return `Profiles can be found by ${filter}.`;
    },
  };
}

type Optin = Uses['optin'];

async function optoutFields(client: CampaignReader, { mappings }: Optin): Promise<string[]> {
  const { value } = await inTime((signal) => client.resource(PROFILE.resource, { signal }));
  const names = new Set(value.fields.map(({ name }) => name));
  return mappings.map(({ campaign }) => {
    const field = optoutFieldsOf(campaign, names).value;
    if (field !== null) return field;
    throw new RightMissing(
      `The attribute ${campaign} of profile cannot be seen.`,
      'Take the attribute out of the mapping, or let the technical account see it: publish the extension of profile with “Create the Profiles & Services Ext API” ticked.',
    );
  });
}

function stepOfReadingOptouts(client: CampaignReader, optin: Optin): Step {
  return {
    check: 'readOptOuts:profile',
    tryIt: async () => `${(await optoutFields(client, optin)).join(', ')} of profile can be read.`,
  };
}

function stepOfWritingOptouts(client: CampaignReader, optin: Optin): Step {
  return {
    check: 'writeOptOuts:profile',
    tryIt: async () => {
      const fields = await optoutFields(client, optin);
      const { keyField } = optin.poll;
      const addressed = await inTime((signal) =>
        client.probeAddressing(PROFILE, keyField, { signal }),
      );
      if (addressed.value !== 'uriKey') {
        return `Not tried: profiles are found by a filter, and a write to one that is there would change it.`;
      }
      await tryWriting(client, PROFILE, () =>
        Object.fromEntries(fields.map((field) => [field, false])),
      );
      return `A write of ${fields.join(', ')} to a profile that is not there was let through.`;
    },
  };
}
