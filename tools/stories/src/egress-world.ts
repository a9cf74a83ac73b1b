import { type EgressInstance, openEgressInstance } from './egress-instance.ts';
import { type ServiceWorld, startServiceWorld } from './service-world.ts';

export type EgressWorld = ServiceWorld<EgressInstance>;

/** Ends with the world; `env`: more variables for the service. */
export const startEgressWorld = (
  env: Record<string, string> = {},
  replicas = 1,
): Promise<EgressWorld> =>
  startServiceWorld({
    name: 'egress',
    folder: 'apps/egress',
    env: {
      LANDBRIDGE_EGRESS_WAITING_MS: '300',
      LANDBRIDGE_EGRESS_METADATA_MS: '1000',
      ...env,
    },
    campaign: { journalRetryAfterS: 0 },
    replicas,
    open: openEgressInstance,
  });
