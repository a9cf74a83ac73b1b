import { z } from 'zod';
import { Timestamp } from './ids.schema.ts';

/** What one system's day holds; calls that a replica reserved and has not made yet count as spent. */
const SystemBudget = z.object({
  spentToday: z.int().nonnegative(),
  /** As the active run, or else the next one, may spend it; null: no bound. */
  callsPerDay: z.int().nullable(),
  left: z.int().nonnegative().nullable(),
});

/** The calls of an instance today, by the day in UTC. */
export const BudgetView = z
  .object({
    day: z.iso.date(),
    /** When the next day begins. */
    resumesAt: Timestamp,
    dynamics: SystemBudget,
    campaign: SystemBudget,
  })
  .meta({ id: 'Budget' });
export type BudgetView = z.infer<typeof BudgetView>;
