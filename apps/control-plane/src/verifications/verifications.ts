import { randomUUID } from 'node:crypto';
import type {
  TableName,
  VerificationBody,
  VerificationForecast,
  VerificationView,
} from '@landbridge/contracts';
import {
  cancelVerification,
  requestVerification,
  type Bus,
  type VerificationRequest,
} from '@landbridge/messaging';
import type { CommandContext, ControlPlane, WorkflowKey } from '../control-plane.ts';
import { NotFound } from '../errors.ts';
import { handleCommand } from '../projections/command-handler.ts';
import { instanceIn, type Stores } from '../projections/stores.ts';
import { verificationsStream } from '../projections/stream-ids.ts';
import { decideVerification, type VerificationCommand } from './verification.decider.ts';

/** Verifications as people ask for them; ingress executes them. */
export function createVerifications(stores: Stores, bus: Bus): ControlPlane['verifications'] {
  const keyOf = (instance: WorkflowKey['instance']): WorkflowKey => ({
    instance,
    workflow: 'ingress',
  });

  const execute = async (
    instance: WorkflowKey['instance'],
    command: VerificationCommand & { table: TableName },
    context: CommandContext,
  ): Promise<VerificationView> => {
    await instanceIn(stores, instance);
    const { state } = await handleCommand(stores.log, {
      streamId: verificationsStream(keyOf(instance)),
      fold: stores.verifications,
      decide: (verifications) => decideVerification(command, verifications),
      context,
      once: null,
    });
    const view = state[command.table];
    if (view === undefined) throw new NotFound(`verification of ${command.table}`);
    return view;
  };

  const hand =
    (instance: WorkflowKey['instance'], kind: VerificationRequest['kind']) =>
    async ({ verificationId, table, rate, repair }: VerificationView): Promise<void> => {
      const at = { ...keyOf(instance), table };
      const request = { schemaVersion: 1, kind, verificationId, table, rate, repair } as const;
      await requestVerification(bus, at, request);
    };

  return {
    request: async (
      { instance, table },
      { rate, repair }: VerificationBody,
      forecast: VerificationForecast,
      context,
    ) => {
      const verificationId = randomUUID();
      const command = { type: 'Request', verificationId, table, rate, repair, forecast } as const;
      const view = await execute(instance, command, context);
      await hand(instance, 'compare')(view);
      return view;
    },
    newest: async ({ instance, table }) => {
      await instanceIn(stores, instance);
      const { state } = await stores.verifications.load(verificationsStream(keyOf(instance)));
      const view = state[table];
      if (view === undefined) throw new NotFound(`verification of ${table}`);
      return view;
    },
    cancel: async ({ instance, table }, context) => {
      const view = await execute(instance, { type: 'Cancel', table }, context);
      await cancelVerification(bus, { ...keyOf(instance), table }, view.verificationId);
      return view;
    },
    repair: async ({ instance, table }, context) => {
      const view = await execute(instance, { type: 'Repair', table }, context);
      await hand(instance, 'repair')(view);
      return view;
    },
  };
}
