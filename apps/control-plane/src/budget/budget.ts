import type { BudgetView, InstanceId, InstanceSettings } from '@landbridge/contracts';
import { budgetOf, dayOf, nextDay, type Bus } from '@landbridge/messaging';
import type { ControlPlane } from '../control-plane.ts';
import { instanceIn, type Stores } from '../projections/stores.ts';
import { workflowStream } from '../projections/stream-ids.ts';
import { activeRun } from '../workflows/run-state.ts';

/** What today holds for each system, by the limits of the active run, or else of the next one. */
export function createBudget(
  stores: Stores,
  bus: Bus,
  now: () => Date = () => new Date(),
): ControlPlane['budget'] {
  return {
    get: async (instance) => {
      const { limits } = await limitsOf(stores, instance);
      const at = now();
      const read = async (system: 'dynamics' | 'campaign') => {
        const { callsPerDay } = limits[system];
        const { spent, left } = await budgetOf(bus, { instance, system, callsPerDay }, at);
        return { spentToday: spent, callsPerDay, left };
      };
      const [dynamics, campaign] = await Promise.all([read('dynamics'), read('campaign')]);
      const view: BudgetView = {
        day: dayOf(at),
        resumesAt: nextDay(at).toISOString(),
        dynamics,
        campaign,
      };
      return view;
    },
  };
}

async function limitsOf(stores: Stores, instance: InstanceId): Promise<InstanceSettings> {
  const { settings } = await instanceIn(stores, instance);
  const { state } = await stores.workflows.load(workflowStream({ instance, workflow: 'ingress' }));
  return activeRun(state.state.run)?.settings ?? settings;
}
