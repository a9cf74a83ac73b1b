import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Problem } from '@landbridge/contracts';
import { DatabaseUnavailable } from '@landbridge/event-log';
import { isBusAway } from '@landbridge/messaging';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import {
  CommandRefused,
  FieldsRefused,
  GuardrailExceeded,
  InvalidCursor,
  NotFound,
  RevisionStale,
} from './errors.ts';
import { InvalidRequest, type FieldError } from './invalid-request.ts';
import { systemRefusalOf, type SystemRefusal } from './metadata/system-refusal.ts';
import { catalogue, type ProblemKind } from './problem-catalogue.ts';

/** What an answer says when it cannot be the one that was asked for. */
export interface Refusal {
  kind: ProblemKind;
  detail: string;
  errors?: FieldError[];
  headers?: Record<string, string>;
}

/** Thrown by routes and hooks for a refusal that is theirs alone to find. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly refusal: Refusal;
  constructor(refusal: Refusal, options?: ErrorOptions) {
    super(refusal.detail, options);
    this.refusal = refusal;
  }
}

/** What Fastify itself refuses, by its error codes. */
const FRAMEWORK: Readonly<Record<string, Refusal>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: { kind: 'unreadable-body', detail: 'The body is not valid JSON.' },
  FST_ERR_CTP_EMPTY_JSON_BODY: { kind: 'unreadable-body', detail: 'The body is empty.' },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    kind: 'unreadable-body',
    detail: 'The body is not as long as its Content-Length says.',
  },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    kind: 'unsupported-media-type',
    detail: 'The body must be sent as Content-Type: application/json.',
    headers: { accept: 'application/json' },
  },
  FST_ERR_ROUTE_MISSING_CONTENT_TYPE: {
    kind: 'unsupported-media-type',
    detail: 'The body must be sent as Content-Type: application/json.',
    headers: { accept: 'application/json' },
  },
  FST_ERR_CTP_BODY_TOO_LARGE: {
    kind: 'body-too-large',
    detail: 'The body is larger than this server takes.',
  },
  FST_ERR_BAD_URL: { kind: 'no-such-route', detail: 'The path is not readable.' },
  FST_ERR_MAX_PARAM_LENGTH: { kind: 'no-such-route', detail: 'A part of the path is too long.' },
};

const INTERNAL: Refusal = {
  kind: 'internal-error',
  detail: 'Something went wrong here. The log has the cause under the request’s id.',
};

/** Seconds in which a server that restarts is mostly back. */
const RETRY_AFTER_S = '5';

const unavailable = (what: string): Refusal => ({
  kind: 'temporarily-unavailable',
  detail: `${what} does not answer just now.`,
  headers: { 'retry-after': RETRY_AFTER_S },
});

const refusalOfInvalid = (error: InvalidRequest): Refusal =>
  error.part === 'params'
    ? { kind: 'not-found', detail: 'Nothing can have this address.' }
    : {
        kind: 'invalid-request',
        detail: `The ${error.part} cannot be accepted as it is.`,
        errors: error.errors,
      };

const SYSTEM_KINDS = {
  refused: 'system-refused',
  unreachable: 'system-unreachable',
  notFound: 'not-found',
} as const satisfies Record<SystemRefusal['kind'], ProblemKind>;

function refusalOfSystem({ kind, detail, retryAfterMs }: SystemRefusal): Refusal {
  if (retryAfterMs === null) return { kind: SYSTEM_KINDS[kind], detail };
  const retryAfter = String(Math.ceil(retryAfterMs / 1_000));
  return { kind: SYSTEM_KINDS[kind], detail, headers: { 'retry-after': retryAfter } };
}

const refusalOfExcess = ({ what, count, guardrail, max }: GuardrailExceeded): Refusal => ({
  kind: 'guardrail-exceeded',
  detail: `${what} holds ${count} records; from ${max} on (${guardrail}) nothing is replayed.`,
});

const codeOf = (error: object): string | null =>
  'code' in error && typeof error.code === 'string' ? error.code : null;

