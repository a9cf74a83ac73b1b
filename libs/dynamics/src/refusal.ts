import { parseRetryAfter, type HttpReply } from '@landbridge/vendor-http';
import { z } from 'zod';
import type { DataverseErrorKind, Refusal } from './errors.ts';
import { logicalNameOf } from './query.ts';

const THROTTLED = new Set(['0x80072321', '0x80072322', '0x80072326']);
/** Busy server, metadata just changed, SQL deadlock, SQL time-out: whatever the status says. */
const TRANSIENT = new Set(['0x8004a001', '0x80072494', '0x80044150', '0x80044151']);
const TRANSIENT_STATUS = new Set([408, 500, 502, 503, 504]);
/** The path itself is wrong: an entity set of that name does not exist. */
const SEGMENT_UNKNOWN = '0x8006088a';
const ROW_ABSENT = new Set(['0x80040217', '0x80060891']);
const CURSOR_LOST = new Set(['0x80044352', '0x80044183']);
const TRACKING_OFF = new Set(['0x80072491', '0x80072492']);

const ErrorBody = z.object({
  error: z.object({ code: z.unknown().optional(), message: z.unknown().optional() }),
});

/**
 * What an answer without success means.
 * Source  Dataverse Web API, error codes and service protection limits. Its `code` has nothing to
 *         do with the status and is often empty, hence both are looked at.
 */
export function refusalOf(reply: HttpReply, nowMs: number): Refusal {
  const body = bodyOf(reply.text);
  const code = codeOf(body?.code);
  return {
    status: reply.status,
    code,
    kind: kindOf(reply.status, code, body !== null),
    column: columnOf(body?.message ?? ''),
    retryAfterMs: parseRetryAfter(reply.header('retry-after'), nowMs),
    requestId: reply.header('x-ms-service-request-id') ?? reply.header('req_id'),
    vendorText: body?.message ?? reply.text,
  };
}

/** The row of this id or key is not there, said by Dataverse itself and not by something between. */
export function saysRowAbsent(refusal: Refusal): boolean {
  return refusal.status === 404 && ROW_ABSENT.has(refusal.code);
}

/**
 * The link of a tracked read is of no use any more. By which status and code a link fails is not
 * documented, so the words count as well.
 */
export function saysCursorLost(refusal: Refusal): boolean {
  if (![400, 404, 410].includes(refusal.status)) return false;
  return (
    CURSOR_LOST.has(refusal.code) ||
    /version ?stamp|deltatoken/i.test(refusal.vendorText) ||
    refusal.status === 410
  );
}

export function saysTrackingOff(refusal: Refusal): boolean {
  return TRACKING_OFF.has(refusal.code) || /enabled for change tracking/i.test(refusal.vendorText);
}

function kindOf(status: number, code: string, dataverseSpoke: boolean): DataverseErrorKind {
  if (status === 429 || THROTTLED.has(code)) return 'throttled';
  if (TRANSIENT.has(code) || TRANSIENT_STATUS.has(status)) return 'transient';
  if (status === 401) return 'unauthorized';
  if (status === 403) return 'forbidden';
  if (status === 404) return notFoundKind(code, dataverseSpoke);
  // A redirect or a status unheard of comes from something in between: nothing may be concluded.
  return status >= 400 && status < 502 ? 'rejected' : 'transient';
}

function notFoundKind(code: string, dataverseSpoke: boolean): DataverseErrorKind {
  if (!dataverseSpoke) return 'transient';
  return code === SEGMENT_UNKNOWN ? 'rejected' : 'notFound';
}

function bodyOf(text: string): { code: unknown; message: string } | null {
  try {
    const { error } = ErrorBody.parse(JSON.parse(text));
    return { code: error.code, message: typeof error.message === 'string' ? error.message : '' };
  } catch {
    return null;
  }
}

/** `0x8…` in lower case; signed integers, as the SDK writes them, are brought to that form. */
function codeOf(code: unknown): string {
  const text = typeof code === 'string' || typeof code === 'number' ? String(code).trim() : '';
  if (/^-\d+$/.test(text)) return `0x${(Number(text) >>> 0).toString(16)}`;
  return /^0x0*$/i.test(text) ? '' : text.toLowerCase();
}

const COLUMN_NAMED = [
  /Could not find a property named '([^']+)'/i,
  /undeclared property '([^']+)'/i,
];

function columnOf(message: string): string | null {
  for (const pattern of COLUMN_NAMED) {
    const name = pattern.exec(message)?.[1];
    if (name !== undefined && /^\w{1,128}$/.test(name)) return logicalNameOf(name);
  }
  return null;
}
