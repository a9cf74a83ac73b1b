import type { InstanceId, TableName } from '@landbridge/contracts';
import { Counter, type MetricsRegistry } from '@landbridge/telemetry';

/** Counts for `/metrics`; the same numbers go to the control plane as reports. */
export interface PipelineMetrics {
  /** `outcome`: read, written, skipped, retryAfter, rejected, runFailed. */
  count(instance: InstanceId, table: TableName, outcome: string, count?: number): void;
}

const known = new WeakMap<MetricsRegistry, PipelineMetrics>();

/** One set of counters for each registry, however many runs share it. */
export function pipelineMetrics(registry: MetricsRegistry | undefined): PipelineMetrics {
  if (registry === undefined) return { count: () => undefined };
  const existing = known.get(registry);
  if (existing !== undefined) return existing;
  const records = new Counter({
    name: 'landbridge_records_total',
    help: 'Records by what became of them',
    labelNames: ['instance', 'table', 'outcome'],
    registers: [registry],
  });
  const metrics: PipelineMetrics = {
    count: (instance, table, outcome, count = 1) =>
      records.inc({ instance, table, outcome }, count),
  };
  known.set(registry, metrics);
  return metrics;
}
