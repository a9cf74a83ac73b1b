import {
  type EgressConfiguration,
  EgressConfiguration as Configuration,
  type EventKind,
  InstanceId,
  type QueuedRecord,
} from '@landbridge/contracts';
import type { CampaignEvent } from '@landbridge/mapping';
import { dynamicsColumn } from '@landbridge/testing/metadata';
import { queuedEvent } from '../src/events/queued-event.ts';
import type { ActivityTarget } from '../src/schema/activity-target.ts';
import { targetOf } from '../src/schema/activity-target.ts';

export const instance = InstanceId.parse('dev');
export const NOW = new Date('2026-11-24T20:00:00.000Z');

export const contactId = (nth: number): string =>
  `c0000000-0000-4000-8000-${String(nth).padStart(12, '0')}`;

export const configuration = (over: object = {}): EgressConfiguration =>
  Configuration.parse({
    events: { send: true, open: true, click: true, bounce: true },
    contactWaitMinutes: 60,
    ...over,
  });

export const event = (nth: number, over: Partial<CampaignEvent> = {}): CampaignEvent => ({
  id: `event:${nth}`,
  kind: 'click',
  at: NOW.toISOString(),
  profile: { by: 'externalId', value: contactId(nth) },
  campaignName: 'CAMP1',
  deliveryName: 'DM190',
  subject: 'Campaign Name: CAMP1; Delivery Name: DM190',
  trackingUrl: 'https://example.com/',
  mirrorPageUrl: null,
  ...over,
});

export const queued = (one: CampaignEvent, readAt = NOW): QueuedRecord =>
  queuedEvent(one, { instance, readAt: readAt.toISOString() });

const column = (name: string, type: 'string' | 'dateTime' | 'lookup', lengthMax: number | null) =>
  dynamicsColumn(name, type, { lengthMax });

/** What Dynamics 365 says of the table of one kind of event, with all configured columns. */
export function foundActivity(kind: EventKind, without?: string) {
  const names = configuration().activities[kind];
  const text = [names.subject, names.campaignName, names.deliveryName, names.trackingUrl];
  const columns = [
    ...[...text, names.mirrorPageUrl].flatMap((name) =>
      name === null ? [] : [column(name, 'string', 200)],
    ),
    column(names.date, 'dateTime', null),
    column(names.regarding, 'lookup', null),
  ].filter(({ name }) => name !== without);
  return {
    metadata: {
      ...{ table: names.table, label: names.table, entitySet: `${names.table}s` },
      ...{ primaryId: 'activityid', primaryName: 'subject', changeTracking: true, custom: true },
      columns,
    },
    binds: [
      { column: names.regarding, to: 'account', bind: 'wrong@odata.bind' },
      { column: names.regarding, to: 'contact', bind: `about_${names.table}@odata.bind` },
    ],
    by: 'createMultiple' as const,
  };
}

export function target(kind: EventKind): ActivityTarget {
  const made = targetOf(kind, configuration().activities[kind], foundActivity(kind));
  if ('fault' in made) throw new Error(made.fault.message);
  return made.target;
}
