import { busEnvironment } from '@landbridge/messaging';
import { z } from 'zod';

/** A number of milliseconds in the environment. */
export const Milliseconds = z.coerce.number().int().min(10).max(86_400_000);
/** A number of things in the environment, at least one. */
export const Count = z.coerce.number().int().min(1);

/** The variables that every data service reads; docs/operate explains each. */
export const serviceEnvironment = {
  ...busEnvironment,
  LANDBRIDGE_KEY: z
    .string()
    .regex(/^[A-Za-z0-9_-]{43}=?$/, 'must be 32 bytes in base64url: the control plane’s own key'),
  LANDBRIDGE_HOST: z.string().default('127.0.0.1'),
  LANDBRIDGE_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  LANDBRIDGE_LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/, message: 'must be an http or https URL' })
    .optional(),
  LANDBRIDGE_QUEUE_MAX: Count.max(10_000_000).default(20_000),
  LANDBRIDGE_CAMPAIGN_RPS: Count.max(100_000).default(3_000),
  LANDBRIDGE_CAMPAIGN_IN_FLIGHT: Count.max(1_000).default(32),
  LANDBRIDGE_DYNAMICS_RPS: Count.max(100_000).default(50),
  LANDBRIDGE_DYNAMICS_IN_FLIGHT: Count.max(52).default(8),
};

/** What those variables say. */
export const serviceSettings = (env: z.infer<z.ZodObject<typeof serviceEnvironment>>) => ({
  natsUrl: env.LANDBRIDGE_NATS_URL,
  natsMonitorUrl: env.LANDBRIDGE_NATS_MONITOR_URL ?? null,
  key: env.LANDBRIDGE_KEY,
  host: env.LANDBRIDGE_HOST,
  port: env.LANDBRIDGE_PORT,
  logLevel: env.LANDBRIDGE_LOG_LEVEL,
  limits: { queueMax: env.LANDBRIDGE_QUEUE_MAX },
  campaignLimit: {
    requestsPerSecond: env.LANDBRIDGE_CAMPAIGN_RPS,
    inFlightMax: env.LANDBRIDGE_CAMPAIGN_IN_FLIGHT,
  },
  dynamicsLimit: {
    requestsPerSecond: env.LANDBRIDGE_DYNAMICS_RPS,
    inFlightMax: env.LANDBRIDGE_DYNAMICS_IN_FLIGHT,
  },
});
