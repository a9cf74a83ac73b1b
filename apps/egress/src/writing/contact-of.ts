import type { CampaignClient, ResourceRef } from '@landbridge/campaign';
import { fieldOf } from '@landbridge/campaign';
import type { EgressConfiguration } from '@landbridge/contracts';
import type { CampaignEvent } from '@landbridge/mapping';
import type { RejectReason } from '@landbridge/pipeline';

/** The contact that an event is about, as far as its profile tells. */
export type ContactOf =
  | { found: 'yes'; contactId: string }
  /** The profile is not linked to a contact yet, which time may heal. */
  | { found: 'notYet' }
  | { found: 'never'; reason: RejectReason };

export type ContactDeps = {
  client: Pick<CampaignClient, 'findByFilter'>;
  profile: ResourceRef;
  recipientFilter: EgressConfiguration['recipientFilter'];
  onCalls: (calls: number) => void;
  nowMs?: () => number;
};

const GUID = /^\{?([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})\}?$/i;
const EXTERNAL_ID = 'externalId';
const REMEMBERED_MAX = 20_000;
/** A profile without an external id is asked about again after so long. */
const NOT_YET_FOR_MS = 5 * 60_000;
const FOUND_FOR_MS = 60 * 60_000;

/**
 * Leads from an event's profile to its contact. The external id is the contact's own key; a
 * recipient id is looked up in Campaign, one call for each recipient and hour.
 */
export class Contacts {
  readonly #deps: ContactDeps;
  readonly #nowMs: () => number;
  readonly #asked = new Map<string, { at: number; found: Promise<ContactOf> }>();

  constructor(deps: ContactDeps) {
    this.#deps = deps;
    this.#nowMs = deps.nowMs ?? (() => performance.now());
  }

  /** Throws  the vendor's errors of a look-up. */
  async of({ profile }: CampaignEvent): Promise<ContactOf> {
    if (profile.by === 'externalId') return contactIn(profile.value);
    const { recipientFilter } = this.#deps;
    if (recipientFilter === null) return { found: 'never', reason: NO_FILTER };
    return this.#remembered(profile.value, recipientFilter);
  }

  async #remembered(
    recipientId: string,
    filter: NonNullable<ContactDeps['recipientFilter']>,
  ): Promise<ContactOf> {
    const known = this.#asked.get(recipientId);
    if (known !== undefined && (await this.#isFresh(known))) return known.found;
    const asked = { at: this.#nowMs(), found: this.#ask(recipientId, filter) };
    this.#asked.delete(recipientId);
    this.#asked.set(recipientId, asked);
    asked.found.catch(() => this.#asked.delete(recipientId));
    const [oldest] = this.#asked.keys();
    if (this.#asked.size > REMEMBERED_MAX && oldest !== undefined) this.#asked.delete(oldest);
    return asked.found;
  }

  async #isFresh({ at, found }: { at: number; found: Promise<ContactOf> }): Promise<boolean> {
    const answer = await found.catch(() => null);
    if (answer === null) return false;
    const forMs = answer.found === 'yes' ? FOUND_FOR_MS : NOT_YET_FOR_MS;
    return this.#nowMs() - at < forMs;
  }

  async #ask(
    value: string,
    filter: NonNullable<ContactDeps['recipientFilter']>,
  ): Promise<ContactOf> {
    const { client, profile, onCalls } = this.#deps;
    const { value: records, calls } = await client.findByFilter(profile, { ...filter, value });
    onCalls(calls);
    if (records.length > 1) return { found: 'never', reason: SEVERAL };
    const [record] = records;
    const externalId = record === undefined ? null : fieldOf(record.fields, EXTERNAL_ID);
    if (typeof externalId !== 'string' || externalId === '') return { found: 'notYet' };
    return contactIn(externalId);
  }
}

function contactIn(externalId: string): ContactOf {
  const contactId = GUID.exec(externalId.trim())?.[1]?.toLowerCase();
  if (contactId !== undefined) return { found: 'yes', contactId };
  return { found: 'never', reason: NOT_A_CONTACT };
}

const NOT_A_CONTACT: RejectReason = {
  code: 'externalIdNotContact',
  message:
    'The profile’s external id is not a contact’s id: egress needs profiles whose externalId is contactid',
};
const NO_FILTER: RejectReason = {
  code: 'noExternalId',
  message: 'The event names its profile by the recipient id alone, and recipientFilter is not set',
};
const SEVERAL: RejectReason = {
  code: 'recipientUnclear',
  message: 'The filter of recipientFilter finds several profiles for one recipient id',
};
