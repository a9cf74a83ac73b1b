import { Count, Milliseconds, serviceEnvironment, serviceSettings } from '@landbridge/pipeline';
import { readEnvironment } from '@landbridge/telemetry';
import { z } from 'zod';

/** Every variable that this service reads. */
export const Environment = z
  .object({
    ...serviceEnvironment,
    LANDBRIDGE_EGRESS_PARTITIONS: Count.max(64).default(1),
    LANDBRIDGE_EGRESS_BATCH: Count.max(2_000).default(1_000),
    LANDBRIDGE_EGRESS_BULK_ROWS: Count.max(1_000).default(500),
    LANDBRIDGE_EGRESS_WAITING_MS: Milliseconds.default(30_000),
    LANDBRIDGE_EGRESS_METADATA_MS: Milliseconds.default(60_000),
  })
  .transform((env) => ({
    ...serviceSettings(env),
    /** Batches that are written at once by one replica. */
    partitions: env.LANDBRIDGE_EGRESS_PARTITIONS,
    batchRecordsMax: env.LANDBRIDGE_EGRESS_BATCH,
    bulkRowsMax: env.LANDBRIDGE_EGRESS_BULK_ROWS,
    /** Between two looks at the events that wait for their contact. */
    waitingMs: env.LANDBRIDGE_EGRESS_WAITING_MS,
    metadataMs: env.LANDBRIDGE_EGRESS_METADATA_MS,
  }));

/** The settings of this service; docs/egress.md explains each. */
export type EgressConfig = z.infer<typeof Environment>;

/** All faults in one message and exit 1, before anything is touched. */
export const readConfig = (env: NodeJS.ProcessEnv): EgressConfig =>
  readEnvironment(Environment, env);
