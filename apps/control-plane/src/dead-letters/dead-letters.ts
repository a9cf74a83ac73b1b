import type { DeadLetterRetry } from '@landbridge/contracts';
import { DuplicateEvent } from '@landbridge/event-log';
import type { CommandContext, ControlPlane, WorkflowKey } from '../control-plane.ts';
import { CommandRefused, NotFound } from '../errors.ts';
import { derivedId, metadataOf } from '../projections/command-handler.ts';
import { toStored } from '../projections/logged.ts';
import { untilProjected } from '../projections/until-projected.ts';
import { instanceIn, type Stores } from '../projections/stores.ts';
import { deadLettersStream, workflowStream } from '../projections/stream-ids.ts';
import { waitsForStart } from '../workflows/run-state.ts';
import type { DeadLetterEvent } from './dead-letter.events.ts';
import { deadLettersProjection } from './dead-letters.projection.ts';
import {
  findDeadLetter,
  readDeadLetters,
  summarizeDeadLetters,
  type OpenDeadLetter,
} from './open-dead-letters.ts';

const PAGE = 500;

/** What people may ask of dead letters; how it is carried out is in `carry-out-deeds.ts`. */
export function createDeadLetters(stores: Stores): ControlPlane['deadLetters'] {
  const { log } = stores;

  /** Of a retry and a discarding of the same letter only the first is recorded. */
  const record = async (key: WorkflowKey, event: Dealing, context: CommandContext) => {
    const streamId = deadLettersStream(key);
    const eventId = dealtEventId(streamId, event.deadLetterId);
    try {
      const stored = toStored(event, eventId, metadataOf(context));
      const { position } = await log.append(streamId, 'any', [stored]);
      return position;
    } catch (error) {
      if (error instanceof DuplicateEvent) return null;
      throw error;
    }
  };

  const waits = async (key: WorkflowKey): Promise<boolean> => {
    const { state } = await stores.workflows.load(workflowStream(key));
    return waitsForStart(state.state.run);
  };

  const open = async (key: WorkflowKey, id: string) => {
    await instanceIn(stores, key.instance);
    const found = await findDeadLetter(log, key, id);
    if (found === null) throw new NotFound(`dead letter ${id}`);
    return found;
  };

  return {
    list: async (key, query) => {
      await instanceIn(stores, key.instance);
      return readDeadLetters(log, key, query);
    },
    summary: async (key) => {
      await instanceIn(stores, key.instance);
      return summarizeDeadLetters(log, key);
    },
    retry: async (key, id, context) => {
      const letter = await open(key, id);
      if (letter === 'discarded') throw new NotFound(`open dead letter ${id}`);
      if (letter === 'retried') return { retried: 0, waits: await waits(key) };
      if (!mayRetry(letter)) throw new CommandRefused('RetryDeadLetter', NOTHING_TO_READ);
      const position = await record(key, dealing('DeadLetterRetried', letter), context);
      await untilProjected(log, deadLettersProjection, position);
      return { retried: position === null ? 0 : 1, waits: await waits(key) };
    },
    retryAll: async (key, filter, context): Promise<DeadLetterRetry> => {
      await instanceIn(stores, key.instance);
      let retried = 0;
      let last: bigint | null = null;
      for (let cursor: string | null = null, more = true; more;) {
        const page = await readDeadLetters(log, key, { ...filter, cursor, limit: PAGE });
        for (const letter of page.items.filter(mayRetry)) {
          const position = await record(key, dealing('DeadLetterRetried', letter), context);
          if (position === null) continue;
          retried += 1;
          last = position;
        }
        cursor = page.next;
        more = page.next !== null;
      }
      await untilProjected(log, deadLettersProjection, last);
      return { retried, waits: await waits(key) };
    },
    discard: async (key, id, note, context) => {
      const letter = await open(key, id);
      if (letter === 'discarded') return;
      if (letter === 'retried') {
        throw new CommandRefused(
          'DiscardDeadLetter',
          'It was retried; if it is refused again, it comes back.',
        );
      }
      const event: Dealing = { ...dealing('DeadLetterDiscarded', letter), note };
      await untilProjected(log, deadLettersProjection, await record(key, event, context));
    },
  };
}

/** The same however a letter is dealt with: only the first is recorded. */
export const dealtEventId = (streamId: string, deadLetterId: string): string =>
  derivedId(streamId, deadLetterId, 'dealt');

type Dealing = Extract<DeadLetterEvent, { type: 'DeadLetterRetried' | 'DeadLetterDiscarded' }>;

const NOTHING_TO_READ =
  'Its message was unreadable, so there is no record to read again. Discard it with a note.';

const mayRetry = ({ reason }: OpenDeadLetter): boolean => reason.code !== 'unreadable';

const dealing = <Type extends Dealing['type']>(type: Type, letter: OpenDeadLetter) => ({
  type,
  deadLetterId: letter.id,
  table: letter.table,
  key: letter.key,
  superseded: letter.superseded,
});
