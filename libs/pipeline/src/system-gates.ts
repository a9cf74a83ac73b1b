import type { DesiredRun, ReplicaId } from '@landbridge/contracts';
import type { Bus } from '@landbridge/messaging';
import type { Log } from '@landbridge/telemetry';
import type { System } from './pipeline.ts';
import { watchReplicaShare } from './replica-share.ts';
import { limitsOf, openSystemGate, type SystemGate } from './system-gate.ts';

/** How hard this service may call each system, where the run does not say otherwise. */
export type ServiceLimits = Readonly<
  Record<`${System}Limit`, { requestsPerSecond: number; inFlightMax: number }>
>;

/** What every call of a run to either system goes through. */
export type SystemGates = Readonly<
  Record<System, Pick<SystemGate, 'gate'> & { inFlightMax: number }>
> & {
  /** Gives back what of the day's budget was reserved and not spent. */
  close(): Promise<void>;
};

/** Opens both gates of a run: its own limits, this replica's part of them, and the day's budget. */
export function openSystemGates(
  run: Pick<DesiredRun, 'workflow' | 'instance' | 'settings'>,
  {
    bus,
    replica,
    config,
    log,
    now,
  }: {
    bus: Bus;
    replica: ReplicaId;
    config: ServiceLimits;
    log: Log;
    /** The wall clock, by which a day's budget ends. */
    now?: (() => Date) | undefined;
  },
): SystemGates {
  const { workflow, instance, settings } = run;
  const share = watchReplicaShare(bus, { workflow, instance, replica });
  const open = (system: System) => {
    const limits = limitsOf(settings.limits[system], config[`${system}Limit`]);
    const gate = openSystemGate(bus, { instance, system }, { limits, share, now });
    return { ...gate, inFlightMax: limits.inFlightMax };
  };
  const [dynamics, campaign] = [open('dynamics'), open('campaign')];
  return {
    dynamics,
    campaign,
    close: async () => {
      share.close();
      // What could not be given back counts as spent until the day ends.
      await Promise.all([dynamics.close(), campaign.close()]).catch((err: unknown) =>
        log.warn({ err }, 'reserved calls were not given back; they count as spent today'),
      );
    },
  };
}
