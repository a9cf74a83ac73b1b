/** Opt-In/Out: opt-outs of people, either way or both. Holds no state of its own; kill it at any time. */
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
import { runOptin } from './run-optin.ts';

const config = readConfig(process.env);
const log = createLog('optin', config.logLevel);
const registry = createRegistry('optin');
const { host, port, natsUrl: url, natsMonitorUrl: monitorUrl } = config;

const bus = await connectBus({ url, monitorUrl, name: 'optin', log, registry });
const deps = { bus, config, log, registry };
const runs = await watchDesiredRuns(bus, 'optin', (run, context) => runOptin(run, context, deps), {
  log,
  endOf,
});
const checks = [bus.health, runs.health];
const http = await serveHealth({ host, port, checks, registry, log });
log.info({ port: http.port, replica: runs.replica }, 'optin ready');

await untilSignal('SIGTERM', 'SIGINT');
await closeInOrder(http, runs, bus); // stop listening, finish writes in flight, let go of NATS
