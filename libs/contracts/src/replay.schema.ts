import { z } from 'zod';
import { Filter } from './configuration.schema.ts';
import { TableName, Timestamp } from './ids.schema.ts';

const Count = z.int().nonnegative();

/** What the budget of one system has room for. */
const SystemForecast = z.object({
  /** Requests of this work at most. */
  calls: Count,
  /** Requests of replays of other tables that begin with the same start. */
  callsBeside: Count,
  /** As the run that does the work may spend it; null: no bound. */
  callsPerDay: z.int().nullable(),
  callsLeftToday: Count.nullable(),
  /** The day in UTC whose budget grants the last of these calls, if they begin today. */
  finishesOn: z.iso.date(),
});

/** Work against the day's budgets; changes that come meanwhile are written from the same budgets. */
export const BudgetForecast = z
  .object({
    dynamics: SystemForecast,
    campaign: SystemForecast,
    /** The later of the two days. */
    finishesOn: z.iso.date(),
    /** A sentence for people. */
    message: z.string(),
  })
  .meta({ id: 'BudgetForecast' });
export type BudgetForecast = z.infer<typeof BudgetForecast>;

/** `estimated`: by Dynamics' own statistics, up to a day old. */
export const RecordsAre = z.enum(['counted', 'estimated']);
export type RecordsAre = z.infer<typeof RecordsAre>;

/** What work will cost: records to look at, and requests that each system will be asked at most. */
export const Forecast = z
  .object({
    /** null: the system could not be asked. */
    records: z.int().nullable(),
    recordsAre: RecordsAre.nullable(),
    calls: z.object({ dynamics: z.int(), campaign: z.int() }).nullable(),
    budget: BudgetForecast.nullable(),
  })
  .meta({ id: 'Forecast' });
export type Forecast = z.infer<typeof Forecast>;

/** A table that is read in full again at the next start. */
export const ReplayView = z
  .object({
    table: TableName,
    requestedAt: Timestamp,
    by: z.string(),
    /** False: the table was mapped again and must be loaded, so nobody can take it back. */
    withdrawable: z.boolean(),
  })
  .meta({ id: 'Replay' });
export type ReplayView = z.infer<typeof ReplayView>;

/** The answer to a replay. `waits`: for the next start; false: it is under way. */
export const ReplayAnswer = Forecast.extend({
  table: TableName,
  waits: z.boolean(),
  requestedAt: Timestamp,
  by: z.string(),
}).meta({ id: 'ReplayAnswer' });
export type ReplayAnswer = z.infer<typeof ReplayAnswer>;

/** Which records of a table to write again now; `filter` as in a configuration. */
export const ReplaySelection = z
  .union([
    z.strictObject({ ids: z.array(z.guid().toLowerCase()).min(1).max(10_000) }),
    z.strictObject({ filter: Filter }),
    z.strictObject({ changedSince: z.iso.datetime({ offset: true }) }),
  ])
  .meta({ id: 'ReplaySelection' });
export type ReplaySelection = z.infer<typeof ReplaySelection>;

/** What an edit needs beyond a restart: old records keep their values until a replay. */
export const ReplayOffer = Forecast.extend({
  kind: z.literal('replay'),
  table: TableName,
  /** A sentence for people. */
  reason: z.string(),
}).meta({ id: 'ReplayOffer' });
export type ReplayOffer = z.infer<typeof ReplayOffer>;
