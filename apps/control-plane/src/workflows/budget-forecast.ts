import type { BudgetForecast, Forecast } from '@landbridge/contracts';

export type Calls = NonNullable<Forecast['calls']>;

/** What a day of one system may hold, and what today has left of it; null: no bound. */
export interface Day {
  callsPerDay: number | null;
  left: number | null;
}

/** Both systems' budgets, and the day in UTC that is today. */
export interface Budgets {
  today: string;
  dynamics: Day;
  campaign: Day;
}

const DAY_MS = 24 * 60 * 60_000;
const NAMES = { dynamics: 'Dynamics 365', campaign: 'Campaign' } as const;

/** Sets work against the budgets. `beside`: what begins with it and draws on the same budgets. */
export function againstBudgets(calls: Calls, beside: Calls, budgets: Budgets): BudgetForecast {
  const of = (system: 'dynamics' | 'campaign') => {
    const { callsPerDay, left: callsLeftToday } = budgets[system];
    const wanted = calls[system] + beside[system];
    const finishesOn = lastDay(wanted, budgets[system], budgets.today);
    return {
      calls: calls[system],
      callsBeside: beside[system],
      callsPerDay,
      callsLeftToday,
      finishesOn,
    };
  };
  const [dynamics, campaign] = [of('dynamics'), of('campaign')];
  const finishesOn = [dynamics.finishesOn, campaign.finishesOn].sort().at(-1) ?? budgets.today;
  const told = { dynamics, campaign, finishesOn };
  return { ...told, message: tell(told, budgets.today) };
}

/** The day whose budget grants the last of so many calls. */
function lastDay(wanted: number, { callsPerDay, left }: Day, today: string): string {
  if (callsPerDay === null || left === null || wanted <= left) return today;
  const daysLater = Math.ceil((wanted - left) / callsPerDay);
  return new Date(Date.parse(today) + daysLater * DAY_MS).toISOString().slice(0, today.length);
}

function tell(forecast: Omit<BudgetForecast, 'message'>, today: string): string {
  const { finishesOn } = forecast;
  const systems = (['dynamics', 'campaign'] as const).map((system) => ({
    name: NAMES[system],
    ...forecast[system],
  }));
  const bounded = systems.filter(({ callsPerDay }) => callsPerDay !== null);
  if (bounded.length === 0) return 'No budget bounds it.';
  const short = bounded.filter((system) => system.finishesOn !== today);
  const rooms = (short.length === 0 ? bounded : short).map(
    ({ name, callsLeftToday, calls, callsBeside }) =>
      `${name} has ${say(callsLeftToday ?? 0)} calls left for ${say(calls + callsBeside)}`,
  );
  const room = `Today ${rooms.join(', and ')}`;
  if (short.length === 0) return `${room}: it fits into what is left of today.`;
  return `${room}: if it begins today, the last is granted on ${finishesOn}, and changes wait with it.`;
}

const say = (count: number): string => count.toLocaleString('en');
