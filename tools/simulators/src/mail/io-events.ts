import { json, text, type Incoming, type Reply, type Route } from '../http/exchange.ts';
import type { JournalEntry, ReadFrom } from './event-journal.ts';
import { shapeOf } from './event-shape.ts';
import type { MailLog } from './mail-log.ts';
import type { MailSwitches } from './mail-switches.schema.ts';

const BODY_BYTES_MAX = 1.5 * 1024 * 1024;

export type IoEventsOptions = {
  log: MailLog;
  switches: () => MailSwitches;
  nowMs: () => number;
  /** What the gateway says to a request that it does not let through, else null. */
  refused: (request: Incoming) => Reply | null;
  /** `…@AdobeOrg`, as the header must name it. */
  organizationId: string;
};

/** The registration's path, below Adobe's own host: consumer organization, project, registration. */
export const JOURNAL_PATH =
  '/events/organizations/23294/integrations/54108/f89067f2-0d50-4bb2-bf78-209d0eacb6eb';

/** The journal of one I/O Events registration; null for a path that is not its own. */
export function journalRoute(options: IoEventsOptions, request: Incoming): Route | null {
  const isValidation = request.path === `${JOURNAL_PATH}/validate`;
  if (request.path !== JOURNAL_PATH && !isValidation) return null;
  return {
    call: 'journal',
    template: request.path,
    key: null,
    apply: () => {
      const refused = options.refused(request) ?? wrongOrganization(options, request);
      if (refused !== null) return refused;
      if (request.method !== 'GET') return { status: 405 };
      return read(options, new URLSearchParams(request.query), isValidation);
    },
  };
}

function wrongOrganization({ organizationId }: IoEventsOptions, request: Incoming): Reply | null {
  const given = request.headers['x-ims-org-id'];
  if (given === organizationId) return null;
  return given === undefined
    ? json(400, { reason: 'Bad Request', message: 'The header x-ims-org-id is required' })
    : json(403, { reason: 'Forbidden', message: 'The organization has no such registration' });
}

function read(options: IoEventsOptions, query: URLSearchParams, isValidation: boolean): Reply {
  const { log, switches } = options;
  const from = whereFrom(query);
  const limit = query.get('limit');
  if (from === null || (limit !== null && !/^[1-9]\d*$/.test(limit))) {
    return json(400, { reason: 'Bad Request', message: 'A query parameter is not valid' });
  }
  const start = log.journal.start(from, switches(), options.nowMs());
  if (start.kind === 'unreadable') {
    return json(400, { reason: 'Bad Request', message: 'The position is not valid' });
  }
  if (start.kind !== 'at') {
    const position = query.get('since') ?? '';
    return text(410, `Events at position ${position} have expired.`, 'text/plain;charset=utf-8');
  }
  if (isValidation) return { status: 200 };
  const countMax = limit === null ? switches().journalBatch : Number(limit);
  return batch(options, start.from, countMax, limit);
}

/** Null for what contradicts itself or cannot be read. */
function whereFrom(query: URLSearchParams): ReadFrom | null {
  const since = query.get('since');
  const seek = query.get('seek');
  if (since !== null && seek !== null) return null;
  if (since !== null) return { kind: 'since', position: since };
  if (query.get('latest') === 'true') return { kind: 'latest' };
  if (seek === null) return { kind: 'oldest' };
  const ms = backwards(seek);
  return ms === null ? null : { kind: 'seek', ms };
}

/** How many of the next smaller unit: hours, minutes, seconds. */
const UNITS = [24, 60, 60, 1];

/** `-PT2H`, `-P1DT30M` … in milliseconds; null when it is no duration into the past. */
function backwards(duration: string): number | null {
  const parts = /^-P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(duration);
  if (parts === null || !/\d/.test(duration)) return null;
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = parts.slice(1).map(Number);
  const whole = [days, hours, minutes, seconds].map((part) => (Number.isNaN(part) ? 0 : part));
  return whole.reduce((sum, part, index) => (sum + part) * (UNITS[index] ?? 1), 0) * 1_000;
}

function batch(
  options: IoEventsOptions,
  from: number,
  countMax: number,
  limit: string | null,
): Reply {
  const { log, switches } = options;
  const parts: string[] = [];
  let bytes = 0;
  for (let index = from; parts.length < countMax; index++) {
    const entry = log.journal.entry(index);
    if (entry === undefined) break;
    const part = entryJson(entry, log.journal.position(index), switches());
    if (parts.length > 0 && bytes + part.length > BODY_BYTES_MAX) break;
    bytes += Buffer.byteLength(part);
    parts.push(part);
  }
  const last = log.journal.position(from + parts.length - 1);
  const links = linksFor(last, limit);
  if (parts.length === 0) {
    return {
      status: 204,
      headers: { 'retry-after': String(switches().journalRetryAfterS) },
      links,
    };
  }
  const page = JSON.stringify({ last, count: parts.length });
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: `{"events":[${parts.join(',')}],"_page":${page}}`,
    links,
    records: parts.length,
  };
}

function entryJson({ event }: JournalEntry, position: string, switches: MailSwitches): string {
  return JSON.stringify({ position, event: shapeOf(event, switches) });
}

function linksFor(position: string, limit: string | null): string[] {
  const query = `since=${position}${limit === null ? '' : `&limit=${limit}`}`;
  return [
    `<${JOURNAL_PATH}?${query}>; rel="next"`,
    `<${JOURNAL_PATH}/validate?${query}>; rel="validate"`,
  ];
}
