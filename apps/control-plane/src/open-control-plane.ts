import type { EventLog } from '@landbridge/event-log';
import type { Bus } from '@landbridge/messaging';
import { Counter, type HealthCheck, type Log, type MetricsRegistry } from '@landbridge/telemetry';
import { startBackground } from './background.ts';
import { createBudget } from './budget/budget.ts';
import type { ControlPlane } from './control-plane.ts';
import { createDeadLetters } from './dead-letters/dead-letters.ts';
import { createDecisions } from './decisions/decisions.ts';
import { createHeldDeletes } from './deletes/held-deletes.ts';
import { createInstances } from './instances/instances.ts';
import { createStores } from './projections/stores.ts';
import { createRecords } from './records/record-traces.ts';
import { createVerifications } from './verifications/verifications.ts';
import type { WatchdogSettings } from './watchdog/judge.ts';
import { createReplays } from './workflows/replay-requests.ts';
import { createWorkflows } from './workflows/workflows.ts';

export interface ControlPlaneOptions {
  /** Opened with CONTROL_PLANE_MIGRATIONS. */
  log: EventLog;
  bus: Bus;
  /** `LANDBRIDGE_KEY`: seals credentials. */
  key: string;
  config: WatchdogSettings;
  telemetryLog: Log;
  registry?: MetricsRegistry;
}

/** The control plane with what it does by itself; `close` ends that, and leaves log and bus open. */
export interface OpenControlPlane extends ControlPlane {
  health: HealthCheck;
}

/** Opens the control plane on a log and a bus that stay their opener's to close. */
export function openControlPlane(options: ControlPlaneOptions): OpenControlPlane {
  const { log, bus, key, config, telemetryLog, registry } = options;
  const stores = createStores(log);
  const background = startBackground({
    stores,
    bus,
    key,
    settings: config,
    telemetry: telemetryLog,
    countReport: reportCounter(registry),
  });
  return {
    ...createInstances(stores, { bus, key }),
    workflows: createWorkflows(stores),
    replays: createReplays(stores, bus),
    deadLetters: createDeadLetters(stores),
    heldDeletes: createHeldDeletes(stores, bus),
    budget: createBudget(stores, bus),
    decisions: createDecisions(stores, bus),
    records: createRecords(stores, bus),
    verifications: createVerifications(stores, bus),
    health: background.health,
    close: () => background.close(),
  };
}

function reportCounter(registry: MetricsRegistry | undefined): (kind: string) => void {
  if (registry === undefined) return () => undefined;
  const counter = new Counter({
    name: 'landbridge_reports_total',
    help: 'Reports taken from the services, by kind',
    labelNames: ['kind'],
    registers: [registry],
  });
  return (kind) => counter.inc({ kind });
}
