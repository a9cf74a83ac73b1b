import type { CampaignClient, ResourceRef, CampaignAddressing } from '@landbridge/campaign';
import type { TableMapping } from '@landbridge/contracts';
import type { DynamicsClient } from '@landbridge/dynamics';
import type { Clearing, MappingMetadata } from '@landbridge/mapping';
import type { Bus, TableAddress, WrittenMemory } from '@landbridge/messaging';

/** What comparing the two sides of one table stands on. */
export type VerifyingDeps = {
  bus: Bus;
  at: TableAddress;
  mapping: TableMapping;
  memory: Pick<WrittenMemory, 'get' | 'put' | 'entries'>;
  /** The newest that is known; changes while the run runs. */
  metadata: () => MappingMetadata;
  clearing: Clearing;
  dynamics: Pick<DynamicsClient, 'readPage' | 'rowsByIds' | 'row' | 'totalCount'>;
  campaign: Pick<CampaignClient, 'page' | 'getByKey' | 'findByFilter'>;
  place: { resource: ResourceRef; keyField: string; addressing: CampaignAddressing };
  /** Records that one pass may hold in memory. */
  passRecordsMax: number;
  /** What differs is looked at again no sooner: what changes meanwhile gets time to arrive. */
  lookAgainAfterMs: number;
};

/** The verification was called off by a person. */
export class VerificationCancelled extends Error {
  override readonly name = 'VerificationCancelled';
  constructor() {
    super('The verification was called off');
  }
}
