import { EventShape, type EgressConfiguration } from '@landbridge/contracts';
import { columnByHeading, type FoundHeading, repeatedOf } from '../heading.ts';
import type { ExtractedEvent } from './campaign-event.ts';
import { logKinds } from './event-shapes.ts';
import { extractEvent } from './extract-event.ts';

export type LogKind = 'delivery' | 'tracking';

type Files = EgressConfiguration['files'];
type LogColumn = keyof Files['deliveryColumns'];
type Aliases = Readonly<Record<string, readonly string[]>>;

/** Usual headings by what a column holds; case, spaces and punctuation do not count. */
const BOTH: Aliases = {
  externalId: ['externalId', 'profile external id', 'recipient external id', 'contactid'],
  recipientId: ['recipient-id', 'profile-id', 'recipientId', 'internal recipient id'],
  campaignName: ['campaignName', 'campaign name', 'campaign id', 'campaign', 'campaign label'],
  deliveryType: ['deliveryType', 'delivery type', 'channel', 'message type'],
  deliveryName: ['deliveryName', 'delivery name', 'delivery id', 'delivery', 'delivery label'],
  mirrorPageUrl: ['mirrorPageUrl', 'mirror page url', 'mirror page'],
  seedMember: ['seedMember', 'seed', 'seed address'],
  proofMember: ['proofMember', 'proof'],
  testMember: ['testMember', 'test', 'test profile'],
};
const DELIVERY: Aliases = {
  ...BOTH,
  id: ['id', 'delivery log id', 'broadLogId', 'broadLog-id', 'log id'],
  at: ['eventDate', 'event date', 'contactDate', 'contact date', 'date', 'last modified'],
  status: ['status', 'delivery status', 'state'],
  reason: ['reason', 'failure reason'],
  failureType: ['failureType', 'failure type', 'error type'],
};
const TRACKING: Aliases = {
  ...BOTH,
  id: ['id', 'tracking log id', 'trackingLogId', 'trackingLog-id', 'log id'],
  at: ['logDate', 'log date', 'event date', 'date', 'last modified'],
  url: ['url', 'urlSource', 'url source', 'tracking url', 'source url'],
  urlID: ['url-id', 'urlId', 'url id'],
  urlLabel: ['urlLabel', 'url label', 'label', 'type'],
};
/** Without these nothing of the file can be used. */
const NEEDED = {
  delivery: ['id', 'at', 'status'],
  tracking: ['id', 'at'],
} as const satisfies Record<LogKind, readonly string[]>;

/**
 * Which heading holds what. `missing`: what no heading holds, so that the file is of no use.
 * `repeated`: headings that are used and that more than one column has, so that it is of none either.
 */
export type LogLayout = {
  kind: LogKind;
  columns: ReadonlyMap<string, string>;
  missing: string[];
  repeated: string[];
};

/** Finds the columns of a log file by its headings; `own`: those that the configuration names. */
export function logLayout(
  kind: LogKind,
  headings: readonly string[],
  own: Partial<Record<LogColumn, string>> = {},
): LogLayout {
  const aliases = kind === 'delivery' ? DELIVERY : TRACKING;
  const named: Record<string, string | undefined> = { ...own, urlID: own.urlId };
  const columns = new Map<string, string>();
  const used: FoundHeading[] = [];
  for (const [field, usual] of Object.entries(aliases)) {
    const chosen = named[field];
    const found = columnByHeading(headings, chosen === undefined ? usual : [chosen]);
    if (found === null) continue;
    columns.set(field, found.heading);
    used.push(found);
  }
  const missing = NEEDED[kind].filter((field) => !columns.has(field));
  const profile = columns.has('externalId') || columns.has('recipientId') ? [] : ['externalId'];
  return { kind, columns, missing: [...missing, ...profile], repeated: repeatedOf(used) };
}

/** One row of a log file as an event. A row without a place for a value counts as one without it. */
export function logRowEvent(
  row: Readonly<Record<string, string>>,
  { kind, columns }: LogLayout,
): ExtractedEvent {
  const fields: Record<string, string> = {};
  for (const [field, heading] of columns) fields[field] = row[heading] ?? '';
  if (kind === 'delivery') return extractEvent(fields, [DELIVERY_LOG_SHAPE]);
  return extractEvent({ ...fields, trackinglogID: fields.id ?? '' }, [TRACKING_LOG_SHAPE]);
}

const at = (field: string) => `/${field}`;

function logShape(name: string): EventShape {
  return EventShape.parse({
    name,
    envelopeId: [],
    logId: ['/id'],
    kinds: logKinds(at),
    at: ['/at'],
    channel: ['/deliveryType'],
    externalId: ['/externalId'],
    recipientId: ['/recipientId'],
    campaignName: ['/campaignName'],
    deliveryName: ['/deliveryName'],
    trackingUrl: ['/url'],
    mirrorPageUrl: ['/mirrorPageUrl'],
    messageId: [],
    seed: [{ at: '/seedMember', is: 'present' }],
    proof: [{ at: '/proofMember', is: 'present' }],
    test: [{ at: '/testMember', is: 'present' }],
  });
}

const DELIVERY_LOG_SHAPE = logShape('deliveryLog');
const TRACKING_LOG_SHAPE = logShape('trackingLog');
