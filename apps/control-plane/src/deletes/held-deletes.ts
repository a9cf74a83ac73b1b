import type { HeldDeletesView } from '@landbridge/contracts';
import {
  countDeletes,
  lastDeleteSequence,
  listDeletes,
  readDeletes,
  type Bus,
} from '@landbridge/messaging';
import type { ControlPlane, MappingKey } from '../control-plane.ts';
import { NotFound } from '../errors.ts';
import { derivedId, handleCommand } from '../projections/command-handler.ts';
import { instanceIn, type Stores } from '../projections/stores.ts';
import { workflowStream } from '../projections/stream-ids.ts';
import { decide } from '../workflows/workflow.decider.ts';
import { tablesIn } from '../workflows/decide-save.ts';

const SAMPLE_MAX = 20;

/** The deletes that wait lie in NATS; what people decide of them lies in the log. */
export function createHeldDeletes(stores: Stores, bus: Bus): ControlPlane['heldDeletes'] {
  const view = async ({ instance, table }: MappingKey): Promise<HeldDeletesView> => {
    const at = { workflow: 'ingress', instance, table } as const;
    await instanceIn(stores, instance);
    const [count, ledger, first, { state: record }] = await Promise.all([
      countDeletes(bus, at, 'held'),
      readDeletes(bus, at),
      listDeletes(bus, at, 'held', SAMPLE_MAX),
      stores.workflows.load(workflowStream(at)),
    ]);
    const { configuration, run } = record.state;
    const tables = [...tablesIn(configuration), ...tablesIn(run?.configuration ?? null)];
    const isMapped = tables.includes(table);
    if (count === 0 && !isMapped) throw new NotFound(`mapping of ${table}`);
    return {
      table,
      count,
      since: count === 0 ? null : ledger.heldSince,
      sample: first.map(({ key, cause, heldAt: since }) => ({ key, cause, since })),
      decision: ledger.decision?.kind ?? null,
    };
  };
  return {
    get: view,
    decide: async (mapping, { decision, note }, context) => {
      const { instance, table } = mapping;
      // In this order: what comes to wait between the two still waits afterwards.
      const upToSequence = await lastDeleteSequence(bus);
      const { count } = await view(mapping);
      const { idempotencyKey } = context;
      await handleCommand(stores.log, {
        streamId: workflowStream({ workflow: 'ingress', instance }),
        fold: stores.workflows,
        decide: ({ state }) =>
          decide(
            { type: 'DecideHeldDeletes', table, decision, count, upToSequence, note: note ?? null },
            state,
          ),
        context,
        once: idempotencyKey === null ? null : derivedId(idempotencyKey, decision, table),
      });
      return view(mapping);
    },
  };
}
