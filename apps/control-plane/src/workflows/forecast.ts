import type { Forecast, InstanceId, ReplayOffer } from '@landbridge/contracts';
import type { ControlPlane, MappingKey } from '../control-plane.ts';
import { systemRefusalOf } from '../metadata/system-refusal.ts';
import type { Systems } from '../metadata/systems.ts';
import type { TableCount } from '../metadata/table-count.ts';
import { HttpProblem } from '../problems.ts';
import { againstBudgets, type Budgets, type Calls } from './budget-forecast.ts';

/** Rows that Dataverse gives in one answer. */
const PAGE_ROWS = 5_000;
/** Ids that ingress asks after in one request when it looks for deletions. */
const SWEEP_IDS = 500;

/** What forecasts are made from. */
export interface Forecasting {
  controlPlane: Pick<ControlPlane, 'budget' | 'settings' | 'workflows'>;
  systems: Pick<Systems, 'dynamicsCount' | 'campaignResource' | 'campaignAddressing'>;
}

/** What a write of one record costs at most: it is looked up first where only a filter finds it. */
const CALLS_OF_WRITE = { byUri: 1, byFilter: 2 } as const;
type CallsOfWrite = (typeof CALLS_OF_WRITE)[keyof typeof CALLS_OF_WRITE];

/** What a full read of so many records costs at most: a write of each, and a look for deletions. */
export function callsOfReplay(records: number, callsOfWrite: CallsOfWrite): Calls {
  const pages = Math.max(1, Math.ceil(records / PAGE_ROWS));
  const sweep = Math.ceil(records / SWEEP_IDS);
  // The count, the pages, what changed meanwhile, and the sweep.
  return { dynamics: 1 + pages + 1 + sweep, campaign: records * callsOfWrite };
}

/** What chosen records cost at most; `records`: as many as there are to choose from. */
export function callsOfChoice(
  records: number,
  by: 'ids' | 'pages',
  callsOfWrite: CallsOfWrite,
): Calls {
  const perCall = by === 'ids' ? SWEEP_IDS : PAGE_ROWS;
  return { dynamics: Math.max(1, Math.ceil(records / perCall)), campaign: records * callsOfWrite };
}

const NO_CALLS: Calls = { dynamics: 0, campaign: 0 };

/** A replay at the next start, which shares the budget with those of other tables that wait for it. */
export async function forecastReplay(
  { instance, table }: MappingKey,
  { records, recordsAre }: TableCount,
  forecasting: Forecasting,
): Promise<Forecast> {
  const [budgets, beside, callsOfWrite] = await Promise.all([
    budgetsOf(instance, 'nextRun', forecasting),
    callsBeside({ instance, table }, forecasting),
    callsOfOneWrite({ instance, table }, forecasting),
  ]);
  const calls = callsOfReplay(records, callsOfWrite);
  return { records, recordsAre, calls, budget: againstBudgets(calls, beside, budgets) };
}

/** Chosen records, by the run that is on. */
export async function forecastChoice(
  { instance, table }: MappingKey,
  { records, recordsAre }: TableCount,
  by: 'ids' | 'pages',
  forecasting: Forecasting,
): Promise<Forecast> {
  const [budgets, callsOfWrite] = await Promise.all([
    budgetsOf(instance, 'activeRun', forecasting),
    callsOfOneWrite({ instance, table }, forecasting),
  ]);
  const calls = callsOfChoice(records, by, callsOfWrite);
  return { records, recordsAre, calls, budget: againstBudgets(calls, NO_CALLS, budgets) };
}

/** Puts a price on each offer; one of a system that cannot be asked stays without. */
export async function forecastReplays(
  offers: readonly ReplayOffer[],
  instance: InstanceId,
  forecasting: Forecasting,
): Promise<ReplayOffer[]> {
  return Promise.all(
    offers.map(async (offer) => {
      const { table } = offer;
      const count = await countIfTold(table, instance, forecasting.systems);
      if ('why' in count) return offer;
      return { ...offer, ...(await forecastReplay({ instance, table }, count, forecasting)) };
    }),
  );
}

/** The next run takes what is saved; what today has spent stays spent. */
async function budgetsOf(
  instance: InstanceId,
  run: 'nextRun' | 'activeRun',
  { controlPlane }: Forecasting,
): Promise<Budgets> {
  const { day: today, dynamics, campaign } = await controlPlane.budget.get(instance);
  if (run === 'activeRun') return { today, dynamics, campaign };
  const { limits } = (await controlPlane.settings.get(instance)).settings;
  const saved = (spentToday: number, { callsPerDay }: { callsPerDay: number | null }) => ({
    callsPerDay,
    left: callsPerDay === null ? null : Math.max(0, callsPerDay - spentToday),
  });
  return {
    today,
    dynamics: saved(dynamics.spentToday, limits.dynamics),
    campaign: saved(campaign.spentToday, limits.campaign),
  };
}

/** Of the replays of other tables that wait; those of a table that cannot be counted are left out. */
async function callsBeside(
  { instance, table }: MappingKey,
  { controlPlane, systems }: Forecasting,
): Promise<Calls> {
  const { replays } = await controlPlane.workflows.get({ instance, workflow: 'ingress' });
  const others = replays.filter((replay) => replay.table !== table);
  const replayed = await Promise.all(
    others.map(async ({ table: other }) => {
      const count = await countIfTold(other, instance, systems);
      if ('why' in count) return NO_CALLS;
      const at = { instance, table: other };
      return callsOfReplay(count.records, await callsOfOneWrite(at, { controlPlane, systems }));
    }),
  );
  return replayed.reduce((sum, calls) => addUp(sum, calls), NO_CALLS);
}

/** Of a table's records; the more expensive where Campaign cannot be asked now. */
async function callsOfOneWrite(
  { instance, table }: MappingKey,
  { controlPlane, systems }: Forecasting,
): Promise<CallsOfWrite> {
  const saved = await controlPlane.workflows.configuration({ instance, workflow: 'ingress' });
  const mapping = saved.configuration.mappings.find(({ dynamicsTable }) => dynamicsTable === table);
  if (mapping === undefined) return CALLS_OF_WRITE.byUri;
  try {
    const request = { instance, fresh: false };
    const metadata = await systems.campaignResource(mapping.campaignResource, request);
    const addressing = await systems.campaignAddressing(metadata, mapping.key.campaign, instance);
    return addressing === 'uriKey' ? CALLS_OF_WRITE.byUri : CALLS_OF_WRITE.byFilter;
  } catch (error) {
    if (error instanceof HttpProblem || systemRefusalOf(error) !== null) {
      return CALLS_OF_WRITE.byFilter;
    }
    throw error;
  }
}

const addUp = (one: Calls, other: Calls): Calls => ({
  dynamics: one.dynamics + other.dynamics,
  campaign: one.campaign + other.campaign,
});

/** How many records a table held within the last minute, or why Dynamics cannot be asked now. */
export async function countIfTold(
  table: string,
  instance: InstanceId,
  systems: Pick<Systems, 'dynamicsCount'>,
): Promise<TableCount | { why: string }> {
  try {
    return await systems.dynamicsCount(table, { instance, fresh: false });
  } catch (error) {
    if (error instanceof HttpProblem) return { why: error.refusal.detail };
    const refusal = systemRefusalOf(error);
    if (refusal === null) throw error;
    return { why: refusal.detail };
  }
}
