import { randomUUID } from 'node:crypto';
import type { ReplaySelection } from '@landbridge/contracts';
import {
  putSelection,
  queuedCount,
  requestReplays,
  type Bus,
  type TableAddress,
} from '@landbridge/messaging';
import type { AskedFor, CommandContext, ControlPlane, MappingKey } from '../control-plane.ts';
import { CommandRefused, GuardrailExceeded, NotFound } from '../errors.ts';
import type { RecordedEvent } from '@landbridge/event-log';
import {
  derivedId,
  eventIdOf,
  handleCommand,
  toldBefore,
  type Told,
} from '../projections/command-handler.ts';
import { instanceIn, type Stores } from '../projections/stores.ts';
import { workflowStream } from '../projections/stream-ids.ts';
import { decide, type WorkflowCommand } from './workflow.decider.ts';

/** Replays of ingress: of whole tables at the next start, and of chosen records now. */
export function createReplays(stores: Stores, bus: Bus): ControlPlane['replays'] {
  const keyOf = ({ instance }: MappingKey) => ({ instance, workflow: 'ingress' }) as const;

  /** Without a key of its own each request is another command. */
  const toldAs = (at: MappingKey, { type }: WorkflowCommand, context: CommandContext): Told => ({
    once: derivedId(context.idempotencyKey ?? randomUUID(), type, at.table),
    streamId: workflowStream(keyOf(at)),
  });

  const execute = (at: MappingKey, command: WorkflowCommand, context: CommandContext) =>
    handleCommand(stores.log, {
      ...toldAs(at, command, context),
      fold: stores.workflows,
      decide: ({ state }) => decide(command, state),
      context,
    });

  return {
    request: async (at, records, context) => {
      const { settings } = await instanceIn(stores, at.instance);
      const command = { type: 'RequestReplay', table: at.table, replayId: randomUUID() } as const;
      const before = await toldBefore(stores.log, toldAs(at, command, context));
      if (before !== null) return answerOf(before);
      const max = settings.guardrails.replayRecordsMax;
      mustBeBelow(max, `The table ${at.table}`, records);
      mustBeBelow(max, 'The backlog', await queuedCount(bus, keyOf(at)));
      const { state } = await execute(at, command, context);
      const waiting = state.replays.find(({ table }) => table === at.table);
      if (waiting === undefined) throw new NotFound(`replay of ${at.table} that waits for a start`);
      return waiting;
    },
    withdraw: async (at, context) => {
      await instanceIn(stores, at.instance);
      await execute(at, { type: 'WithdrawReplay', table: at.table }, context);
    },
    choose: async (at, selection, context) => {
      await instanceIn(stores, at.instance);
      const command = choiceOf(at, selection);
      const told = toldAs(at, command, context);
      const before = await toldBefore(stores.log, told);
      if (before !== null) return answerOf(before);
      const { state } = await stores.workflows.load(told.streamId);
      const decided = decide(command, state.state);
      // Asked for first and told afterwards: what was told must not be missing. What was asked for
      // is told whatever happened meanwhile, and a retry after a crash asks with the same ids.
      const requestId = eventIdOf(told);
      await ask(bus, { ...keyOf(at), table: at.table }, { selection, requestId });
      await handleCommand(stores.log, {
        ...told,
        fold: stores.workflows,
        decide: () => decided,
        context,
      });
      const recorded = await toldBefore(stores.log, told);
      if (recorded === null) throw new Error(`The choice ${requestId} was not recorded`);
      return answerOf(recorded);
    },
  };
}

/** As the log has it, so that a repeated request is answered as the first one was. */
const answerOf = ({ recordedAt, metadata }: RecordedEvent): AskedFor => ({
  requestedAt: recordedAt.toISOString(),
  by: metadata.actor.name,
});

function mustBeBelow(max: number, what: string, count: number): void {
  if (count < max) return;
  throw new GuardrailExceeded({ guardrail: 'replayRecordsMax', max, what, count });
}

function choiceOf({ table }: MappingKey, selection: ReplaySelection): WorkflowCommand {
  if ('ids' in selection) {
    const records = new Set(selection.ids).size;
    return { type: 'ReplayRecords', table, by: 'ids', records };
  }
  const by = 'filter' in selection ? 'filter' : 'changedSince';
  return { type: 'ReplayRecords', table, by, records: null };
}

/** Asking again with the same id is asking once. */
async function ask(
  bus: Bus,
  at: TableAddress,
  { selection, requestId }: { selection: ReplaySelection; requestId: string },
): Promise<void> {
  if ('ids' in selection) {
    return requestReplays(bus, at, [...new Set(selection.ids)], requestId);
  }
  const asked = {
    id: requestId,
    filter: 'filter' in selection ? selection.filter : null,
    changedSince: 'filter' in selection ? null : new Date(selection.changedSince).toISOString(),
  };
  if (await putSelection(bus, at, asked)) return;
  const reason = `An earlier choice of records of ${at.table} is still being read; wait until it is done.`;
  throw new CommandRefused('ReplayRecords', reason);
}
