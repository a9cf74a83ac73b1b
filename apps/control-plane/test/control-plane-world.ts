import { randomUUID } from 'node:crypto';
import { InstanceId, ReplicaId, type Report, type RunId } from '@landbridge/contracts';
import { openEventLog, type EventLog } from '@landbridge/event-log';
import { connectBus, publishReport, sendHeartbeat, type Bus } from '@landbridge/messaging';
import { createLog } from '@landbridge/telemetry';
import { startNats, startPostgres } from '@landbridge/testing';
import type { CommandContext, WorkflowKey } from '../src/control-plane.ts';
import { openControlPlane, type OpenControlPlane } from '../src/open-control-plane.ts';
import { CONTROL_PLANE_MIGRATIONS } from '../src/projections/control-plane-migrations.ts';
import { CONFIGURATION_UPCASTERS } from '../src/workflows/configuration-upcasters.ts';
import type { WatchdogSettings } from '../src/watchdog/judge.ts';

export const KEY = Buffer.alloc(32, 7).toString('base64url');
export const PAGE = { cursor: null, limit: 50 };

export const by = (name: string, idempotencyKey: string | null = null): CommandContext => ({
  actor: { kind: 'person', id: name, name },
  correlationId: randomUUID(),
  traceparent: null,
  idempotencyKey,
});

/** Servers for a test file, and databases and control planes on them for each test. */
export interface World extends AsyncDisposable {
  createDatabase(): Promise<string>;
  bus: Bus;
  /** Cuts the control planes off from NATS and back, by killing the server. */
  nats: Awaited<ReturnType<typeof startNats>>;
  open(databaseUrl: string, settings?: Partial<WatchdogSettings>): Promise<Running>;
}

/** One control plane as its process would have it. */
export interface Running {
  plane: OpenControlPlane;
  log: EventLog;
  close(): Promise<void>;
}

const silent = createLog('test', 'silent');

export async function startWorld(): Promise<World> {
  const [postgres, nats] = await Promise.all([startPostgres(), startNats()]);
  const bus = await connectBus({ url: nats.url, name: 'test', log: silent });
  return {
    createDatabase: () => postgres.createDatabase(),
    bus,
    nats,
    open: async (url, settings = {}) => {
      const own = await connectBus({ url: nats.url, name: 'control-plane', log: silent });
      const log = await openEventLog({
        url,
        log: silent,
        migrations: CONTROL_PLANE_MIGRATIONS,
        upcasters: CONFIGURATION_UPCASTERS,
      });
      const plane = openControlPlane({
        log,
        bus: own,
        key: KEY,
        config: { heartbeatTimeoutMs: 1_500, stalledAfterMs: 60_000, ...settings },
        telemetryLog: silent,
      });
      return {
        plane,
        log,
        close: async () => {
          await plane.close();
          await log.close();
          await own.close();
        },
      };
    },
    [Symbol.asyncDispose]: async () => {
      await bus.close();
      await nats[Symbol.asyncDispose]();
      await postgres[Symbol.asyncDispose]();
    },
  };
}

const DYNAMICS = {
  url: 'https://contoso.crm.dynamics.com',
  tenantId: 'tenant',
  clientId: 'client',
  clientSecret: 'dynamics-secret',
};
const CAMPAIGN = {
  url: 'https://mc.adobe.io/contoso/campaign',
  organizationId: 'org@AdobeOrg',
  clientId: 'client',
  clientSecret: 'campaign-secret',
  scopes: ['campaign_sdk'],
};

let instances = 0;

/** A registered and connected instance that no other test uses, and its ingress. */
export async function connected({ plane }: Running): Promise<WorkflowKey> {
  instances += 1;
  const instance = InstanceId.parse(`test-${process.pid}-${instances}`);
  await plane.instances.put(instance, { name: 'Test', production: false }, by('ann'));
  await connects(plane, instance);
  return { instance, workflow: 'ingress' };
}

/** Sets both connections of an instance that is there. */
export async function connects(
  { connections }: OpenControlPlane,
  instance: InstanceId,
): Promise<void> {
  await connections.put(instance, 'dynamics', DYNAMICS, by('ann'));
  await connections.put(instance, 'campaign', CAMPAIGN, by('ann'));
}

/** A data service's replica that says what the test lets it say. */
export interface Replica extends Disposable {
  id: ReplicaId;
  report(runId: RunId, detail: Detail, reportId?: string): Promise<void>;
  beat(): void;
  silence(): void;
}

type Head = 'reportId' | 'workflow' | 'instance' | 'runId' | 'replica' | 'at';
type Without<R> = R extends Report ? Omit<R, Head> : never;
export type Detail = Without<Report>;

export function startReplica(bus: Bus, key: WorkflowKey, runs: RunId[], name = 'one'): Replica {
  const id = ReplicaId.parse(`${name}-${randomUUID().slice(0, 8)}`);
  const { workflow, instance } = key;
  let timer: NodeJS.Timeout | null = null;
  const send = () =>
    sendHeartbeat(bus, {
      workflow,
      replica: id,
      at: new Date().toISOString(),
      runs: runs.map((runId) => ({ instance, runId })),
    });
  const silence = () => {
    if (timer !== null) clearInterval(timer);
    timer = null;
  };
  const beat = () => {
    silence();
    send();
    timer = setInterval(send, 100);
  };
  beat();
  return {
    id,
    beat,
    silence,
    report: (runId, detail, reportId = randomUUID()) =>
      publishReport(bus, {
        ...detail,
        reportId,
        workflow,
        instance,
        runId,
        replica: id,
        at: new Date().toISOString(),
      }),
    [Symbol.dispose]: silence,
  };
}
