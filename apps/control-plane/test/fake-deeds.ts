import type { DeadLetterView, InstanceId, ReplayView } from '@landbridge/contracts';
import type { CommandContext, ControlPlane } from '../src/control-plane.ts';
import { GuardrailExceeded, NotFound } from '../src/errors.ts';

type Known = (instance: InstanceId) => unknown;
type Note = (context: CommandContext) => void;

const AT = '2026-11-24T16:00:00.000Z';

/** Replays in memory, past 1,000 records too large. */
export function fakeReplays(known: Known, note: Note, asked: unknown[]): ControlPlane['replays'] {
  const waiting = new Map<string, ReplayView>();
  return {
    request: async ({ instance, table }, records, context) => {
      known(instance);
      note(context);
      const [guardrail, max] = ['replayRecordsMax', 1_000] as const;
      if (records >= max) {
        throw new GuardrailExceeded({ guardrail, max, what: `The table ${table}`, count: records });
      }
      const { name: by } = context.actor;
      const replay = waiting.get(table) ?? { table, requestedAt: AT, by, withdrawable: true };
      waiting.set(table, replay);
      return replay;
    },
    withdraw: async ({ instance, table }) => {
      known(instance);
      if (!waiting.delete(table)) throw new NotFound(`replay of ${table} that waits for a start`);
    },
    choose: async ({ instance, table }, selection, context) => {
      known(instance);
      note(context);
      asked.push({ table, selection });
      return { requestedAt: AT, by: context.actor.name };
    },
  };
}

export const LETTER: DeadLetterView = {
  id: '7-1',
  table: 'contact',
  key: '60c4e274-0000-4000-8000-000000000001',
  reason: { code: 'valueTooLong', message: 'firstName takes 30 characters' },
  attempts: 2,
  since: AT,
};

/** One dead letter in memory. */
export function fakeDeadLetters(
  known: Known,
  note: Note,
  asked: unknown[],
): ControlPlane['deadLetters'] {
  let open = [LETTER];
  const of = (id: string) => {
    if (id !== LETTER.id) throw new NotFound(`dead letter ${id}`);
    return open.length;
  };
  return {
    list: async ({ instance }, { cursor, limit, ...filter }) => {
      known(instance);
      asked.push({ cursor, limit, ...filter });
      return { items: open, next: null };
    },
    summary: async ({ instance }) => {
      known(instance);
      const { table, reason, since: oldest } = LETTER;
      const group = { table, code: reason.code, count: open.length, oldest };
      return { total: open.length, groups: open.length === 0 ? [] : [group] };
    },
    retry: async (_key, id, context) => {
      note(context);
      const retried = of(id);
      open = [];
      return { retried, waits: true };
    },
    retryAll: async (_key, filter, context) => {
      note(context);
      asked.push({ retryAll: filter });
      const retried = open.length;
      open = [];
      return { retried, waits: false };
    },
    discard: async (_key, id, text, context) => {
      note(context);
      of(id);
      asked.push({ discarded: id, note: text });
      open = [];
    },
  };
}
