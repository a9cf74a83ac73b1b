import { z } from 'zod';
import { FilePattern, fileOptions, Heading } from './campaign-files.schema.ts';
import { EventShape } from './event-shape.schema.ts';
import { TableName } from './ids.schema.ts';

const Column = z.string().regex(/^[a-z][a-z0-9_]{0,127}$/, 'must be a column’s logical name');

/** The table of one kind of event. A column that is null is not written. */
export const ActivityTable = z.strictObject({
  table: TableName,
  /** When the event happened. */
  date: Column,
  regarding: Column.default('regardingobjectid'),
  subject: Column.default('subject'),
  campaignName: Column.nullable().default('adobe_campaignname'),
  deliveryName: Column.nullable().default('adobe_deliveryname'),
  trackingUrl: Column.nullable().default(null),
  mirrorPageUrl: Column.nullable().default('adobe_mirrorpageurl'),
});
export type ActivityTable = z.infer<typeof ActivityTable>;

const tableOf = (initial: z.input<typeof ActivityTable>) => ActivityTable.prefault(initial);

/**
 * Names of Adobe's solution for Dynamics 365. Only those of the send are known from outside; the
 * others are by analogy, and the run is refused when the environment has no such name.
 */
const ActivityTables = z.strictObject({
  send: tableOf({ table: 'adobe_emailsend', date: 'adobe_senton' }),
  open: tableOf({ table: 'adobe_emailopen', date: 'adobe_openedon' }),
  click: tableOf({
    table: 'adobe_emailclick',
    date: 'adobe_clickedon',
    trackingUrl: 'adobe_trackingurl',
  }),
  bounce: tableOf({ table: 'adobe_emailbounce', date: 'adobe_bouncedon' }),
});

const Journal = z.strictObject({
  eventsPerReadMax: z.int().min(1).max(10_000).default(500),
  /** Between two reads of an empty journal, unless it asks for more. */
  readEverySeconds: z.int().min(1).max(86_400).default(10),
  /** Tried in order before the two that are built in. */
  shapes: z.array(EventShape).max(10).default([]),
});

const LOG_COLUMNS = [
  'id',
  'externalId',
  'recipientId',
  'at',
  'campaignName',
  'deliveryName',
  'deliveryType',
  'status',
  'failureType',
  'reason',
  'url',
  'urlId',
  'urlLabel',
  'mirrorPageUrl',
  'seedMember',
  'proofMember',
  'testMember',
] as const;

/** Delivery and tracking logs, exported by a workflow in Campaign. */
const LogFiles = z.strictObject({
  ...fileOptions,
  deliveryLogs: FilePattern.default('*deliverylog*'),
  trackingLogs: FilePattern.default('*trackinglog*'),
  deliveryColumns: z.partialRecord(z.enum(LOG_COLUMNS), Heading).default({}),
  trackingColumns: z.partialRecord(z.enum(LOG_COLUMNS), Heading).default({}),
});

/** Campaign to Microsoft Dynamics 365. */
export const EgressConfiguration = z
  .strictObject({
    events: z
      .strictObject({
        send: z.boolean().default(false),
        open: z.boolean().default(false),
        click: z.boolean().default(false),
        bounce: z.boolean().default(false),
      })
      .prefault({}),
    source: z.enum(['journal', 'files']).default('journal'),
    journal: Journal.prefault({}),
    files: LogFiles.prefault({}),
    activities: ActivityTables.prefault({}),
    /**
     * How Campaign finds a profile by the recipient id, for events without an external id: a
     * filter and its parameter. null: such an event cannot be written.
     */
    recipientFilter: z
      .strictObject({ filter: z.string().min(1).max(128), parameter: z.string().min(1).max(128) })
      .nullable()
      .default(null),
    /** How long an event waits for its contact to appear before it becomes a dead letter. */
    contactWaitMinutes: z.int().min(0).max(43_200).default(1_440),
  })
  .meta({ id: 'EgressConfiguration' });
export type EgressConfiguration = z.infer<typeof EgressConfiguration>;

/** What a new instance begins with: no event is on, so that it has nothing to start yet. */
export const INITIAL_EGRESS_CONFIGURATION: EgressConfiguration = EgressConfiguration.parse({});
