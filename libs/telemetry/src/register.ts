/**
 * Loaded before everything else: `node --import @landbridge/telemetry/register main.ts`.
 * Starts OpenTelemetry when `OTEL_EXPORTER_OTLP_ENDPOINT` is set, and hooks into the modules that
 * are traced as they load. The other `OTEL_…` variables keep their standard meaning.
 */
import { FastifyOtelInstrumentation } from '@fastify/otel';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { PinoInstrumentation } from '@opentelemetry/instrumentation-pino';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { register } from 'import-in-the-middle/register-hooks.mjs';

/** What a probe or a scraper asks for every few seconds; nobody looks for it in a trace. */
const QUIET_PATHS = /^\/(livez|readyz|metrics)\b/;

if ((process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? '') !== '') startTracing();

function startTracing(): void {
  register({ include: ['http', 'https', 'pg', 'pg-pool', 'pino', 'fastify'] });
  const sdk = new NodeSDK({
    serviceName: process.env['OTEL_SERVICE_NAME'] ?? serviceNameOf(process.argv[1] ?? 'landbridge'),
    traceExporter: new OTLPTraceExporter(),
    instrumentations: [
      new HttpInstrumentation({
        ignoreIncomingRequestHook: (request) => QUIET_PATHS.test(request.url ?? ''),
      }),
      new FastifyOtelInstrumentation({ registerOnInitialization: true }),
      new PgInstrumentation({ requireParentSpan: true }),
      new UndiciInstrumentation({ requireParentforSpans: true }),
      new PinoInstrumentation({ disableLogSending: true }),
    ],
  });
  sdk.start();
  process.once('beforeExit', () => void sdk.shutdown());
}

/** `…/apps/ingress/src/main.ts` is the service `landbridge-ingress`. */
function serviceNameOf(script: string): string {
  const app = /\/apps\/([^/]+)\//.exec(script)?.[1];
  return app === undefined ? 'landbridge' : `landbridge-${app}`;
}
