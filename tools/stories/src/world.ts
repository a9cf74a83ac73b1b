import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorkflowName } from '@landbridge/contracts';
import { type Everything, type EverythingOptions, startEverything } from '@landbridge/embedded';
import {
  type CampaignOptions,
  type DataverseOptions,
  startCampaign,
  startDataverse,
} from '@landbridge/simulators';
import { openInstance, type StoryInstance } from './story-instance.ts';

export interface WorldOptions {
  /** Which data services the stories need; all unless said otherwise. */
  services?: readonly WorkflowName[];
  ingressReplicas?: number;
  /** False unless said otherwise: a story kills processes, not the machine's power. */
  syncAlways?: boolean;
  natsServer?: 'newest' | 'floor';
  /** More variables for the services, such as `LANDBRIDGE_POLL_MS`. */
  env?: Record<string, string>;
}

/** A whole Landbridge for the stories of one file; each story has an instance of its own in it. */
export interface World extends AsyncDisposable {
  readonly landbridge: Everything;
  /** A new instance, connected to two simulators of its own. */
  instance(options?: {
    dynamics?: DataverseOptions;
    campaign?: CampaignOptions;
  }): Promise<StoryInstance>;
  /** What the services printed so far; for a failing story. */
  logs(): Promise<string>;
}

/** Starts everything in a folder that goes with the world. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const dataDir = await mkdtemp(join(tmpdir(), 'landbridge-story-'));
  await chmod(dataDir, 0o755);
  const said: string[] = [];
  const settings: EverythingOptions = {
    dataDir,
    port: null,
    withConsole: false,
    ingressReplicas: options.ingressReplicas ?? 1,
    ...(options.services === undefined ? {} : { services: options.services }),
    syncAlways: options.syncAlways ?? false,
    natsServer: options.natsServer ?? 'newest',
    env: { LANDBRIDGE_POLL_MS: '200', ...options.env },
    say: (text) => void said.push(text),
  };
  const landbridge = await startEverything(settings);
  const instances: StoryInstance[] = [];
  let opened = 0;
  return {
    landbridge,
    instance: async ({ dynamics = {}, campaign = {} } = {}) => {
      opened += 1;
      const instance = await openInstance(
        landbridge,
        `story-${opened}`,
        await startDataverse({ seed: opened, ...dynamics }),
        await startCampaign({ seed: opened, ...campaign }),
      );
      instances.push(instance);
      return instance;
    },
    logs: async () => {
      const names = ['control-plane', 'ingress', 'egress', 'optin-sync'];
      const files = names.map((name) => join(landbridge.folder.folder('logs'), `${name}.log`));
      const texts = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')));
      return [...said, ...texts].join('\n');
    },
    [Symbol.asyncDispose]: async () => {
      await landbridge.stop();
      await Promise.all(instances.map((instance) => instance.closeSimulators()));
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
