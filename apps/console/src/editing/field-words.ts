import type {
  ActivityTable,
  EgressConfiguration,
  EventKind,
  FileOptions,
  OptinConfiguration,
  Optout,
} from '../api/types.ts';
import type { MessageId } from '../locale/message.ts';

type Words = Readonly<Record<string, MessageId>>;

/** Where the events of egress come from. */
export const EGRESS_SOURCES = {
  journal: 'egress.source.journal',
  files: 'egress.source.files',
} satisfies Record<EgressConfiguration['source'], MessageId>;

/** How Campaign's changes of opt-outs are found. */
export const OPTIN_SOURCES = {
  poll: 'optin.source.poll',
  export: 'optin.source.export',
} satisfies Record<OptinConfiguration['source'], MessageId>;

/** What becomes of a file that was read. */
export const AFTERWARDS = {
  archive: 'files.afterwards.archive',
  delete: 'files.afterwards.delete',
  keep: 'files.afterwards.keep',
} satisfies Record<FileOptions['afterwards'], MessageId>;

/** Where an opt-out goes. */
export const DIRECTIONS = {
  disabled: 'optin.direction.disabled',
  'dynamics-to-campaign': 'optin.direction.fromDynamics',
  'campaign-to-dynamics': 'optin.direction.fromCampaign',
  bidirectional: 'optin.direction.both',
} satisfies Record<OptinConfiguration['direction'], MessageId>;

/** What the values of a few choices are called. */
export const VALUE_WORDS: Words = {
  ...EGRESS_SOURCES,
  ...OPTIN_SOURCES,
  ...AFTERWARDS,
  ...DIRECTIONS,
};

/** The kinds of e-mail events. */
export const EVENTS = {
  send: 'egress.event.send',
  open: 'egress.event.open',
  click: 'egress.event.click',
  bounce: 'egress.event.bounce',
} satisfies Record<EventKind, MessageId>;

/** The opt-outs of a Campaign profile, by the names of Adobe's manual. */
export const OPTOUTS = {
  denyList: 'optin.attribute.denyList',
  denyListEmail: 'optin.attribute.denyListEmail',
  denyListFax: 'optin.attribute.denyListFax',
  denyListMobile: 'optin.attribute.denyListMobile',
  denyListPhone: 'optin.attribute.denyListPhone',
  denyListPostalMail: 'optin.attribute.denyListPostalMail',
  denyListPushnotification: 'optin.attribute.denyListPushnotification',
  ccpaOptOut: 'optin.attribute.ccpaOptOut',
} satisfies Record<Optout, MessageId>;

const FILE_FIELDS: Words = {
  folder: 'files.folder',
  afterwards: 'files.afterwards',
  archiveFolder: 'files.archiveFolder',
  lookEverySeconds: 'files.lookEverySeconds',
} satisfies Record<keyof FileOptions, MessageId>;

const under = (place: string, words: Words): Words =>
  Object.fromEntries(Object.entries(words).map(([name, word]) => [`${place}/${name}`, word]));

const TITLES: Words = {
  ...under('/events', EVENTS),
  ...under('/mappings', OPTOUTS),
  ...under('/files', FILE_FIELDS),
  ...under('/export', FILE_FIELDS),
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

const ACTIVITY = /^\/activities\/(\w+)\/(\w+)$/;
const ACTIVITY_FIELDS: Words = {
  table: 'egress.column.table',
  date: 'egress.column.date',
  regarding: 'egress.column.regarding',
  subject: 'egress.column.subject',
  campaignName: 'egress.column.campaignName',
  deliveryName: 'egress.column.deliveryName',
  trackingUrl: 'egress.column.trackingUrl',
  mirrorPageUrl: 'egress.column.mirrorPageUrl',
} satisfies Record<keyof ActivityTable, MessageId>;

/** What a place of a configuration is called on its page; null where it has no name there. */
export function titleOf(pointer: string): readonly MessageId[] | null {
  const title = TITLES[pointer];
  if (title !== undefined) return [title];
  const [, kind, column] = ACTIVITY.exec(pointer) ?? [];
  const [event, field] = [TITLES[`/events/${kind}`], ACTIVITY_FIELDS[column ?? '']];
  return event === undefined || field === undefined ? null : [event, field];
}
