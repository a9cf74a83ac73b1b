import { z } from 'zod';

const Ms = z.number().min(0).max(600_000);

/** A fixed time, evenly between two, or log-normal by its median and 95th percentile. Units: ms. */
export const Latency = z.union([
  Ms,
  z.strictObject({ minMs: Ms, maxMs: Ms }),
  z.strictObject({ p50Ms: Ms, p95Ms: Ms }),
]);
export type Latency = z.infer<typeof Latency>;

/**
 * What goes wrong. `dropReply`, `halfBody` and `hang` come after the request was applied;
 * `dropRequest`, `status`, `throttle`, `expiredToken`, `expiredDeltaToken` and
 * `malformedDeltaToken` come instead of applying it.
 */
export const Fault = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('latency'), ms: Latency }),
  z.strictObject({
    kind: z.literal('throttle'),
    retryAfterS: z.number().min(0).max(86_400),
    retryAfterAs: z.enum(['seconds', 'date', 'none']).default('seconds'),
  }),
  z.strictObject({
    kind: z.literal('status'),
    status: z.int().min(200).max(599),
    body: z.string().optional(),
    contentType: z.string().optional(),
    headers: z.record(z.string(), z.string()).optional(),
  }),
  z.strictObject({ kind: z.literal('dropRequest') }),
  z.strictObject({ kind: z.literal('dropReply') }),
  z.strictObject({ kind: z.literal('halfBody') }),
  z.strictObject({ kind: z.literal('hang') }),
  z.strictObject({ kind: z.literal('expiredToken') }),
  z.strictObject({ kind: z.literal('expiredDeltaToken') }),
  z.strictObject({ kind: z.literal('malformedDeltaToken') }),
]);
export type Fault = z.infer<typeof Fault>;

/**
 * Which calls a fault meets: every condition given must hold. `path` is a part of the decoded path
 * and query, `call` a kind as in the call log, `key` a part of the addressed record's key, `body` a
 * part of the request's body. Skips the first `after` matching calls, then meets `times` of them
 * (null: all, until removed), each with `probability`.
 */
export const FaultRule = z.strictObject({
  method: z.union([z.string(), z.array(z.string())]).optional(),
  path: z.string().optional(),
  call: z.union([z.string(), z.array(z.string())]).optional(),
  key: z.string().optional(),
  body: z.string().optional(),
  after: z.int().min(0).default(0),
  times: z.int().min(1).nullable().default(null),
  probability: z.number().min(0).max(1).default(1),
  fault: Fault,
});
export type FaultRule = z.infer<typeof FaultRule>;
export type FaultRuleInput = z.input<typeof FaultRule>;
