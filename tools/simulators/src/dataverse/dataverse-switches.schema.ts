import { z } from 'zod';

/**
 * What the reference marks as unconfirmed (section 12), one switch each. The defaults are the
 * likelier or the harsher reading.
 */
export const DataverseSwitches = z.strictObject({
  /** HTTP status of an expired delta token. */
  expiredTokenStatus: z.union([z.literal(400), z.literal(404), z.literal(410)]).default(400),
  expiredTokenCode: z.enum(['0x80044352', '0x0', '']).default('0x80044352'),
  malformedTokenStatus: z.union([z.literal(400), z.literal(404)]).default(400),
  malformedTokenCode: z.enum(['0x80044183', '0x80060888']).default('0x80044183'),
  /** Whether a delta returns a row of which only columns that were not selected changed. */
  deltaRowForUnselectedColumn: z.boolean().default(true),
  /** `lost`: the last page has no deltaLink when annotations were asked for with tracking. */
  deltaLinkWithAnnotations: z.enum(['present', 'lost']).default('present'),
  /** Which changes a first load's delta token covers: those since its first page, or its last. */
  deltaTokenFrom: z.enum(['firstPage', 'lastPage']).default('lastPage'),
  /** Whether a row changed several times between two deltas comes once, in its final state. */
  deltaCollapsesChanges: z.boolean().default(true),
  /** Whether a delta page needs the tracking preference again. */
  deltaNeedsPrefer: z.boolean().default(false),
  /** Whether delta tokens die when a table's columns change, as users of the SDK saw. */
  metadataChangeExpiresTokens: z.boolean().default(false),
  trackingRefusalStatus: z.union([z.literal(400), z.literal(501)]).default(400),
  contactTrackedByDefault: z.boolean().default(true),
  unauthorizedBody: z.enum(['empty', 'html', 'json']).default('empty'),
  unavailableBody: z.enum(['empty', 'html', 'json']).default('html'),
  throttleInBatch: z.enum(['whole', 'part']).default('whole'),
  createMultipleOnActivities: z.boolean().default(true),
  /** Whether the activities of a solution share `prvCreateActivity` and its like. */
  activityPrivileges: z.enum(['shared', 'own']).default('shared'),
  /** Whether a user without a right to read roles may ask for its own privileges. */
  tellsPrivileges: z.enum(['anyone', 'nobody']).default('anyone'),
  /** Whether privileges are told with their names, or by id alone. */
  privilegeNames: z.boolean().default(true),
  /** Whether activities have the common column that timelines can be sorted by. */
  sortDateOnActivities: z.boolean().default(true),
  /** How many rows CreateMultiple and its siblings take at once; null: as many as a message holds. */
  multipleRowsMax: z.int().min(1).nullable().default(null),
  /** How many requests a batch may hold; some servers refuse more than 250. */
  batchRequestsMax: z.union([z.literal(250), z.literal(1_000)]).default(1_000),
  /** Whether an activity takes an id of the client's own, as a contact does. */
  activityIdOnCreate: z.enum(['kept', 'ignored', 'refused']).default('kept'),
  /** Names of the solution's tables and columns: the proposal, or others. In force from the start. */
  activityNames: z.enum(['proposed', 'other']).default('proposed'),
  statecodeOnCreate: z.enum(['refused', 'ignored', 'applied']).default('ignored'),
  createMultipleIdOrder: z.enum(['input', 'reversed']).default('input'),
  createMultipleErrorNamesRow: z.boolean().default(false),
  /** Whether a token for `https://x.api.host` is taken at `https://x.host` and the other way. */
  tokenAudience: z.enum(['originOnly', 'apiOrPlain']).default('originOnly'),
  syntaxErrorCode: z.enum(['0x80060888', '0x0']).default('0x80060888'),
  globalOptionSets: z.enum(['both', 'globalOnly']).default('both'),
  unknownTenantCode: z.union([z.literal(90002), z.literal(900023)]).default(90002),
  invalidClientStatus: z.union([z.literal(400), z.literal(401)]).default(401),
  metadataPrefixFilterStatus: z.union([z.literal(400), z.literal(501)]).default(400),
  gdprOptOutColumn: z.boolean().default(false),
  /** Unordered pages repeat the last row of the page before, as dynamic paging may. */
  pagesRepeatRows: z.boolean().default(false),
});
export type DataverseSwitches = z.infer<typeof DataverseSwitches>;
