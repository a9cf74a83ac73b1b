import { collectDefaultMetrics, type OpenMetricsContentType, Registry } from 'prom-client';

export { Counter, Gauge, Histogram } from 'prom-client';

/** What `/metrics` serves, in the OpenMetrics format. */
export type MetricsRegistry = Registry<OpenMetricsContentType>;

/** A registry with the process's own figures in it (memory, event loop, CPU). */
export function createRegistry(service: string): MetricsRegistry {
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  return registry;
}
