import {
  DeadLetterView,
  IngressConfiguration,
  type LinkMapping,
  type TableMapping,
} from '@landbridge/contracts';
import type { CampaignSimulator, DataverseSimulator } from '@landbridge/simulators';
import type { StoryInstance } from './story-instance.ts';
import type { World } from './world.ts';

const field = (dynamics: string, campaign: string) => ({ dynamics, campaign, applyUpdates: true });
const link = (dynamics: string, campaign: string, to: string) =>
  ({ dynamics, campaign, to, by: 'column' }) as const;

/** Vehicles refer to contacts, and contacts to accounts. */
const LINKED = IngressConfiguration.parse({
  mappings: [
    {
      dynamicsTable: 'contact',
      campaignResource: 'profile',
      key: { dynamics: 'contactid', campaign: 'externalId' },
      fields: [field('lastname', 'lastName')],
      links: [link('parentcustomerid', 'accountExternalId', 'account')],
    },
    {
      dynamicsTable: 'account',
      campaignResource: 'cusAccount',
      key: { dynamics: 'accountid', campaign: 'externalId' },
      fields: [field('name', 'AccountName')],
    },
    {
      dynamicsTable: 'new_vehicle',
      campaignResource: 'cusVehicle',
      key: { dynamics: 'new_vehicleid', campaign: 'externalId' },
      fields: [field('new_name', 'VehicleName')],
      links: [link('new_contact', 'ProfileExternalId', 'contact')],
    },
  ],
});

export type Change = Partial<Record<'contact' | 'account' | 'new_vehicle', Partial<TableMapping>>>;

/** Saves the three mappings, each changed by what `over` says of its table. */
export async function savesLinkedTables(
  { landbridge }: World,
  { name }: StoryInstance,
  over: Change = {},
): Promise<void> {
  const path = `/instances/${name}/workflows/ingress/configuration`;
  const { headers } = await landbridge.api.request('GET', path);
  const mappings = LINKED.mappings.map((mapping) => ({
    ...mapping,
    ...Object.entries(over).find(([table]) => table === mapping.dynamicsTable)?.[1],
  }));
  await landbridge.api.request('PUT', path, {
    body: { mappings },
    headers: { 'if-match': headers.get('etag') ?? '' },
  });
}

/** Lets Campaign hide every record whose parent it does not hold. */
export function linksOfCardinalityOne(campaign: CampaignSimulator): void {
  const attribute = 'externalId';
  const cardinality = 'one';
  campaign.setJoin('profile', 'accountExternalId', {
    resource: 'cusAccount',
    attribute,
    cardinality,
  });
  campaign.setJoin('cusVehicle', 'ProfileExternalId', {
    resource: 'profile',
    attribute,
    cardinality,
  });
}

/** The link from contacts to accounts, as Campaign joins it; saves nothing. */
export function makesLink(
  campaign: CampaignSimulator,
  by: LinkMapping['by'],
  cardinality: 'one' | 'zeroOrOne',
): LinkMapping {
  const join = { resource: 'cusAccount', attribute: 'externalId', cardinality };
  if (by === 'column') campaign.setJoin('profile', 'accountExternalId', join);
  else {
    const target = join.resource;
    campaign.addAttribute('profile', { name: 'cusAccountlink', type: 'link', target, join });
  }
  const attribute = by === 'column' ? 'accountExternalId' : 'cusAccountlink';
  return { dynamics: 'parentcustomerid', campaign: attribute, to: 'account', by };
}

const idOf = (kind: 'a' | 'c' | 'e', index: number) =>
  `${kind.repeat(8)}-0000-4000-8000-${String(index).padStart(12, '0')}`;

/** The records of one index, each referring to the one above it. */
export const family = (index: number) => ({
  account: idOf('a', index),
  contact: idOf('c', index),
  vehicle: idOf('e', index),
});

/** Creates records in Dynamics, also before what they refer to is there. */
export const creates = (dynamics: DataverseSimulator) => ({
  vehicle: (index: number) => {
    const { vehicle, contact } = family(index);
    const values = { new_name: `Vehicle ${index}`, new_contact: `contact:${contact}` };
    dynamics.createRow('new_vehicle', { new_vehicleid: vehicle, ...values });
  },
  contact: (index: number) => {
    const { contact, account } = family(index);
    const values = { lastname: `Contact ${index}`, parentcustomerid: `account:${account}` };
    dynamics.createRow('contact', { contactid: contact, ...values });
  },
  account: (index: number) => {
    dynamics.createRow('account', { accountid: family(index).account, name: `Account ${index}` });
  },
});

/** The keys that Campaign took, in the order in which it took them. */
export const inserted = (campaign: CampaignSimulator): string[] =>
  campaign.calls({ call: 'insert', status: 201 }).flatMap(({ key }) => (key === null ? [] : [key]));

/** The records that nobody has dealt with. */
export async function deadLettersOf(instance: StoryInstance): Promise<DeadLetterView[]> {
  const body = await instance.get('/workflows/ingress/dead-letters');
  const items = typeof body === 'object' && body !== null && 'items' in body ? body.items : [];
  return DeadLetterView.array().parse(items);
}
