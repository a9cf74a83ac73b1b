import type { MailEvent } from '../mail/mail-event.ts';
import type { MailSwitches } from '../mail/mail-switches.schema.ts';
import { fileBoolean, fileDate, type FileColumn } from './delimited-text.ts';

type Column = FileColumn<MailEvent>;

const column = (name: string, label: string, value: (event: MailEvent) => string): Column => ({
  name,
  label,
  value,
});

const DELIVERY_LOG: MailEvent['kind'][] = ['send', 'bounce', 'softBounce'];
const TRACKING_LOG: MailEvent['kind'][] = ['open', 'click', 'mirrorPage', 'unsubscribe'];

export function isInDeliveryLog({ kind }: MailEvent): boolean {
  return DELIVERY_LOG.includes(kind);
}

export function isInTrackingLog({ kind }: MailEvent): boolean {
  return TRACKING_LOG.includes(kind);
}

function profileColumns(link: string, switches: MailSwitches): Column[] {
  const { eventProfile } = switches;
  const own = column(`${link}-id`, 'Recipient ID', ({ recipientId }) => String(recipientId));
  const external = column(`${link}-externalId`, 'External ID', ({ externalId }) => externalId);
  switch (eventProfile) {
    case 'externalId':
      return [external];
    case 'recipientId':
      return [own];
    case 'both':
      return [own, external];
  }
}

function deliveryColumns(): Column[] {
  return [
    column('delivery-id', 'Delivery internal ID', ({ delivery }) => String(delivery.id)),
    column('deliveryName', 'Delivery', ({ delivery }) => delivery.name),
    column('deliveryLabel', 'Delivery label', ({ delivery }) => delivery.label),
    column('campaignName', 'Campaign', ({ delivery }) => delivery.campaignName),
  ];
}

function lastColumns(switches: MailSwitches): Column[] {
  const flag = (member: MailEvent['member'], label: string): Column =>
    column(`${member}Member`, label, (event) => fileBoolean(event.member === member, switches));
  return [
    ...(switches.mirrorPages
      ? [column('mirrorPage', 'Mirror page', ({ mirrorPage }) => mirrorPage)]
      : []),
    flag('seed', 'Seed'),
    flag('proof', 'Proof'),
    flag('test', 'Test'),
  ];
}

/** Delivery logs (broadLogRcp): a row for a send, and the row again when the message fails. */
export function deliveryLogColumns(switches: MailSwitches): Column[] {
  const at = ({ at }: MailEvent): string => fileDate(at, switches);
  return [
    column('id', 'Delivery log ID', ({ broadLogId }) => String(broadLogId)),
    ...profileColumns('profile', switches),
    column('address', 'Address', ({ email }) => email),
    ...deliveryColumns(),
    column('deliveryType', 'Channel', () => '0'),
    column('status', 'Status', ({ kind }) => String(kind === 'send' ? 1 : switches.failedStatus)),
    column('failureType', 'Failure type', ({ kind }) =>
      kind === 'bounce' ? 'hard' : kind === 'softBounce' ? 'soft' : '',
    ),
    column('reason', 'Reason', ({ reason }) => reason),
    column('msg-id', 'Message ID', ({ broadLogId }) => String(broadLogId * 7)),
    column('eventDate', 'Event date', at),
    column('contactDate', 'Contact date', at),
    column('lastModified', 'Last modified', at),
    ...lastColumns(switches),
  ];
}

/** Tracking logs (trackingLogRcp): a row for each open and click. */
export function trackingLogColumns(switches: MailSwitches): Column[] {
  return [
    column('id', 'Tracking log ID', ({ trackingLogId }) => String(trackingLogId)),
    column('broadLog-id', 'Delivery log ID', ({ broadLogId }) => String(broadLogId)),
    ...profileColumns('recipient', switches),
    ...deliveryColumns(),
    column('logDate', 'Log date', ({ at }) => fileDate(at, switches)),
    column('lastModified', 'Last modified', ({ at }) => fileDate(at, switches)),
    column('url-id', 'URL ID', urlId),
    column('urlLabel', 'URL label', urlLabel),
    column('urlSource', 'URL', ({ link }) => link?.url ?? ''),
    column('sourceType', 'Source type', () => 'email'),
    column('trackedDevice', 'Device', () => 'desktop'),
    ...lastColumns(switches),
  ];
}

/** 1 is an open, as in the logs that were seen; the other small numbers are ours. */
function urlId({ kind, link }: MailEvent): string {
  switch (kind) {
    case 'open':
      return '1';
    case 'mirrorPage':
      return '2';
    case 'unsubscribe':
      return '3';
    default:
      return link?.id ?? '';
  }
}

function urlLabel({ kind, link }: MailEvent): string {
  switch (kind) {
    case 'open':
      return 'Open';
    case 'mirrorPage':
      return 'Mirror page';
    case 'unsubscribe':
      return 'Opt-out';
    default:
      return link?.label ?? '';
  }
}
