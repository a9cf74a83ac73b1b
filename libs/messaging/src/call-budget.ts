import { type InstanceId, Timestamp } from '@landbridge/contracts';
import { z } from 'zod';
import type { Bus } from './bus.ts';
import { changeLedger, readLedger } from './ledger.ts';
import { callsKey } from './subjects.ts';

/** Whose calls, of which instance, and how many a day in UTC may hold; null: no bound. */
export interface CallBudget {
  instance: InstanceId;
  system: 'dynamics' | 'campaign';
  callsPerDay: number | null;
}

/** A day's calls as all replicas together reserved them. */
export const DayOfCalls = z.object({ day: z.iso.date(), reserved: z.int().nonnegative() });
export type DayOfCalls = z.infer<typeof DayOfCalls>;

/** The day in UTC that a time belongs to. */
export const dayOf = (now: Date): string => now.toISOString().slice(0, 'yyyy-mm-dd'.length);

/** When the next day in UTC begins. */
export const nextDay = (now: Date): Date =>
  new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1));

/**
 * What a day is after so many calls more were wanted, and how many of them it grants.
 * A clock that is behind counts in the day that others have begun: a day is never taken up again.
 */
export function reserveIn(
  known: DayOfCalls | null,
  { day, wanted, callsPerDay }: { day: string; wanted: number; callsPerDay: number | null },
): { next: DayOfCalls; granted: number } {
  const today = known !== null && known.day >= day ? known : { day, reserved: 0 };
  const left = callsPerDay === null ? wanted : Math.max(0, callsPerDay - today.reserved);
  const granted = Math.min(wanted, left);
  return { next: { ...today, reserved: today.reserved + granted }, granted };
}

/** Reserves at most `wanted` calls of today for the caller alone; 0: the day is spent. */
export async function reserveCalls(
  bus: Bus,
  { instance, system, callsPerDay }: CallBudget,
  { wanted, now }: { wanted: number; now: Date },
): Promise<number> {
  return changeLedger(bus, callsKey(instance, system), DayOfCalls, (known) => {
    const { next, granted } = reserveIn(known, { day: dayOf(now), wanted, callsPerDay });
    return { next: granted === 0 ? null : next, answer: granted };
  });
}

/** Gives back what was reserved on `day` and never spent; of an earlier day it is worth nothing. */
export async function giveCallsBack(
  bus: Bus,
  { instance, system }: Omit<CallBudget, 'callsPerDay'>,
  { count, day }: { count: number; day: string },
): Promise<void> {
  await changeLedger(bus, callsKey(instance, system), DayOfCalls, (known) => ({
    next:
      known === null || known.day !== day || count === 0
        ? null
        : { day, reserved: Math.max(0, known.reserved - count) },
    answer: undefined,
  }));
}

/** How much of today is spent; what replicas reserved and have not spent yet counts as spent. */
export const BudgetLeft = z.object({
  spent: z.int(),
  /** null: no bound. */
  left: z.int().nullable(),
  resumesAt: Timestamp,
});
export type BudgetLeft = z.infer<typeof BudgetLeft>;

export async function budgetOf(
  bus: Bus,
  { instance, system, callsPerDay }: CallBudget,
  now: Date = new Date(),
): Promise<BudgetLeft> {
  const known = await readLedger(bus, callsKey(instance, system), DayOfCalls);
  const spent = known !== null && known.day >= dayOf(now) ? known.reserved : 0;
  const left = callsPerDay === null ? null : Math.max(0, callsPerDay - spent);
  return { spent, left, resumesAt: nextDay(now).toISOString() };
}
