import type { RequestLine } from '@landbridge/vendor-http';

/**
 * What a refusal of Dataverse means for the caller.
 * `throttled` and `transient` heal with time; `rejected` never does; `notFound` is a row, an
 * alternate key or a table that is not there; `forbidden` wants a privilege; `unauthorized` wants a
 * new token (callers see it only as the cause of DynamicsCredentialsRefused).
 */
export type DataverseErrorKind =
  'throttled' | 'transient' | 'rejected' | 'notFound' | 'forbidden' | 'unauthorized';

/**
 * What is known of an answer without success.
 * Units   `retryAfterMs` from its Retry-After header, else null.
 * Shape   `code` as `0x8…`, lower case, empty when Dataverse gave none; `vendorText` is the raw
 *         message, which may hold personal data: never log it.
 */
export type Refusal = {
  status: number;
  code: string;
  kind: DataverseErrorKind;
  /** The column that the message names, as its logical name; else null. */
  column: string | null;
  retryAfterMs: number | null;
  requestId: string | null;
  vendorText: string;
};

/** Dataverse answered without success. `calls`: what the operation had spent until then. */
export class DataverseRequestError extends Error {
  override readonly name = 'DataverseRequestError';
  readonly status: number;
  readonly code: string;
  readonly kind: DataverseErrorKind;
  readonly column: string | null;
  readonly retryAfterMs: number | null;
  readonly requestId: string | null;
  readonly vendorText!: string;
  calls = 0;
  constructor(request: RequestLine, refusal: Refusal, options?: ErrorOptions) {
    const code = refusal.code === '' ? '' : ` (${refusal.code})`;
    super(
      `Dataverse answered ${refusal.status}${code} to ${request.method} ${request.path}`,
      options,
    );
    this.status = refusal.status;
    this.code = refusal.code;
    this.kind = refusal.kind;
    this.column = refusal.column;
    this.retryAfterMs = refusal.retryAfterMs;
    this.requestId = refusal.requestId;
    hide(this, 'vendorText', refusal.vendorText);
  }
}

/**
 * The client id and secret, the tenant or the token they brought are not accepted; a person must
 * mend the connection. `code`: Entra's, such as `invalid_client`, or Dataverse's status as text;
 * `entraCodes`: the AADSTS numbers, such as 7000222 for an expired secret.
 */
export class DynamicsCredentialsRefused extends Error {
  override readonly name = 'DynamicsCredentialsRefused';
  readonly code: string;
  readonly entraCodes: number[];
  readonly vendorText!: string;
  calls = 0;
  constructor(
    refused: { code: string; entraCodes?: number[]; vendorText: string },
    options?: ErrorOptions,
  ) {
    super(`Microsoft Entra or Dataverse refused the credentials (${refused.code})`, options);
    this.code = refused.code;
    this.entraCodes = refused.entraCodes ?? [];
    hide(this, 'vendorText', refused.vendorText);
  }
}

/** The stored link is too old or malformed: read the table again in full, deletions included. */
export class CursorExpired extends Error {
  override readonly name = 'CursorExpired';
  readonly table: string;
  readonly code: string;
  readonly requestId: string | null;
  calls = 0;
  constructor(table: string, refusal: Refusal, options?: ErrorOptions) {
    super(`Dataverse no longer knows the delta link of table ${table}`, options);
    this.table = table;
    this.code = refusal.code;
    this.requestId = refusal.requestId;
  }
}

/** The table has change tracking switched off; an administrator must switch it on. */
export class ChangeTrackingOff extends Error {
  override readonly name = 'ChangeTrackingOff';
  readonly table: string;
  calls = 0;
  constructor(table: string, options?: ErrorOptions) {
    super(`Change tracking is switched off for table ${table}`, options);
    this.table = table;
  }
}

/**
 * The last page of tracked changes came without a delta link: nothing may be concluded from this
 * read, keep the cursor that was there before.
 */
export class DeltaLinkMissing extends Error {
  override readonly name = 'DeltaLinkMissing';
  readonly table: string;
  calls = 0;
  constructor(table: string) {
    super(`Dataverse sent the last page of ${table} without a delta link`);
    this.table = table;
  }
}

/** A link leads to another host than the configured one; it is not followed. */
export class ForeignLinkRefused extends Error {
  override readonly name = 'ForeignLinkRefused';
  readonly host: string;
  calls = 0;
  constructor(host: string) {
    super(`A link of Dataverse leads to ${host}, which is not the configured environment`);
    this.host = host;
  }
}

/**
 * No usable answer: not connected, timed out, broken off half-way, or not what Dataverse sends
 * (`unreadable`), or no token to be had just now (`token`). Time heals it; a write may have been
 * applied. `retryAfterMs`: when whoever answered said so.
 */
export class DynamicsUnreachable extends Error {
  override readonly name = 'DynamicsUnreachable';
  readonly reason: 'connect' | 'timeout' | 'broken' | 'unreadable' | 'token';
  readonly retryAfterMs: number | null;
  calls = 0;
  constructor(
    request: RequestLine,
    reason: DynamicsUnreachable['reason'],
    options?: ErrorOptions & { retryAfterMs?: number | null },
  ) {
    super(`No answer of Dataverse to ${request.method} ${request.path}: ${reason}`, options);
    this.reason = reason;
    this.retryAfterMs = options?.retryAfterMs ?? null;
  }
}

/** Every error of this lib that can carry what an operation had cost until it failed. */
export type DynamicsError =
  | DataverseRequestError
  | DynamicsCredentialsRefused
  | CursorExpired
  | ChangeTrackingOff
  | DeltaLinkMissing
  | ForeignLinkRefused
  | DynamicsUnreachable;

/** True for this lib's own errors; anything else is an abort or a bug. */
export function isDynamicsError(error: unknown): error is DynamicsError {
  return (
    error instanceof DataverseRequestError ||
    error instanceof DynamicsCredentialsRefused ||
    error instanceof CursorExpired ||
    error instanceof ChangeTrackingOff ||
    error instanceof DeltaLinkMissing ||
    error instanceof ForeignLinkRefused ||
    error instanceof DynamicsUnreachable
  );
}

/** Loggers copy enumerable fields of an error; the vendor's words must be asked for by name. */
function hide(error: Error, field: string, value: string): void {
  Object.defineProperty(error, field, { value, enumerable: false });
}
