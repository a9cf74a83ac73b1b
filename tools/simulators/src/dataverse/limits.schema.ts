import { z } from 'zod';

/** Service protection of one user; `enabled: false` takes every request. */
export const ServiceLimits = z.strictObject({
  enabled: z.boolean().default(true),
  requestsMax: z.int().min(1).default(6_000),
  windowS: z.int().min(1).default(300),
  executionMsMax: z.number().min(1).default(1_200_000),
  concurrentMax: z.int().min(1).default(52),
  /** What Retry-After says when a limit is met; null: until the window has room again. */
  retryAfterS: z.number().min(0).nullable().default(null),
});
export type ServiceLimits = z.infer<typeof ServiceLimits>;