/** Which refusal an error is; `internal-error` for every error that nobody foresaw. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof HttpProblem) return error.refusal;
  if (error instanceof InvalidRequest) return refusalOfInvalid(error);
  if (error instanceof NotFound) {
    return { kind: 'not-found', detail: `There is no ${error.what}.` };
  }
  if (error instanceof CommandRefused) return { kind: 'command-refused', detail: error.reason };
  if (error instanceof FieldsRefused) {
    const detail = 'Some fields do not fit. Nothing was saved.';
    return { kind: 'configuration-invalid', detail, errors: [...error.errors] };
  }
  if (error instanceof GuardrailExceeded) return refusalOfExcess(error);
  if (error instanceof InvalidCursor) {
    return {
      kind: 'invalid-request',
      detail: 'The querystring cannot be accepted as it is.',
      errors: [{ pointer: '/cursor', message: 'is not a cursor that this list handed out' }],
    };
  }
  if (error instanceof RevisionStale) {
    return {
      kind: 'stale-revision',
      detail: `Somebody saved in between: the newest revision is ${error.actual}.`,
      headers: { etag: `"${error.actual}"` },
    };
  }
  if (error instanceof DatabaseUnavailable) return unavailable('The database');
  if (isBusAway(error)) return unavailable('NATS');
  const system = systemRefusalOf(error);
  if (system !== null) return refusalOfSystem(system);
  if (typeof error !== 'object' || error === null) return INTERNAL;
  return FRAMEWORK[codeOf(error) ?? ''] ?? INTERNAL;
}

/** The problem details (RFC 9457) of a refusal; `instance` is the request that met it. */
export function problemOf(refusal: Refusal, requestId: string): Problem {
  const { status, title } = catalogue[refusal.kind];
  return {
    type: `/problems/${refusal.kind}`,
    title,
    status,
    detail: refusal.detail,
    instance: `urn:uuid:${requestId}`,
    ...(refusal.errors ? { errors: refusal.errors } : {}),
  };
}

const escapeHtml = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => `&#${character.codePointAt(0) ?? 32};`);

/** A person who opened a page rather than called the API reads the same problem as a page. */
const pageOf = (problem: Problem): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>${escapeHtml(problem.title)}</title>` +
  `<h1>${escapeHtml(problem.title)}</h1><p>${escapeHtml(problem.detail)}</p></html>\n`;

/** Whether a browser asks for a page: it lists text/html, and the path is not the API's. */
export const wantsPage = (request: FastifyRequest): boolean =>
  (request.method === 'GET' || request.method === 'HEAD') &&
  !request.url.startsWith('/api/') &&
  (request.headers.accept ?? '').includes('text/html');

/** Answers with the problem. The only place that writes the body of an error. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, refusal: Refusal) {
  const problem = problemOf(refusal, request.id);
  void reply.code(problem.status);
  void reply.headers({
    'cache-control': 'no-store',
    'x-request-id': request.id,
    ...refusal.headers,
  });
  return wantsPage(request)
    ? reply.type('text/html; charset=utf-8').send(pageOf(problem))
    : reply.type('application/problem+json').send(Buffer.from(JSON.stringify(problem)));
}

function logRefusal({ kind }: Refusal, err: Error, request: FastifyRequest): void {
  const fields = { err, requestId: request.id, route: request.routeOptions.url ?? null };
  if (kind === 'internal-error') {
    request.log.error(fields, 'a request failed for a reason that nobody foresaw; answering 500');
  }
  if (kind === 'temporarily-unavailable') {
    request.log.warn(fields, 'postgres or nats does not answer a request; answering 503');
  }
}

/** Fastify's error handler: logs what a person must look at, and answers with problem details. */
export function answerError(
  error: FastifyError | Error,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const refusal = refusalOf(error);
  logRefusal(refusal, error, request);
  return sendProblem(request, reply, refusal);
}

/** Why Node.js could not make a request of what came, by its error's code. */
function refusalOfBroken(error: Error): Refusal {
  switch (codeOf(error)) {
    case 'HPE_HEADER_OVERFLOW':
      return { kind: 'headers-too-large', detail: 'The request’s headers are too large together.' };
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return { kind: 'request-too-slow', detail: 'The request did not arrive in time.' };
    default:
      return { kind: 'unreadable-request', detail: 'The request is not readable HTTP.' };
  }
}

/** Answers on a connection whose request was not HTTP enough to become one. */
export function answerBrokenRequest(error: Error, socket: Socket): void {
  if (!socket.writable) return;
  const problem = problemOf(refusalOfBroken(error), randomUUID());
  const body = JSON.stringify(problem);
  socket.end(
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\n` +
      'Content-Type: application/problem+json\r\n' +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
