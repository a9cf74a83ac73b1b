import { openOptinInstance, type OptinInstance } from './optin-instance.ts';
import { type ServiceWorld, startServiceWorld } from './service-world.ts';

export type OptinWorld = ServiceWorld<OptinInstance>;

/** Ends with the world; `env`: more variables for the service. */
export const startOptinWorld = (
  env: Record<string, string> = {},
  replicas = 1,
): Promise<OptinWorld> =>
  startServiceWorld({
    name: 'optin',
    folder: 'apps/optin-sync',
    env: { LANDBRIDGE_POLL_MS: '200', ...env },
    replicas,
    open: openOptinInstance,
  });
