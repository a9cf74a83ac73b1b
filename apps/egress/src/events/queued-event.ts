import { createHash } from 'node:crypto';
import { EventKind, QueuedRecord, type InstanceId, Timestamp } from '@landbridge/contracts';
import type { CampaignEvent } from '@landbridge/mapping';
import { z } from 'zod';

const Text = z.string().nullable();

/** An event as the queue carries it, in the columns of a record whose table is its kind. */
const EventColumns = z.object({
  id: z.string().min(1),
  kind: EventKind,
  at: Timestamp,
  profile: z.object({ by: z.enum(['externalId', 'recipientId']), value: z.string().min(1) }),
  campaignName: Text,
  deliveryName: Text,
  subject: z.string(),
  trackingUrl: Text,
  mirrorPageUrl: Text,
});

const KEY_MAX = 256;

/** One event on its way to a timeline. */
export function queuedEvent(
  event: CampaignEvent,
  of: { instance: InstanceId; readAt: string },
): QueuedRecord {
  return {
    ...head(of),
    table: event.kind,
    key: keyOf(event.id),
    modifiedOn: event.at,
    columns: { ...event },
  };
}

/** What no event can be made of, as it came; whoever mends the shapes has it read again. */
export function queuedAsItCame(
  { source, key, columns }: { source: string; key: string; columns: Record<string, unknown> },
  of: { instance: InstanceId; readAt: string },
): QueuedRecord {
  return { ...head(of), table: source, key: keyOf(key), modifiedOn: null, columns };
}

/** null: the record holds what no event could be made of when it was read. */
export function eventOf({ columns }: Pick<QueuedRecord, 'columns'>): CampaignEvent | null {
  const parsed = EventColumns.safeParse(columns);
  return parsed.success ? parsed.data : null;
}

function head({ instance, readAt }: { instance: InstanceId; readAt: string }) {
  return {
    schemaVersion: 1,
    instance,
    change: 'upsert',
    origin: 'change',
    version: null,
    readAt,
  } as const;
}

/** What is longer than a key may be is known by its hash. */
const keyOf = (id: string): string =>
  id.length <= KEY_MAX ? id : `sha256:${createHash('sha256').update(id).digest('hex')}`;
