import { z } from 'zod';

/** What is unconfirmed of events, log files and the opt-out export (sections 7 to 9, 13). */
export const MailSwitches = z.strictObject({
  /** `xdm`: nested objects; `flat`: the attributes of the delivery and tracking log mixins. */
  eventShape: z.enum(['xdm', 'flat']).default('xdm'),
  eventEnvelope: z.enum(['bare', 'cloudEvents']).default('bare'),
  /** What the event's own id is called; without one, log id, kind, link and time must do. */
  eventId: z.enum(['@id', 'id', 'eventid', 'none']).default('@id'),
  /** What tells the profile, in events and in log files. */
  eventProfile: z.enum(['externalId', 'recipientId', 'both']).default('both'),
  /** Withheld where the customer declined the usage agreement of dynamic reporting. */
  mirrorPages: z.boolean().default(true),
  /** `message/externalID`: an id of the calling journey, which is no profile's. */
  journeyIds: z.boolean().default(false),
  hardBounceForm: z.enum(['topLevel', 'directMarketing']).default('topLevel'),
  /** How often the journal delivers each event, at a position of its own each time. */
  journalCopies: z.int().min(1).max(5).default(1),
  journalShuffled: z.boolean().default(false),
  /** How many events a response has where no `limit` says otherwise. */
  journalBatch: z.int().min(1).default(100),
  journalRetryAfterS: z.int().min(0).default(10),
  journalDays: z.number().min(0).default(7),
  /** Whether the filters by last-modified are published on profile. */
  lastModifiedFilters: z.boolean().default(true),

  fileSeparator: z.enum([',', ';', '\t', '|']).default(','),
  fileQuotes: z.enum(['needed', 'all', 'none']).default('needed'),
  fileLineEnd: z.enum(['\n', '\r\n']).default('\n'),
  fileBom: z.boolean().default(false),
  fileGzip: z.boolean().default(false),
  fileExtension: z.enum(['csv', 'txt']).default('csv'),
  fileHeaders: z.enum(['names', 'labels']).default('names'),
  fileBooleans: z.enum(['words', 'digits', 'labels']).default('words'),
  fileDates: z.enum(['api', 'iso', 'slashes']).default('api'),
  /** `inChunks`: under its final name while it grows; `renamed`: under `….part` until it is whole. */
  fileWrites: z.enum(['atOnce', 'inChunks', 'renamed']).default('atOnce'),
  fileChunkBytes: z.int().min(1).default(4_096),
  /** How long until the next chunk; 0: until `growFiles()`. */
  fileChunkEveryMs: z.number().min(0).default(100),
  fileDoneMarker: z.boolean().default(false),
  /**
   * `missing`: the workflow did not run, its rows come with the next file; `repeated`: the file comes
   * twice, the second time under a later name; `late`: it is held until `deliverLateFiles()`.
   */
  fileArrival: z.enum(['onTime', 'missing', 'repeated', 'late']).default('onTime'),
  emptyFiles: z.boolean().default(false),
  deliveryLogName: z.string().min(1).default('deliverylogs'),
  trackingLogName: z.string().min(1).default('trackinglogs'),
  /** The status of a message that failed; only 1, sent, has been seen. */
  failedStatus: z.int().default(2),

  optOutFileName: z.string().min(1).default('optout'),
  optOutNames: z.enum(['blackList', 'denyList']).default('blackList'),
  optOutTimes: z.boolean().default(true),
  /** Which profiles a day's export holds: those that changed, or those with a changed opt-out time. */
  optOutSelects: z.enum(['lastModified', 'optOutTimes']).default('lastModified'),
});
export type MailSwitches = z.infer<typeof MailSwitches>;
