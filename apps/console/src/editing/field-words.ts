import type { MessageId } from '../locale/message.ts';

/** What the values of a few choices are called. */
export const VALUE_WORDS: Readonly<Record<string, MessageId>> = {
  journal: 'egress.source.journal',
  files: 'egress.source.files',
  poll: 'optin.source.poll',
  export: 'optin.source.export',
  archive: 'files.afterwards.archive',
  delete: 'files.afterwards.delete',
  keep: 'files.afterwards.keep',
  disabled: 'optin.direction.disabled',
  'dynamics-to-campaign': 'optin.direction.fromDynamics',
  'campaign-to-dynamics': 'optin.direction.fromCampaign',
  bidirectional: 'optin.direction.both',
};

const TITLES: Readonly<Record<string, MessageId>> = {
  '/events/send': 'egress.event.send',
  '/events/open': 'egress.event.open',
  '/events/click': 'egress.event.click',
  '/events/bounce': 'egress.event.bounce',
  '/source': 'edit.source',
  '/contactWaitMinutes': 'egress.contactWait',
  '/recipientFilter': 'egress.recipientFilter',
  '/recipientFilter/filter': 'edit.filter',
  '/recipientFilter/parameter': 'edit.parameter',
  '/journal/readEverySeconds': 'egress.journal.readEverySeconds',
  '/journal/eventsPerReadMax': 'egress.journal.eventsPerReadMax',
  '/journal/shapes': 'egress.journal.shapes',
  '/files/deliveryLogs': 'egress.files.deliveryLogs',
  '/files/trackingLogs': 'egress.files.trackingLogs',
  '/direction': 'optin.direction',
  '/toleratedSkewSeconds': 'optin.skew',
  '/poll/everySeconds': 'optin.poll.everySeconds',
  '/poll/filter': 'edit.filter',
  '/poll/parameter': 'edit.parameter',
  '/poll/keyField': 'optin.poll.keyField',
  '/poll/profilesPerPage': 'optin.poll.profilesPerPage',
  '/poll/overlapSeconds': 'optin.poll.overlapSeconds',
  '/export/files': 'optin.export.files',
  '/export/keyColumn': 'optin.export.keyColumn',
  '/export/lateAfterHours': 'optin.export.lateAfterHours',
};

const ACTIVITY = /^\/activities\/(send|open|click|bounce)\/(\w+)$/;
const ACTIVITY_FIELDS: Readonly<Record<string, MessageId>> = {
  table: 'egress.column.table',
  date: 'egress.column.date',
  regarding: 'egress.column.regarding',
  subject: 'egress.column.subject',
  campaignName: 'egress.column.campaignName',
  deliveryName: 'egress.column.deliveryName',
  trackingUrl: 'egress.column.trackingUrl',
  mirrorPageUrl: 'egress.column.mirrorPageUrl',
};
const MAPPING = /^\/mappings\/(denyList\w*|ccpaOptOut)$/;
const FILES = /^\/(?:files|export)\/(folder|afterwards|archiveFolder|lookEverySeconds)$/;
const FILE_FIELDS: Readonly<Record<string, MessageId>> = {
  folder: 'files.folder',
  afterwards: 'files.afterwards',
  archiveFolder: 'files.archiveFolder',
  lookEverySeconds: 'files.lookEverySeconds',
};

/** What a place of a configuration is called on its page; null where it has no name there. */
export function titleOf(pointer: string): readonly MessageId[] | null {
  const title = TITLES[pointer] ?? FILE_FIELDS[FILES.exec(pointer)?.[1] ?? ''];
  if (title !== undefined) return [title];
  const [, kind, column] = ACTIVITY.exec(pointer) ?? [];
  const [event, field] = [TITLES[`/events/${kind}`], ACTIVITY_FIELDS[column ?? '']];
  if (event !== undefined && field !== undefined) return [event, field];
  const attribute = ATTRIBUTES[MAPPING.exec(pointer)?.[1] ?? ''];
  return attribute === undefined ? null : [attribute];
}

/** The opt-outs of a Campaign profile, by the names of Adobe's manual. */
export const ATTRIBUTES: Readonly<Record<string, MessageId>> = {
  denyList: 'optin.attribute.denyList',
  denyListEmail: 'optin.attribute.denyListEmail',
  denyListFax: 'optin.attribute.denyListFax',
  denyListMobile: 'optin.attribute.denyListMobile',
  denyListPhone: 'optin.attribute.denyListPhone',
  denyListPostalMail: 'optin.attribute.denyListPostalMail',
  denyListPushnotification: 'optin.attribute.denyListPushnotification',
  ccpaOptOut: 'optin.attribute.ccpaOptOut',
};
