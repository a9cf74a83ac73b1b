import { openCampaign } from './campaign.ts';
import type { CampaignClient, CampaignClientOptions } from './client.ts';
import { metadataOperations } from './metadata-operations.ts';
import { probeAddressing } from './probe-addressing.ts';
import { recordOperations } from './record-operations.ts';

/** Opens a client for one instance; nothing is sent before the first operation. */
export function createCampaignClient(options: CampaignClientOptions): CampaignClient {
  const campaign = openCampaign(options);
  const metadata = metadataOperations(campaign);
  const records = recordOperations(campaign);
  return {
    ...metadata,
    ...records,
    probeAddressing: (ref, keyField, probe = {}) =>
      probeAddressing({ ...metadata, ...records }, { ref, keyField, ...probe }),
    close: () => campaign.close(),
    [Symbol.asyncDispose]: () => campaign.close(),
  };
}
