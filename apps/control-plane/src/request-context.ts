import { currentTraceparent } from '@landbridge/telemetry';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Actor, CommandContext, PageRequest } from './control-plane.ts';
import { principalOf } from './access/guard.ts';
import { InvalidRequest, pointerTo } from './invalid-request.ts';

const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** `Idempotency-Key`: the same key again is the same command, answered again and not done again. */
export const IdempotencyHeaders = z.object({
  'idempotency-key': z.string().min(1).max(255).optional(),
});

const PageLength = z.preprocess(
  (text) => (typeof text === 'string' && /^\d+$/.test(text) ? Number(text) : text),
  z.int('must be decimal digits alone').min(1).max(500),
);

/** How long a page of a list is, and where it goes on. */
export const PageQuery = z.strictObject({
  cursor: z.string().min(1).max(1_024).optional(),
  limit: PageLength.default(50).describe('50 where it is left out'),
});

/** What both JavaScript and Postgres write with four digits for the year. */
const FIRST_MS = Date.parse('0001-01-01T00:00:00Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');

/** As of when: an RFC 3339 time, in UTC or with its offset; `t` and `z` do as well as `T` and `Z`. */
export const AsOfQuery = z.strictObject({
  asOf: z
    .preprocess(
      (text) => (typeof text === 'string' ? text.toUpperCase() : text),
      z.iso.datetime({ offset: true }).refine((time) => {
        const at = Date.parse(time);
        return at >= FIRST_MS && at <= LAST_MS;
      }, 'must be in the years 1 to 9999'),
    )
    .optional(),
});

/** The time that a query asks about; undefined: now. */
export const asOfIn = ({ asOf }: z.infer<typeof AsOfQuery>): Date | undefined =>
  asOf === undefined ? undefined : new Date(asOf);

/** The page that a query asks for. */
export const pageRequestOf = (query: z.infer<typeof PageQuery>): PageRequest => ({
  cursor: query.cursor ?? null,
  limit: query.limit,
});

function actorOf(request: FastifyRequest): Actor {
  const { kind, id, name } = principalOf(request);
  return { kind, id, name };
}

/** The caller's trace: the span that handles the request, else the one that the caller named. */
function traceparentOf(request: FastifyRequest): string | null {
  const { traceparent } = request.headers;
  const named = typeof traceparent === 'string' && TRACEPARENT.test(traceparent);
  return currentTraceparent() ?? (named ? traceparent : null);
}

/** What goes into the log beside the command that a request carries. */
export const contextOf = (
  request: FastifyRequest,
  idempotencyKey: string | null = null,
): CommandContext => ({
  actor: actorOf(request),
  correlationId: request.id,
  traceparent: traceparentOf(request),
  idempotencyKey,
});

/** Refuses a body with content, on routes that read none: an unknown field must not pass unseen. */
export function refuseBody(request: FastifyRequest): void {
  const { body } = request;
  if (body === undefined || body === null) return;
  if (typeof body !== 'object' || Array.isArray(body)) {
    throw new InvalidRequest('body', [{ pointer: '', message: 'this route reads no body' }]);
  }
  const errors = Object.keys(body).map((key) => ({
    pointer: pointerTo([key]),
    message: 'is not a known field',
  }));
  if (errors.length > 0) throw new InvalidRequest('body', errors);
}
