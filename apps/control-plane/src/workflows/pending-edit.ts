import type { InstanceSettings, PendingEdit } from '@landbridge/contracts';
import { changesBetween } from './configuration-changes.ts';
import { replayReasons } from './replay-reasons.ts';
import { activeRun } from './run-state.ts';
import { ingressOf, isSameConfiguration } from './workflow-configuration.ts';
import type { WorkflowState } from './workflow.decider.ts';
import type { WorkflowRecord } from './workflow-record.ts';
import { isSameContent } from './same-content.ts';
import { settingsChanges } from './settings-changes.ts';

/**
 * Whether a run is on that was started with another configuration, with other settings or without
 * a replay that was asked for since.
 */
export function pendingEditIn(state: WorkflowState, settings: InstanceSettings): boolean {
  const run = activeRun(state.run);
  if (run === null) return false;
  return (
    state.replays.waiting.length > 0 ||
    !isSameConfiguration(run.configuration, state.configuration) ||
    !isSameContent(run.settings, settings)
  );
}

/**
 * The edit that waits for a stop and a start, as a readable list of changes. What its replays would
 * cost is not in the log: `offers` are without figures here.
 */
export function readPendingEdit(record: WorkflowRecord, settings: InstanceSettings): PendingEdit {
  const { state, savedAt, savedBy, replays } = record;
  const run = activeRun(state.run);
  const pending = pendingEditIn(state, settings);
  return {
    pending,
    revision: state.revision,
    activeRevision: run?.revision ?? null,
    savedAt: savedAt?.toISOString() ?? null,
    savedBy,
    changes:
      pending && run !== null && state.configuration !== null
        ? [
            ...changesBetween(run.configuration, state.configuration),
            ...settingsChanges(run.settings, settings),
          ]
        : [],
    replays: [...replays],
    offers: offersIn(state),
  };
}

/** What an offer costs is found out by whoever shows it. */
const UNPRICED = { records: null, recordsAre: null, calls: null, budget: null } as const;

/** Also of a run that has ended: what it wrote is what old records have. */
function offersIn({ run, configuration, replays }: WorkflowState): PendingEdit['offers'] {
  const [before, after] = [ingressOf(run?.configuration ?? null), ingressOf(configuration)];
  if (before === null || after === null) return [];
  const waits = (table: string) => replays.waiting.some((replay) => replay.table === table);
  return replayReasons(before, after)
    .filter(({ table }) => !waits(table))
    .map((reason) => ({ kind: 'replay', ...reason, ...UNPRICED }));
}
