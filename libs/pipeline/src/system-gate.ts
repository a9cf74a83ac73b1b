import type { Bus, CallBudget } from '@landbridge/messaging';
import { DayBudget } from './day-budget.ts';
import { createLimiter } from './limiter.ts';
import type { ReplicaShare } from './replica-share.ts';

/** How one system may be called by all replicas of a run together. */
export type SystemLimits = {
  requestsPerSecond: number;
  inFlightMax: number;
  callsPerDay: number | null;
};

/** What every call to one system goes through. */
export type SystemGate = {
  gate: <Value>(call: () => Promise<Value>) => Promise<Value>;
  close(): Promise<void>;
};

/** The run's own limits where it has some, and the service's where it has none. */
export function limitsOf(
  own: { requestsPerSecond: number | null; inFlightMax: number | null; callsPerDay: number | null },
  service: { requestsPerSecond: number; inFlightMax: number },
): SystemLimits {
  return {
    requestsPerSecond: own.requestsPerSecond ?? service.requestsPerSecond,
    inFlightMax: own.inFlightMax ?? service.inFlightMax,
    callsPerDay: own.callsPerDay,
  };
}

/** A limiter that takes this replica's part, and the day's budget that all replicas share. */
export function openSystemGate(
  bus: Bus,
  of: Omit<CallBudget, 'callsPerDay'>,
  {
    limits,
    share,
    now,
  }: { limits: SystemLimits; share: ReplicaShare; now?: (() => Date) | undefined },
): SystemGate {
  const { callsPerDay, requestsPerSecond, inFlightMax } = limits;
  const sharedBy = () => share.count();
  const limiter = createLimiter({ requestsPerSecond, inFlightMax, sharedBy });
  const budget = new DayBudget({ bus, ...of, callsPerDay, ...(now === undefined ? {} : { now }) });
  return {
    gate: (call) =>
      limiter.gate(async () => {
        await budget.take();
        return call();
      }),
    close: () => budget.close(),
  };
}
