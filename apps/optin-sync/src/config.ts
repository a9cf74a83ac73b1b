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
  })
  .transform((env) => {
    const { limits, ...common } = serviceSettings(env);
    return {
      ...common,
      limits: { ...limits, pollMs: env.LANDBRIDGE_POLL_MS },
      partitions: env.LANDBRIDGE_PARTITIONS,
      /** Rows of one page of contacts, and of one look into an export file. */
      pageRowsMax: env.LANDBRIDGE_PAGE_ROWS,
      metadataMs: env.LANDBRIDGE_METADATA_MS,
    };
  });

/** The settings of this service; docs/opt-in-out.md explains those that ingress does not have. */
export type OptinConfig = z.infer<typeof Environment>;

/** All faults in one message and exit 1, before anything is touched. */
export const readConfig = (env: NodeJS.ProcessEnv): OptinConfig =>
  readEnvironment(Environment, env);
