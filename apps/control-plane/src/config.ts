import { resolve } from 'node:path';
import { VERIFICATION_PASS_RECORDS } from '@landbridge/contracts';
import { busEnvironment } from '@landbridge/messaging';
import { readEnvironment } from '@landbridge/telemetry';
import { z } from 'zod';

const KEY_BYTES = 32;
const Milliseconds = z.coerce.number<string>().int().min(100).max(3_600_000);

/** Every variable that the control plane reads; the defaults are what one machine needs. */
export const Environment = z
  .object({
    ...busEnvironment,
    LANDBRIDGE_DATABASE_URL: z.url({
      protocol: /^postgres(ql)?$/,
      message: 'must be a postgresql:// URL',
    }),
    LANDBRIDGE_DATABASE_ADMIN_URL: z
      .url({ protocol: /^postgres(ql)?$/, message: 'must be a postgresql:// URL' })
      .optional(),
    LANDBRIDGE_HOST: z.string().default('127.0.0.1'),
    LANDBRIDGE_PORT: z.coerce.number<string>().int().min(0).max(65_535).default(8080),
    LANDBRIDGE_KEY: z
      .string()
      .refine(
        (text) => /^[\w-]+$/.test(text) && Buffer.from(text, 'base64url').length === KEY_BYTES,
        `must be ${KEY_BYTES} bytes in base64url`,
      ),
    LANDBRIDGE_LOG_LEVEL: z
      .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
      .default('info'),
    LANDBRIDGE_DATA: z.string().default('.landbridge'),
    LANDBRIDGE_CONSOLE_DIR: z.string().default('apps/console/dist'),
    LANDBRIDGE_HEARTBEAT_TIMEOUT_MS: Milliseconds.default(5_000),
    LANDBRIDGE_STALLED_AFTER_MS: Milliseconds.default(60_000),
    LANDBRIDGE_VERIFY_PASS_RECORDS: z.coerce
      .number<string>()
      .int()
      .min(1)
      .max(10_000_000)
      .default(VERIFICATION_PASS_RECORDS),
    OTEL_EXPORTER_OTLP_ENDPOINT: z
      .url({ protocol: /^https?$/, message: 'must be an http or https URL' })
      .optional(),
  })
  .transform((env) => ({
    natsUrl: env.LANDBRIDGE_NATS_URL,
    natsMonitorUrl: env.LANDBRIDGE_NATS_MONITOR_URL ?? null,
    databaseUrl: env.LANDBRIDGE_DATABASE_URL,
    databaseAdminUrl: env.LANDBRIDGE_DATABASE_ADMIN_URL ?? env.LANDBRIDGE_DATABASE_URL,
    host: env.LANDBRIDGE_HOST,
    port: env.LANDBRIDGE_PORT,
    key: env.LANDBRIDGE_KEY,
    logLevel: env.LANDBRIDGE_LOG_LEVEL,
    dataFolder: resolve(env.LANDBRIDGE_DATA),
    consoleDir: resolve(env.LANDBRIDGE_CONSOLE_DIR),
    verifyPassRecords: env.LANDBRIDGE_VERIFY_PASS_RECORDS,
    watchdog: {
      heartbeatTimeoutMs: env.LANDBRIDGE_HEARTBEAT_TIMEOUT_MS,
      stalledAfterMs: env.LANDBRIDGE_STALLED_AFTER_MS,
    },
  }));
export type Config = z.output<typeof Environment>;

/** The settings, or every fault of the environment at once and the end of the process. */
export const readConfig = (env: NodeJS.ProcessEnv): Config => readEnvironment(Environment, env);
