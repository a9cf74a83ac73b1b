import type { IncomingHttpHeaders } from 'node:http';

/** A request with its body read; `target` is the decoded path and query, for fault rules. */
export type Incoming = {
  method: string;
  /** Path as sent, without the query. */
  path: string;
  /** Query as sent, without the question mark. */
  query: string;
  headers: IncomingHttpHeaders;
  body: string;
  /** Bytes of the body, which `body` holds only when they are text. */
  bodyBytes: number;
  inFlight: number;
};

export type Reply = {
  status: number;
  headers?: Record<string, string>;
  body?: string;
  /** `Link` headers, one line each. */
  links?: string[];
  /** Rows in the reply, or written. */
  records?: number;
};

/** Where a request leads: named before it is applied, so that faults and the log can speak of it. */
export type Route = {
  call: string;
  template: string;
  key: string | null;
  apply: () => Reply;
};

/** What a simulator is to the server in front of it. */
export type Service = {
  route: (request: Incoming) => Route;
  /** Replies that the kinds of faults need, in this service's own words. */
  throttled: (retryAfter: string | null) => Reply;
  unauthorized: () => Reply;
  deltaTokenRefused: (why: 'expired' | 'malformed') => Reply;
  unavailable: (status: number) => Reply;
};

export const JSON_TYPE = 'application/json; charset=utf-8';

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Reply {
  return {
    status,
    headers: { 'content-type': JSON_TYPE, ...headers },
    body: JSON.stringify(body),
  };
}

export function text(status: number, body: string, contentType: string): Reply {
  return { status, headers: { 'content-type': contentType }, body };
}
