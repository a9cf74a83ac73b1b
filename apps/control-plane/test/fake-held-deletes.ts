import { InstanceId, RunId, type HeldDeletesView, type OptinDecision } from '@landbridge/contracts';
import type { CommandContext, ControlPlane } from '../src/control-plane.ts';
import { CommandRefused, NotFound } from '../src/errors.ts';

/** An opt-out in Campaign that was newer than what Dynamics 365 said. */
export const DECISION: OptinDecision = {
  decidedAt: '2026-11-24T16:00:00.000Z',
  instance: InstanceId.parse('demo'),
  runId: RunId.parse('00000000-0000-4000-8000-000000000001'),
  contactId: '11111111-1111-4111-8111-111111111111',
  attribute: 'denyListEmail',
  column: 'donotbulkemail',
  direction: 'bidirectional',
  dynamics: {
    value: false,
    modifiedOn: '2026-11-24T14:00:00.000Z',
    comparedAs: '2026-11-24T14:00:00.000Z',
  },
  campaign: { value: true, changedAt: '2026-11-24T15:00:00.000Z' },
  toleratedSkewSeconds: 300,
  rule: 'campaignNewer',
  winner: 'campaign',
  value: true,
  written: 'dynamics',
};

/** Twelve deletes of `contact` wait, until they are decided of. */
export function fakeHeldDeletes(
  known: (instance: InstanceId) => void,
  note: (context: CommandContext) => void,
): Pick<ControlPlane, 'heldDeletes' | 'budget' | 'decisions'> {
  let view: HeldDeletesView = {
    table: 'contact',
    count: 12,
    since: '2026-11-24T16:00:00.000Z',
    sample: [{ key: 'c1', cause: 'deleted', since: '2026-11-24T16:00:00.000Z' }],
    decision: null,
  };
  const get = async ({ instance, table }: { instance: InstanceId; table: string }) => {
    known(instance);
    if (table !== 'contact') throw new NotFound(`mapping of ${table}`);
    return view;
  };
  const system = { spentToday: 40, callsPerDay: 100, left: 60 };
  return {
    heldDeletes: {
      get,
      decide: async (at, { decision }, context) => {
        await get(at);
        note(context);
        if (view.count === 0) throw new CommandRefused('DecideHeldDeletes', 'No delete waits.');
        view = { ...view, count: 0, since: null, sample: [], decision };
        return view;
      },
    },
    decisions: {
      list: async (instance, { contactId, attribute }) => {
        known(instance);
        const items = [{ ...DECISION, contactId }].filter(
          (decision) => attribute === undefined || decision.attribute === attribute,
        );
        return { items, next: null };
      },
    },
    budget: {
      get: async (instance) => {
        known(instance);
        const resumesAt = '2026-11-25T00:00:00.000Z';
        const campaign = { spentToday: 7, callsPerDay: null, left: null };
        return { day: '2026-11-24', resumesAt, dynamics: system, campaign };
      },
    },
  };
}
