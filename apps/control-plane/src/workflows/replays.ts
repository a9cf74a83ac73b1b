import { CommandRefused, NotFound } from '../errors.ts';
import { tablesIn } from './decide-save.ts';
import { statusOf } from './run-state.ts';
import type { WorkflowConfiguration } from './workflow-configuration.ts';
import type { WorkflowCommand, WorkflowState } from './workflow.decider.ts';
import type { Replay, WorkflowEvent, WorkflowEventOf } from './workflow.events.ts';

/** A full read that was asked for; `cause`: by whom or what. */
export type AskedReplay = Replay & { cause: WorkflowEventOf<'ReplayRequested'>['cause'] };

/** Full reads that were asked for. */
export interface Replays {
  /** For the next start. */
  waiting: readonly AskedReplay[];
  /**
   * The last of each table that a run was given. It is given to every run: one that failed before
   * it had begun must not lose it, and ingress begins none twice.
   */
  given: readonly Replay[];
  /** Every table that was ever mapped and is not any more. */
  mappedBefore: readonly string[];
}

export const NO_REPLAYS: Replays = { waiting: [], given: [], mappedBefore: [] };

/** What a run that starts now is given, with the saved configuration. */
export function replaysForRun(
  { waiting, given }: Replays,
  configuration: WorkflowConfiguration | null,
): Replay[] {
  const tables = tablesIn(configuration);
  const asked = new Map(given.map(({ table, replayId }) => [table, replayId]));
  for (const { table, replayId } of waiting) asked.set(table, replayId);
  return [...asked]
    .filter(([table]) => tables.includes(table))
    .map(([table, replayId]) => ({ table, replayId }));
}

/** Asking again for what waits already is asking once. */
export function decideReplay(
  { table, replayId }: Extract<WorkflowCommand, { type: 'RequestReplay' }>,
  state: WorkflowState,
): WorkflowEvent[] {
  mustBeMapped(table, state.configuration);
  if (state.replays.waiting.some((replay) => replay.table === table)) return [];
  return [{ type: 'ReplayRequested', table, replayId, cause: 'person' }];
}

export function decideWithdrawal(table: string, state: WorkflowState): WorkflowEvent[] {
  const waiting = state.replays.waiting.find((replay) => replay.table === table);
  if (waiting === undefined) throw new NotFound(`replay of ${table} that waits for a start`);
  if (waiting.cause === 'remapped') {
    const reason = `${table} was mapped again and must be loaded in full; delete the mapping instead.`;
    throw new CommandRefused('WithdrawReplay', reason);
  }
  return [{ type: 'ReplayWithdrawn', table, replayId: waiting.replayId }];
}

/** Chosen records are written by the active run, with its configuration. */
export function decideRecordsReplay(
  { table, by, records }: Extract<WorkflowCommand, { type: 'ReplayRecords' }>,
  { run }: WorkflowState,
): WorkflowEvent[] {
  if (run === null || statusOf(run) !== 'RUNNING' || run.stopping) {
    const reason = 'Chosen records are written again by a running workflow, and it is not running.';
    throw new CommandRefused('ReplayRecords', reason);
  }
  mustBeMapped(table, run.configuration);
  return [{ type: 'RecordsReplayed', runId: run.runId, table, by, records }];
}

function mustBeMapped(table: string, configuration: WorkflowConfiguration | null): void {
  if (!tablesIn(configuration).includes(table)) throw new NotFound(`mapping of ${table}`);
}

/** The replays after a fact about them or about what is mapped. */
export function evolveReplays(
  replays: Replays,
  event: WorkflowEvent,
  before: WorkflowConfiguration | null,
): Replays {
  switch (event.type) {
    case 'ReplayRequested': {
      const { table, replayId, cause } = event;
      return {
        ...replays,
        waiting: [...others(replays.waiting, table), { table, replayId, cause }],
      };
    }
    case 'ReplayWithdrawn':
      return { ...replays, waiting: others(replays.waiting, event.table) };
    case 'StartRequested':
      return { ...replays, waiting: [], given: event.replays };
    case 'ConfigurationSaved': {
      const tables = tablesIn(event.configuration);
      const known = new Set([...replays.mappedBefore, ...tablesIn(before)]);
      return {
        ...replays,
        waiting: replays.waiting.filter(({ table }) => tables.includes(table)),
        mappedBefore: [...known].filter((table) => !tables.includes(table)),
      };
    }
    default:
      return replays;
  }
}

const others = (waiting: readonly AskedReplay[], table: string): AskedReplay[] =>
  waiting.filter((replay) => replay.table !== table);
