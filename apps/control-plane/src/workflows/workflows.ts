import { randomUUID } from 'node:crypto';
import { RunId, type WorkflowName } from '@landbridge/contracts';
import { withSpan } from '@landbridge/telemetry';
import type {
  CommandContext,
  ControlPlane,
  KeyOf,
  SavedConfiguration,
  WorkflowKey,
} from '../control-plane.ts';
import { readThroughput } from '../figures/throughput.projection.ts';
import { derivedId, handleCommand } from '../projections/command-handler.ts';
import { instanceIn, keysOf, surroundingsOf, viewOf, type Stores } from '../projections/stores.ts';
import { workflowStream } from '../projections/stream-ids.ts';
import { readHistory } from './history.projection.ts';
import { readPendingEdit } from './pending-edit.ts';
import { readRuns } from './runs.projection.ts';
import { watchWorkflows } from './watch-workflows.ts';
import { configurationOf, INITIAL_CONFIGURATIONS } from './workflow-configuration.ts';
import type { WorkflowRecord } from './workflow-record.ts';
import { decide, type WorkflowCommand } from './workflow.decider.ts';

/** What people and programs may ask of workflows. */
export function createWorkflows(stores: Stores): ControlPlane['workflows'] {
  const { log } = stores;

  const execute = (key: WorkflowKey, command: WorkflowCommand, context: CommandContext) =>
    withSpan(
      `${command.type} ${key.workflow}`,
      {
        traceparent: context.traceparent,
        attributes: { 'landbridge.instance': key.instance, 'landbridge.workflow': key.workflow },
      },
      () =>
        handleCommand(log, {
          streamId: workflowStream(key),
          fold: stores.workflows,
          decide: ({ state }) => decide(command, state),
          context,
          once: onceOf(command, context),
        }),
    );

  const recordOf = async (key: WorkflowKey): Promise<WorkflowRecord> => {
    await instanceIn(stores, key.instance);
    return (await stores.workflows.load(workflowStream(key))).state;
  };

  return {
    list: (instance, asOf) => Promise.all(keysOf(instance).map((key) => viewOf(stores, key, asOf))),
    get: (key, asOf) => viewOf(stores, key, asOf),
    start: async (key, context) => {
      const instance = await instanceIn(stores, key.instance);
      const around = await surroundingsOf(stores, key, instance);
      const { settings } = instance;
      const runId = RunId.parse(randomUUID());
      const remember = context.idempotencyKey !== null;
      await execute(key, { type: 'Start', runId, around, settings, remember }, context);
      return viewOf(stores, key);
    },
    stop: async (key, context) => {
      await instanceIn(stores, key.instance);
      const remember = context.idempotencyKey !== null;
      await execute(key, { type: 'Stop', remember }, context);
      return viewOf(stores, key);
    },
    configuration: async (key) => toSaved(key, await recordOf(key)),
    saveConfiguration: async (key, configuration, expected, context) => {
      await instanceIn(stores, key.instance);
      const replayId = randomUUID();
      const command = { type: 'SaveConfiguration', configuration, expected, replayId } as const;
      return toSaved(key, (await execute(key, command, context)).state);
    },
    pending: async (key) => {
      const { settings } = await instanceIn(stores, key.instance);
      return readPendingEdit(await recordOf(key), settings);
    },
    runs: async (key, page) => {
      await instanceIn(stores, key.instance);
      return readRuns((await stores.runs.load(workflowStream(key))).state, page);
    },
    history: async (key, page) => {
      await instanceIn(stores, key.instance);
      return readHistory(log, key, page);
    },
    throughput: async (key, page) => {
      await instanceIn(stores, key.instance);
      return readThroughput(log, key, page);
    },
    watch: (after, signal) => watchWorkflows(stores, after, signal),
  };
}

/** The same key on the same action is the same command, whatever happened since. */
const onceOf = ({ type }: WorkflowCommand, { idempotencyKey }: CommandContext): string | null =>
  idempotencyKey === null ? null : derivedId(idempotencyKey, type);

/** An instance that is older than a workflow's configuration has none of it: it is as a new one. */
function toSaved<Workflow extends WorkflowName>(
  { workflow }: KeyOf<Workflow>,
  { state }: WorkflowRecord,
): SavedConfiguration<Workflow> {
  const configuration = state.configuration ?? INITIAL_CONFIGURATIONS[workflow];
  return { configuration: configurationOf(workflow, configuration), revision: state.revision };
}
