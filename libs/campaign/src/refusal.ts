import { parseRetryAfter, type HttpReply } from '@landbridge/vendor-http';
import { z } from 'zod';
import type { CampaignErrorKind, Refusal } from './errors.ts';

/** What the body says, whichever of its families it belongs to. */
type Said = { code: string; text: string };

/** Of Adobe's gateway: `error_code` of a known case, `code` of an unknown path. */
const GatewayBody = z.object({
  error_code: z.union([z.string(), z.number()]).optional(),
  code: z.union([z.string(), z.number()]).optional(),
});

/** These heal by no repetition: the record or its key is at fault. */
const HOPELESS =
  /RST-360012|XTK-170036|is not valid|read-?only|enumeration|value too long|too long for/i;
const DUPLICATE = /duplicate key|already exists/i;
const ABSENT = /RST-360011|unable to find document/i;

/**
 * What an answer without success means. A 500 of Campaign may be a duplicate key, a wrong value or
 * a fault that passes: only its words tell them apart.
 * Source  Campaign Standard REST API troubleshooting; Campaign v8 REST API limitations.
 */
export function refusalOf(reply: HttpReply, nowMs: number): Refusal {
  const said = saidIn(reply.text);
  return {
    status: reply.status,
    code: said.code,
    kind: kindOf(reply.status, said),
    field: fieldIn(said.text),
    retryAfterMs: parseRetryAfter(reply.header('retry-after'), nowMs),
    requestId: reply.header('x-request-id'),
    vendorText: reply.text,
  };
}

/** The path was not understood: a business key was taken for a PKey, or for no path at all. */
export function saysPathUnknown({ status, code, vendorText }: Refusal): boolean {
  return (
    (status === 500 && /XTK-170036/i.test(vendorText)) ||
    (status === 404 && !/RST-360011/i.test(vendorText)) ||
    ((status === 500 || status === 502) && code === '' && /Oops/i.test(vendorText))
  );
}

function kindOf(status: number, { code, text }: Said): CampaignErrorKind {
  if (status === 429 || code.startsWith('429')) return 'throttled';
  if (status === 401 || code.startsWith('401')) return 'credentials';
  if (status === 403 || code.startsWith('403')) return 'forbidden';
  if (DUPLICATE.test(text)) return 'duplicateKey';
  if (status === 404) return ABSENT.test(text) ? 'notFound' : 'transient';
  if (HOPELESS.test(text)) return 'rejected';
  if (status === 408) return 'transient';
  return status >= 400 && status < 500 ? 'rejected' : 'transient';
}

/** A JSON object, a JSON string, or plain text. */
function saidIn(body: string): Said {
  const json = jsonOf(body);
  const text = typeof json === 'string' ? json : body;
  const application = applicationCodeIn(text);
  const gateway = GatewayBody.safeParse(json);
  if (!gateway.success) return { code: application, text };
  const { error_code: errorCode, code } = gateway.data;
  const named = errorCode ?? code;
  // The gateway's `code` of an unknown path only repeats the status.
  const isStatus = named !== undefined && /^\d{3}$/.test(String(named));
  return {
    code: application === '' && named !== undefined && !isStatus ? String(named) : application,
    text,
  };
}

/** Errors come as a chain; RST-360000 at its head says only that there is one. */
function applicationCodeIn(text: string): string {
  const codes = text.match(/\b[A-Z]{3}-\d{6}\b/g) ?? [];
  return codes.find((code) => code !== 'RST-360000') ?? codes[0] ?? '';
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

const FIELD_NAMED = [
  /'@?([\w.]+)' (?:property|attribute|field|enumeration|column)/i,
  /(?:property|attribute|field|enumeration|column) '@?([\w.]+)'/i,
];

/** Only what looks like an attribute's name: the text quotes values in the same manner. */
function fieldIn(text: string): string | null {
  for (const pattern of FIELD_NAMED) {
    const name = pattern.exec(text)?.[1];
    if (name !== undefined && /^[A-Za-z][\w.]{0,63}$/.test(name)) return name;
  }
  return null;
}
