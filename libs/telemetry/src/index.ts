/** Logs, traces, metrics and health, the same in every service. Knows no domain. */
export { closeInOrder } from './close-in-order.ts';
export { EnvironmentInvalid, parseEnvironment, readEnvironment } from './environment.ts';
export {
  type HealthCheck,
  type HealthResult,
  healthRoutes,
  type HealthRoutesOptions,
  type HealthServer,
  serveHealth,
} from './health.ts';
export { createLog, type Log, type LogLevel } from './log.ts';
export { Counter, createRegistry, Gauge, Histogram, type MetricsRegistry } from './metrics.ts';
export { currentTraceparent, type SpanOptions, withSpan } from './tracing.ts';
export { untilSignal } from './until-signal.ts';
