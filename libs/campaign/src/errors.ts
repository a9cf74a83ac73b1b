import type { RequestLine } from '@landbridge/vendor-http';

/**
 * What a refusal of Campaign, or of Adobe's gateway or IMS before it, means for the caller.
 * `throttled` and `transient` heal with time. `duplicateKey`: the record is there already, so patch
 * it. `notFound`: no record of this key, so insert it. `rejected`: never heals for this record.
 * `credentials` and `forbidden`: a person must mend the connection.
 */
export type CampaignErrorKind =
  | 'throttled'
  | 'transient'
  | 'duplicateKey'
  | 'notFound'
  | 'rejected'
  | 'credentials'
  | 'forbidden';

/**
 * What is known of an answer without success.
 * Units   `retryAfterMs` from its Retry-After header, else null.
 * Shape   `status` is 0 when nothing was sent, as for a key that cannot be addressed; `code`:
 *         Adobe's own, such as `RST-360011` or `403023`, else empty; `vendorText` is the raw body,
 *         which may hold personal data: never log it.
 */
export type Refusal = {
  status: number;
  code: string;
  kind: CampaignErrorKind;
  /** The attribute that the text names; else null. */
  field: string | null;
  retryAfterMs: number | null;
  requestId: string | null;
  vendorText: string;
};

/** Campaign answered without success. `calls`: what the operation had spent until then. */
export class CampaignRequestError extends Error {
  override readonly name = 'CampaignRequestError';
  readonly status: number;
  readonly code: string;
  readonly kind: CampaignErrorKind;
  readonly field: string | null;
  readonly retryAfterMs: number | null;
  readonly requestId: string | null;
  readonly vendorText!: string;
  calls = 0;
  constructor(request: RequestLine, refusal: Refusal, options?: ErrorOptions) {
    const code = refusal.code === '' ? '' : ` (${refusal.code})`;
    super(
      refusal.status === 0
        ? `${request.method} ${request.path} was not sent${code}`
        : `Campaign answered ${refusal.status}${code} to ${request.method} ${request.path}`,
      options,
    );
    this.status = refusal.status;
    this.code = refusal.code;
    this.kind = refusal.kind;
    this.field = refusal.field;
    this.retryAfterMs = refusal.retryAfterMs;
    this.requestId = refusal.requestId;
    // Loggers copy enumerable fields; the vendor's words must be asked for by name.
    Object.defineProperty(this, 'vendorText', { value: refusal.vendorText, enumerable: false });
  }
}

/** A link leads to another host than the configured one; it is not followed. */
export class ForeignLinkRefused extends Error {
  override readonly name = 'ForeignLinkRefused';
  readonly host: string;
  calls = 0;
  constructor(host: string) {
    super(`A link of Campaign leads to ${host}, which is not the configured instance`);
    this.host = host;
  }
}

/**
 * No usable answer: not connected, timed out, broken off half-way, or not what Campaign sends
 * (`unreadable`), or no token to be had just now (`token`). Time heals it; a write may have been
 * applied. `retryAfterMs`: when whoever answered said so.
 */
export class CampaignUnreachable extends Error {
  override readonly name = 'CampaignUnreachable';
  readonly reason: 'connect' | 'timeout' | 'broken' | 'unreadable' | 'token';
  readonly retryAfterMs: number | null;
  calls = 0;
  constructor(
    request: RequestLine,
    reason: CampaignUnreachable['reason'],
    options?: ErrorOptions & { retryAfterMs?: number | null },
  ) {
    super(`No answer of Campaign to ${request.method} ${request.path}: ${reason}`, options);
    this.reason = reason;
    this.retryAfterMs = options?.retryAfterMs ?? null;
  }
}

/**
 * The journal no longer keeps what stands behind the position (Adobe keeps events for 7 days): read
 * from the oldest, and say that some are lost.
 */
export class JournalPositionExpired extends Error {
  override readonly name = 'JournalPositionExpired';
  calls = 0;
  constructor() {
    super('The journal no longer knows the position to read on from');
  }
}

/** Every error of this lib that can carry what an operation had cost until it failed. */
export type CampaignError =
  CampaignRequestError | ForeignLinkRefused | CampaignUnreachable | JournalPositionExpired;

/** True for this lib's own errors; anything else is an abort or a bug. */
export function isCampaignError(error: unknown): error is CampaignError {
  return (
    error instanceof CampaignRequestError ||
    error instanceof ForeignLinkRefused ||
    error instanceof CampaignUnreachable ||
    error instanceof JournalPositionExpired
  );
}
