/** The control plane: HTTP API, event log, projections; the only owner of Postgres. */
import { openEventLog } from '@landbridge/event-log';
import { connectBus } from '@landbridge/messaging';
import { closeInOrder, createLog, createRegistry, untilSignal } from '@landbridge/telemetry';
import { openAccess, warnUnlessLoopback } from './access/access.ts';
import { buildApp } from './app.ts';
import { readConfig } from './config.ts';
import { openClients } from './metadata/clients.ts';
import { openControlPlane } from './open-control-plane.ts';
import { CONTROL_PLANE_MIGRATIONS } from './projections/control-plane-migrations.ts';
import { logHealth } from './projections/log-health.ts';
import { CONFIGURATION_UPCASTERS } from './workflows/configuration-upcasters.ts';

const config = readConfig(process.env);
const log = createLog('control-plane', config.logLevel);
const registry = createRegistry('control-plane');
const { databaseUrl: url, databaseAdminUrl: adminUrl, key, dataFolder } = config;
const { natsUrl, natsMonitorUrl: monitorUrl } = config;

const bus = await connectBus({ url: natsUrl, monitorUrl, name: 'control-plane', log, registry });
const events = await openEventLog({
  url,
  adminUrl,
  log,
  migrations: CONTROL_PLANE_MIGRATIONS,
  upcasters: CONFIGURATION_UPCASTERS,
});
const controlPlane = openControlPlane({
  log: events,
  bus,
  key,
  config: config.watchdog,
  telemetryLog: log,
  registry,
});
const access = await openAccess({ key: Buffer.from(key, 'base64url'), dataFolder, log });
const app = await buildApp({
  controlPlane,
  access,
  clients: openClients(log),
  checks: [bus.health, logHealth(events), controlPlane.health],
  registry,
  log,
  consoleDir: config.consoleDir,
  verifyPassRecords: config.verifyPassRecords,
});

warnUnlessLoopback(config.host, log);
const address = await app.listen({ host: config.host, port: config.port });
process.stdout.write(`Sign in (works once): ${access.newSignInLink(address)}\n`);
process.stdout.write(`Token for scripts: ${access.adminTokenPath}\n`);
log.info({ address }, 'control-plane ready');

await untilSignal('SIGTERM', 'SIGINT');
await closeInOrder(app, controlPlane, events, bus); // no new requests, then what works by itself
