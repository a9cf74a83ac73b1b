import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Report } from '@landbridge/contracts';
import { startService } from '@landbridge/embedded';
import { type Bus, connectBus, consumeReports } from '@landbridge/messaging';
import {
  type CampaignOptions,
  type CampaignSimulator,
  type DataverseOptions,
  type DataverseSimulator,
  startCampaign,
  startDataverse,
} from '@landbridge/simulators';
import { createLog } from '@landbridge/telemetry';
import { startNats } from '@landbridge/testing';

/** NATS and one data service alone: what it should do is told to it directly. */
export interface ServiceWorld<Instance> extends AsyncDisposable {
  readonly bus: Bus;
  readonly reports: readonly Report[];
  /** A pair of systems of its own, which end with the world. */
  instance(options?: {
    dynamics?: DataverseOptions;
    campaign?: CampaignOptions;
  }): Promise<Instance>;
  /** kill -9, of one replica. */
  kill(replica?: number): Promise<void>;
  start(replica?: number): Promise<void>;
  /** What `/metrics` of one replica says. */
  metrics(replica?: number): Promise<string>;
  /** How many records one replica has seen end so, such as `written`. */
  recordCount(outcome: string, replica?: number): Promise<number>;
  logs(): Promise<string>;
}

/** Which service, and how an instance of its workflow is opened. */
export interface ServiceUnderTest<Instance> {
  /** As its log calls it, such as `egress`; also the beginning of the instances' names. */
  name: string;
  /** Such as `apps/egress`. */
  folder: string;
  env: Record<string, string>;
  /** 1 where nothing is said. */
  replicas?: number;
  campaign?: CampaignOptions['switches'];
  open(
    world: { bus: Bus; key: string; reports: readonly Report[] },
    name: string,
    dynamics: DataverseSimulator,
    campaign: CampaignSimulator,
  ): Promise<Instance>;
}

export async function startServiceWorld<Instance extends { closeSimulators(): Promise<unknown> }>(
  service: ServiceUnderTest<Instance>,
): Promise<ServiceWorld<Instance>> {
  const { name } = service;
  const logFolder = await mkdtemp(join(tmpdir(), `landbridge-${name}-`));
  const key = randomBytes(32).toString('base64url');
  const nats = await startNats();
  const log = createLog('story', 'silent');
  const bus = await connectBus({ url: nats.url, name: 'story', log });
  const { reports, stopListening } = listen(bus);
  const ports: string[] = [];
  const nameOf = (replica: number) => (replica === 0 ? name : `${name}-${replica + 1}`);
  const launch = (replica: number) =>
    startService({
      folder: service.folder,
      name: nameOf(replica),
      env: { LANDBRIDGE_NATS_URL: nats.url, LANDBRIDGE_KEY: key, ...service.env },
      ready: new RegExp(`${name} ready`),
      logFolder,
      onLine: (line) => {
        ports[replica] = /"port":(\d+)/.exec(line)?.[1] ?? ports[replica] ?? '';
      },
    });
  const running = await Promise.all(
    Array.from({ length: service.replicas ?? 1 }, (_, replica) => launch(replica)),
  );
  const metrics = async (replica = 0) =>
    (await fetch(`http://127.0.0.1:${ports[replica]}/metrics`)).text();
  const instances: Instance[] = [];
  return {
    bus,
    reports,
    instance: async ({ dynamics = {}, campaign = {} } = {}) => {
      const seed = instances.length + 1;
      const switches = { ...service.campaign, ...campaign.switches };
      const instance = await service.open(
        { bus, key, reports },
        `${name}-${seed}`,
        await startDataverse({ seed, ...dynamics }),
        await startCampaign({ seed, ...campaign, switches }),
      );
      instances.push(instance);
      return instance;
    },
    kill: async (replica = 0) => {
      await running[replica]?.kill();
    },
    start: async (replica = 0) => {
      running[replica] = await launch(replica);
    },
    metrics,
    recordCount: async (outcome, replica) => {
      const line = new RegExp(
        `^landbridge_records_total\\{.*outcome="${outcome}".*\\} (\\d+)`,
        'gm',
      );
      const counts = [...(await metrics(replica)).matchAll(line)];
      return counts.reduce((sum, [, count]) => sum + Number(count), 0);
    },
    logs: async () => {
      const files = running.map((_, replica) => join(logFolder, `${nameOf(replica)}.log`));
      const texts = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')));
      return texts.join('\n');
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(running.map((one) => one.stop()));
      stopListening();
      await bus.close();
      await nats.stop();
      await Promise.all(instances.map((instance) => instance.closeSimulators()));
      await rm(logFolder, { recursive: true, force: true });
    },
  };
}

/** All reports so far, growing. */
function listen(bus: Bus): { reports: readonly Report[]; stopListening: () => void } {
  const reports: Report[] = [];
  const listening = new AbortController();
  void consumeReports(
    bus,
    async (report) => {
      if (report.kind !== 'unreadable') reports.push(report);
    },
    listening.signal,
  );
  return { reports, stopListening: () => listening.abort() };
}
