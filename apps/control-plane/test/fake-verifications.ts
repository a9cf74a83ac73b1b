import type { InstanceId } from '@landbridge/contracts';
import type { CommandContext, ControlPlane, MappingKey } from '../src/control-plane.ts';
import { NotFound } from '../src/errors.ts';
import {
  decideVerification,
  foldVerifications,
  type VerificationCommand,
  type Verifications,
} from '../src/verifications/verification.decider.ts';

const ID = '0190f6a5-0000-4000-8000-000000000009';

/** Verifications in memory, by the real rules, of one instance; nobody executes them. */
export function fakeVerifications(
  known: (instance: InstanceId) => unknown,
  note: (context: CommandContext) => void,
): ControlPlane['verifications'] {
  let state: Verifications = {};
  const newest = ({ table }: MappingKey) => {
    const view = state[table];
    if (view === undefined) throw new NotFound(`verification of ${table}`);
    return view;
  };
  const execute = (at: MappingKey, command: VerificationCommand, context: CommandContext) => {
    known(at.instance);
    note(context);
    for (const event of decideVerification(command, state)) {
      const logged = { event, position: 1n, at: new Date(), by: context.actor.name };
      state = foldVerifications(state, { ...logged, traceparent: null });
    }
    return newest(at);
  };
  return {
    request: async (at, { rate, repair }, forecast, context) => {
      const { table } = at;
      const request = { verificationId: ID, table, rate, repair, forecast };
      return execute(at, { type: 'Request', ...request }, context);
    },
    newest: async (at) => {
      known(at.instance);
      return newest(at);
    },
    cancel: async (at, context) => execute(at, { type: 'Cancel', table: at.table }, context),
    repair: async (at, context) => execute(at, { type: 'Repair', table: at.table }, context),
  };
}
