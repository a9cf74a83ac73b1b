/** Egress: Campaign → Dynamics 365. Holds no state of its own; kill it at any time. */
import { connectBus } from '@landbridge/messaging';
import { watchDesiredRuns } from '@landbridge/pipeline';
import {
  closeInOrder,
  createLog,
  createRegistry,
  serveHealth,
  untilSignal,
} from '@landbridge/telemetry';
import { readConfig } from './config.ts';
import { endOf } from './ends.ts';
import { runEgress } from './run-egress.ts';

const config = readConfig(process.env);
const log = createLog('egress', config.logLevel);
const registry = createRegistry('egress');
const { host, port, natsUrl: url, natsMonitorUrl: monitorUrl } = config;

const bus = await connectBus({ url, monitorUrl, name: 'egress', log, registry });
const deps = { bus, config, log, registry };
const runs = await watchDesiredRuns(
  bus,
  'egress',
  (run, context) => runEgress(run, context, deps),
  { log, endOf },
);
const checks = [bus.health, runs.health];
const http = await serveHealth({ host, port, checks, registry, log });
log.info({ port: http.port, replica: runs.replica }, 'egress ready');

await untilSignal('SIGTERM', 'SIGINT');
await closeInOrder(http, runs, bus); // stop listening, finish writes in flight, let go of NATS
