import { decideDeletes, type Bus } from '@landbridge/messaging';
import { readLogged } from '../projections/logged.ts';
import type { Stores } from '../projections/stores.ts';
import { STREAM_PREFIX, workflowKeyOf } from '../projections/stream-ids.ts';
import { WorkflowEvent } from '../workflows/workflow.events.ts';

const CHECKPOINT = 'held-deletes';

/**
 * Hands what people decided of waiting deletes to whoever reads the table, from the log and a
 * checkpoint of its own: what a crash kept from being handed over is handed over by whoever comes
 * next. Decisions are ordered by their position, so doing it twice is doing it once.
 */
export async function carryDecisionsToServices(
  { stores, bus }: { stores: Stores; bus: Bus },
  signal: AbortSignal,
): Promise<void> {
  const checkpoint = stores.log.checkpoint(CHECKPOINT);
  let position = await checkpoint.read();
  await stores.log.subscribe({
    after: position,
    signal,
    onBatch: async (events) => {
      for (const recorded of events) {
        if (recorded.type !== 'HeldDeletesDecided') continue;
        const key = workflowKeyOf(recorded.streamId, STREAM_PREFIX.workflow);
        const { event } = readLogged(WorkflowEvent, recorded);
        if (key === null || event.type !== 'HeldDeletesDecided') continue;
        const { table, decision: kind, upToSequence } = event;
        const decision = { position: String(recorded.position), kind, upToSequence };
        await decideDeletes(bus, { ...key, table }, decision);
      }
      const last = events.at(-1)?.position ?? position;
      await checkpoint.save(last, position);
      position = last;
    },
  });
}
