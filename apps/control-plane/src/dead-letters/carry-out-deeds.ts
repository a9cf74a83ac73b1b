import type { RecordedEvent } from '@landbridge/event-log';
import { deleteDeadLetter, forgetInstance, requestRetry, type Bus } from '@landbridge/messaging';
import { readLogged } from '../projections/logged.ts';
import type { Stores } from '../projections/stores.ts';
import { instanceOf, STREAM_PREFIX, workflowKeyOf } from '../projections/stream-ids.ts';
import { DeadLetterEvent } from './dead-letter.events.ts';

const CHECKPOINT = 'dead-letter-deeds';

/**
 * Does in NATS what people decided about dead letters and instances, from the log and a checkpoint of its own: what
 * a crash kept from being done is done by whoever comes next. Doing it twice is doing it once.
 */
export async function carryOutDeeds(
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
        await carryOut(recorded, bus);
        if (recorded.type === 'InstanceRemoved') await forget(recorded, { stores, bus });
      }
      const last = events.at(-1)?.position ?? position;
      await checkpoint.save(last, position);
      position = last;
    },
  });
}

/** Again, in case that it was removed just when this could not be done; not if it is there anew. */
async function forget(
  { streamId }: RecordedEvent,
  { stores, bus }: { stores: Stores; bus: Bus },
): Promise<void> {
  const instance = instanceOf(streamId);
  if (instance === null) return;
  const { state } = await stores.instances.load(streamId);
  if (state.body === null) await forgetInstance(bus, instance);
}

async function carryOut(recorded: RecordedEvent, bus: Bus): Promise<void> {
  const at = workflowKeyOf(recorded.streamId, STREAM_PREFIX.deadLetters);
  if (at === null) return;
  const { event } = readLogged(DeadLetterEvent, recorded);
  if (event.type === 'DeadLetterStored' || event.type === 'RetryAllAnswered') return;
  const { deadLetterId, table, key, superseded } = event;
  if (event.type === 'DeadLetterRetried') {
    // The letter itself goes once the record is queued again.
    await requestRetry(bus, { ...at, table }, { key, deadLetterId }, recorded.eventId);
  } else await deleteDeadLetter(bus, at, deadLetterId);
  for (const id of superseded) await deleteDeadLetter(bus, at, id);
}
