import { DuplicateEvent, type EventLog } from '@landbridge/event-log';
import type { CommandContext, WorkflowKey } from '../control-plane.ts';
import { NotFound } from '../errors.ts';
import { derivedId, metadataOf } from '../projections/command-handler.ts';
import { toStored } from '../projections/logged.ts';
import { instanceIn, type Stores } from '../projections/stores.ts';
import { untilProjected } from '../projections/until-projected.ts';
import { deadLettersProjection } from './dead-letters.projection.ts';
import type { Dealing } from './dead-letter.events.ts';
import { dealingsProjection } from './dealings.projection.ts';
import { findDeadLetter, type OpenDeadLetter } from './open-dead-letters.ts';

/** Who deals with it; `commandId`: the same each time that the command is told, null: it has no key. */
export interface Dealer {
  context: CommandContext;
  commandId: string | null;
}

/** The same however a letter is dealt with: only the first is recorded. */
export const dealtEventId = (streamId: string, deadLetterId: string): string =>
  derivedId(streamId, deadLetterId, 'dealt');

/** Its position in the log; null: the letter was dealt with before. */
export async function recordDealing(
  log: EventLog,
  { streamId, event }: { streamId: string; event: Dealing },
  { context, commandId }: Dealer,
): Promise<bigint | null> {
  const eventId = dealtEventId(streamId, event.deadLetterId);
  try {
    const stored = toStored(event, eventId, metadataOf(context, commandId));
    const { position } = await log.append(streamId, 'any', [stored]);
    return position;
  } catch (error) {
    if (error instanceof DuplicateEvent) return null;
    throw error;
  }
}

/** Waits until both the open letters and the history show what was done. */
export async function untilShown(log: EventLog, position: bigint | null): Promise<void> {
  await untilProjected(log, deadLettersProjection, position);
  await untilProjected(log, dealingsProjection, position);
}

/** Which letter of which record, as both dealings have it. */
export const letterOf = ({ id, table, key, superseded }: OpenDeadLetter) => ({
  deadLetterId: id,
  table,
  key,
  superseded,
});

/** The letter, or what was done about it. Throws  NotFound (there was never one of this id). */
export async function mustFind(stores: Stores, key: WorkflowKey, id: string) {
  await instanceIn(stores, key.instance);
  const found = await findDeadLetter(stores.log, key, id);
  if (found === null) throw new NotFound(`dead letter ${id}`);
  return found;
}
