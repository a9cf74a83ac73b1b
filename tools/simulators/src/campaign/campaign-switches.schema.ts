import { z } from 'zod';
import { MailSwitches } from '../mail/mail-switches.schema.ts';

/** What the Campaign reference marks as unconfirmed or inferred (section 13), one switch each. */
export const CampaignSwitches = z.strictObject({
  ...MailSwitches.shape,
  /** Which resources take a business key in the URI; `gateway500` answers as an unknown path. */
  uriKey: z.enum(['allowed', 'profileOnly', 'pkeyError', 'gateway500']).default('allowed'),
  /** Whether DELETE takes a business key where GET and PATCH do. */
  uriKeyDelete: z.boolean().default(true),
  /** Text longer than its attribute: refused, or cut without a word. */
  overflow: z.enum(['error', 'cut']).default('error'),
  duplicateStatus: z.union([z.literal(500), z.literal(409)]).default(500),
  duplicateBody: z.enum(['text', 'jsonString', 'jsonObject']).default('text'),
  /** The body family of the application's errors. */
  errorBody: z.enum(['text', 'jsonString', 'jsonObject']).default('text'),
  /** How a value is cleared: by `""`, by null, or by either; the other one is refused. */
  clearing: z.enum(['either', 'emptyString', 'null']).default('either'),
  enumValues: z.enum(['array', 'byName', 'items']).default('byName'),
  recordWrapped: z.boolean().default(false),
  countValue: z.boolean().default(true),
  emptyPatch: z.enum(['200', '204']).default('200'),
  deleteStatus: z.union([z.literal(200), z.literal(204)]).default(200),
  lineCountMax: z.int().min(1).default(10_000),
  throttleBody: z.enum(['gateway', 'empty']).default('gateway'),
  /** A record with identification keys says so in the metadata; no document says that one does. */
  keysInMetadata: z.boolean().default(false),
  /** Which timestamp follows `blackList`. */
  blackListPair: z
    .enum(['blackListLastModified', 'blackListAllLastModified', 'both'])
    .default('both'),
  /** Whether a write through the API moves the opt-out timestamps. */
  apiMovesOptOutTimes: z.boolean().default(true),
  /** Whether `externalId` is an identification key without an extension. */
  externalIdIsKey: z.boolean().default(true),
  /** Values rewritten as they are stored: `smartCase` capitalises names and lowers e-mail. */
  dataPolicy: z.enum(['none', 'smartCase']).default('none'),
  unknownPKey: z.enum(['500', '404']).default('500'),
  /** Which of the two refuses a write that the account's roles do not allow, with 403. */
  writeRefusedBy: z.enum(['gateway', 'application']).default('application'),
  /** Whether rights are looked at before the record is. */
  writeCheckedFirst: z.boolean().default(true),
  /** Bodies of 400, 405, 409, 412 and 503. */
  otherErrorBody: z.enum(['empty', 'html', 'json']).default('html'),
});
export type CampaignSwitches = z.infer<typeof CampaignSwitches>;
