import { VERIFICATION_PASS_RECORDS } from '@landbridge/contracts';
import { Count, Milliseconds, serviceEnvironment, serviceSettings } from '@landbridge/pipeline';
import { readEnvironment } from '@landbridge/telemetry';
import { z } from 'zod';

/** Every variable that this service reads. */
export const Environment = z
  .object({
    ...serviceEnvironment,
    LANDBRIDGE_POLL_MS: Milliseconds.default(1_000),
    LANDBRIDGE_PARTITIONS: Count.max(1_024).default(32),
    LANDBRIDGE_PAGE_ROWS: Count.max(5_000).default(5_000),
    LANDBRIDGE_METADATA_MS: Milliseconds.default(30_000),
    LANDBRIDGE_VERIFY_PASS_RECORDS: Count.max(10_000_000).default(VERIFICATION_PASS_RECORDS),
    LANDBRIDGE_CLEARING: z.enum(['empty', 'null']).default('empty'),
  })
  .transform((env) => {
    const { limits, ...common } = serviceSettings(env);
    return {
      ...common,
      limits: { ...limits, pollMs: env.LANDBRIDGE_POLL_MS },
      partitions: env.LANDBRIDGE_PARTITIONS,
      pageRowsMax: env.LANDBRIDGE_PAGE_ROWS,
      metadataMs: env.LANDBRIDGE_METADATA_MS,
      /** Records of one pass of a verification, held in memory. */
      verifyPassRecords: env.LANDBRIDGE_VERIFY_PASS_RECORDS,
      /** How an emptied column is sent to Campaign; see docs/conversions.md. */
      clearing: env.LANDBRIDGE_CLEARING,
    };
  });

/** The settings of this service; docs/ingress.md explains each. */
export type IngressConfig = z.infer<typeof Environment>;

/** All faults in one message and exit 1, before anything is touched. */
export const readConfig = (env: NodeJS.ProcessEnv): IngressConfig =>
  readEnvironment(Environment, env);
