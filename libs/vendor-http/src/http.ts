import { Pool } from 'undici';

export type HttpLimits = {
  connectionsMax: number;
  connectTimeoutMs: number;
  headersTimeoutMs: number;
  bodyTimeoutMs: number;
};

/** `path` goes out as it is; `shown` is what messages and logs may say of it. */
export type HttpRequest = {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: string;
  shown: string;
  headers: Record<string, string>;
  body?: string;
  signal?: AbortSignal | undefined;
};

export type HttpReply = {
  status: number;
  header(name: string): string | null;
  text: string;
};

export type Http = {
  /** Any status is an answer; throws the vendor's `unreachable` when there is none, whole. */
  send(request: HttpRequest): Promise<HttpReply>;
  /** Lets requests in flight finish; closing twice is closing once. */
  close(): Promise<void>;
};

/** The request as it may be shown: `path` has neither keys, ids nor query values. */
export type RequestLine = { method: string; path: string };

/** Why there is no answer: not connected, timed out, or broken off half-way. */
export type NoAnswer = 'connect' | 'timeout' | 'broken';

/** What only the vendor's own lib knows of an exchange. */
export type VendorRules = {
  /** The error to throw when there is no answer; `options.cause` says how it came to that. */
  unreachable: (request: RequestLine, reason: NoAnswer, options: ErrorOptions) => Error;
  /** True where the head says all, so that a body that breaks off takes nothing back. */
  headSuffices?: (method: HttpRequest['method'], status: number) => boolean;
};

/**
 * Connections to one origin. It follows no redirect, so that a token never goes elsewhere, and
 * keeps no cookie.
 */
export function openHttp(origin: string, limits: HttpLimits, vendor: VendorRules): Http {
  const pool = new Pool(origin, {
    connections: limits.connectionsMax,
    pipelining: 1,
    allowH2: false,
    headersTimeout: limits.headersTimeoutMs,
    bodyTimeout: limits.bodyTimeoutMs,
    keepAliveTimeout: 30_000,
    connect: { timeout: limits.connectTimeoutMs },
  });
  let closed: Promise<void> | null = null;
  return {
    async send(request) {
      try {
        const { statusCode, headers, body } = await pool.request({
          method: request.method,
          path: request.path,
          headers: request.headers,
          body: request.body ?? null,
          signal: request.signal ?? null,
        });
        return {
          status: statusCode,
          header: (name) => {
            const value = headers[name];
            return (Array.isArray(value) ? value[0] : value) ?? null;
          },
          text: await body.text().catch((error: unknown) => {
            request.signal?.throwIfAborted();
            if (vendor.headSuffices?.(request.method, statusCode) === true) return '';
            throw error;
          }),
        };
      } catch (error) {
        request.signal?.throwIfAborted();
        throw vendor.unreachable(lineOf(request), reasonOf(error), { cause: error });
      }
    },
    close: () => (closed ??= pool.close()),
  };
}

/** How a request is named in messages. */
export function lineOf(request: Pick<HttpRequest, 'method' | 'shown'>): RequestLine {
  return { method: request.method, path: request.shown };
}

const NOT_CONNECTED =
  /^(UND_ERR_CONNECT|ECONNREFUSED|ENOTFOUND|EAI_|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|CERT_|ERR_TLS|ERR_SSL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/;
const TOO_SLOW = /^UND_ERR_(HEADERS|BODY)_TIMEOUT$/;

function reasonOf(error: unknown): NoAnswer {
  const coded = typeof error === 'object' && error !== null && 'code' in error;
  const code = coded ? String(error.code) : '';
  if (NOT_CONNECTED.test(code)) return 'connect';
  return TOO_SLOW.test(code) ? 'timeout' : 'broken';
}
