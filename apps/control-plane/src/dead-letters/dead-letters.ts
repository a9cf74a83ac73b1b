import type { ControlPlane } from '../control-plane.ts';
import { CommandRefused } from '../errors.ts';
import { instanceIn, type Stores } from '../projections/stores.ts';
import { deadLettersStream } from '../projections/stream-ids.ts';
import { letterOf, mustFind, recordDealing, untilShown } from './dealings.ts';
import { readDeadLetters, summarizeDeadLetters } from './open-dead-letters.ts';
import { createRetries } from './retries.ts';

/** What people may ask of dead letters; how it is carried out is in `carry-out-deeds.ts`. */
export function createDeadLetters(stores: Stores): ControlPlane['deadLetters'] {
  const { log } = stores;
  return {
    list: async (key, query) => {
      await instanceIn(stores, key.instance);
      return readDeadLetters(log, key, query);
    },
    summary: async (key) => {
      await instanceIn(stores, key.instance);
      return summarizeDeadLetters(log, key);
    },
    ...createRetries(stores),
    discard: async (key, id, note, context) => {
      const letter = await mustFind(stores, key, id);
      if (letter === 'discarded') return;
      if (letter === 'retried') {
        throw new CommandRefused(
          'DiscardDeadLetter',
          'It was retried; if it is refused again, it comes back.',
        );
      }
      const event = { type: 'DeadLetterDiscarded', ...letterOf(letter), note } as const;
      const dealt = { streamId: deadLettersStream(key), event };
      const position = await recordDealing(log, dealt, { context, commandId: null });
      await untilShown(log, position);
    },
  };
}
