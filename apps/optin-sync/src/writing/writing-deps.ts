import type { CampaignAddressing } from '@landbridge/campaign';
import type { OptinRun, QueuedRecord } from '@landbridge/contracts';
import type { Bus, WrittenMemory } from '@landbridge/messaging';
import type { Log } from '@landbridge/telemetry';
import type { Ends } from '../ends.ts';
import type { RunVoice } from '@landbridge/pipeline';
import type { OptinSchema } from '../schema/optin-schema.ts';
import type { OptoutWatch } from './optout-watch.ts';

/** What deciding on a contact and writing it stand on. */
export type WritingDeps = {
  bus: Bus;
  run: OptinRun;
  direction: 'campaign-to-dynamics' | 'bidirectional';
  ends: {
    dynamics: Pick<Ends['dynamics'], 'row' | 'changeRow'>;
    campaign: Pick<Ends['campaign'], 'getByKey' | 'findByFilter' | 'patchHref' | 'patchByKey'>;
  };
  addressing: CampaignAddressing;
  schema: () => OptinSchema;
  memory: Pick<WrittenMemory, 'get' | 'put'>;
  /** Whether ingress remembers to have written the contact's profile. */
  isWritten: (contactId: string) => Promise<boolean>;
  watch: Pick<OptoutWatch, 'someoneWaits'>;
  voice: Pick<RunVoice, 'spend'>;
  /** Queues the contact again as an opt-out, which goes before everything else. */
  promote: (record: QueuedRecord) => Promise<void>;
  log: Log;
  now: () => Date;
};
