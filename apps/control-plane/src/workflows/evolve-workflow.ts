import type { ReplicaId, RunId } from '@landbridge/contracts';
import { evolveReplays } from './replays.ts';
import { type ConditionMark, replicasIn, type ReplicaState, type Run } from './run-state.ts';
import { INITIAL_CONFIGURATIONS } from './workflow-configuration.ts';
import { initialWorkflow, type WorkflowState } from './workflow.decider.ts';
import type { WorkflowEvent, WorkflowEventOf } from './workflow.events.ts';

/** What a workflow is after a fact. Accepts every fact that was ever recorded. */
export function evolve(before: WorkflowState, event: WorkflowEvent): WorkflowState {
  const replays = evolveReplays(before.replays, event, before.configuration);
  const state = { ...before, replays };
  switch (event.type) {
    case 'WorkflowBegunAnew':
      return { ...initialWorkflow(before.workflow), revision: before.revision };
    case 'ConfigurationSaved':
      return { ...state, revision: event.revision, configuration: event.configuration };
    case 'StartRequested':
      return { ...state, run: newRun(state, event) };
    case 'RunStarted':
      return withReplica(state, event, 'running');
    case 'StopRequested':
      return withRun(state, event, (run) => ({ ...run, stopping: true }));
    case 'ReplicaStopped':
      return withReplica(state, event, 'stopped');
    case 'RunStopped':
      return withRun(state, event, (run) => ({ ...run, ended: true }));
    case 'RunFailed':
      return withRun(withReplica(state, event, 'stopped'), event, (run) => ({
        ...run,
        failure: run.failure ?? event.failure,
      }));
    case 'HeartbeatLost':
      return event.replica === null
        ? withRun(state, event, (run) => ({ ...run, unheard: true }))
        : withReplica(state, { ...event, replica: event.replica }, 'lost');
    case 'HeartbeatReturned':
      return event.replica === null
        ? withRun(state, event, (run) => ({ ...run, unheard: false }))
        : withReplica(state, { ...event, replica: event.replica }, 'running');
    case 'ConditionRaised':
      return withCondition(state, event, { raised: true, message: event.message, at: event.at });
    case 'ConditionCleared':
      return withCondition(state, event, { raised: false, message: '', at: event.at });
    case 'CursorReset':
    case 'ReplayRequested':
    case 'ReplayWithdrawn':
    case 'RecordsReplayed':
    case 'RequestRepeated':
    case 'HeldDeletesDecided':
      return state;
    case 'ReadPhaseChanged': {
      const { table, phase } = event.progress;
      return withRun(state, event, (run) => ({
        ...run,
        phases: { ...run.phases, [table]: phase },
      }));
    }
  }
}

function newRun(state: WorkflowState, event: WorkflowEventOf<'StartRequested'>): Run {
  return {
    runId: event.runId,
    revision: event.revision,
    configuration: state.configuration ?? INITIAL_CONFIGURATIONS[state.workflow],
    settings: event.settings,
    replays: event.replays,
    replicas: {},
    unheard: false,
    failure: null,
    stopping: false,
    ended: false,
    conditions: {},
    phases: {},
  };
}

function withRun(
  state: WorkflowState,
  { runId }: { runId: RunId },
  change: (run: Run) => Run,
): WorkflowState {
  return state.run?.runId === runId ? { ...state, run: change(state.run) } : state;
}

function withReplica(
  state: WorkflowState,
  event: { runId: RunId; replica: ReplicaId },
  now: ReplicaState,
): WorkflowState {
  return withRun(state, event, (run) => {
    const after = { ...run, replicas: { ...run.replicas, [event.replica]: now } };
    return { ...after, unheard: now === 'lost' && replicasIn(after, 'running').length === 0 };
  });
}

function withCondition(
  state: WorkflowState,
  event: WorkflowEventOf<'ConditionRaised' | 'ConditionCleared'>,
  mark: { raised: boolean; message: string; at: string },
): WorkflowState {
  return withRun(state, event, (run) => ({
    ...run,
    conditions: {
      ...run.conditions,
      [event.condition]: {
        ...run.conditions[event.condition],
        [event.source]: {
          ...mark,
          since: sinceOf(run.conditions[event.condition]?.[event.source], mark),
        },
      },
    },
  }));
}

/** Another word on a condition that is raised already does not make it younger. */
function sinceOf(last: ConditionMark | undefined, mark: { raised: boolean; at: string }): string {
  return last?.raised === true && mark.raised ? (last.since ?? last.at) : mark.at;
}
