import { z } from 'zod';

/** Picks calls out of the log: by kind, by method, by key, by status, later than number `after`. */
export const CallQuery = z.strictObject({
  call: z.string().optional(),
  method: z.string().optional(),
  key: z.string().optional(),
  status: z.int().optional(),
  after: z.int().optional(),
  limit: z.int().min(1).default(100_000),
});
export type CallQueryInput = z.input<typeof CallQuery>;

/**
 * One call as it was answered.
 * Shape  `path` is a template such as `/api/data/v9.2/contacts({id})`; `key` the addressed record's
 *        key; `status` 0 when no reply left; `fault` the kind of the fault that met it; `records`
 *        how many records the reply carried or the request wrote.
 */
export type CallRecord = {
  n: number;
  at: string;
  call: string;
  method: string;
  path: string;
  key: string | null;
  status: number;
  fault: string | null;
  durationMs: number;
  records: number;
};

/**
 * Exact since the start or the last reset. `total` counts the API's own calls: those for tokens, to
 * the I/O Events journal and over SFTP are in `byCall` alone.
 */
export type CallCounts = {
  total: number;
  tokens: number;
  byCall: Record<string, number>;
  byStatus: Record<string, number>;
  concurrentMax: number;
};
