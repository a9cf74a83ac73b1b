import { DuplicateEvent } from '@landbridge/event-log';
import type {
  CommandContext,
  ControlPlane,
  DeadLetterFilter,
  WorkflowKey,
} from '../control-plane.ts';
import { CommandRefused, NotFound } from '../errors.ts';
import {
  derivedId,
  eventIdOf,
  metadataOf,
  toldBefore,
  type Told,
} from '../projections/command-handler.ts';
import { readLogged, toStored } from '../projections/logged.ts';
import { instanceIn, type Stores } from '../projections/stores.ts';
import { deadLettersStream, workflowStream } from '../projections/stream-ids.ts';
import { tablesIn } from '../workflows/decide-save.ts';
import { activeRun, waitsForStart } from '../workflows/run-state.ts';
import { countRetriedBy } from './count-retried-by.ts';
import { DeadLetterEvent } from './dead-letter.events.ts';
import {
  dealtEventId,
  letterOf,
  mustFind,
  recordDealing,
  untilShown,
  type Dealer,
} from './dealings.ts';
import { readDeadLetters, type OpenDeadLetter } from './open-dead-letters.ts';

const PAGE = 500;

/** Letters that people have read again; a repeated key answers what the first did. */
export function createRetries(
  stores: Stores,
): Pick<ControlPlane['deadLetters'], 'retry' | 'retryAll'> {
  const { log } = stores;

  const answer = async (key: WorkflowKey, retried: number) => {
    const { state } = await stores.workflows.load(workflowStream(key));
    return { retried, waits: waitsForStart(state.state.run) };
  };

  /** 1 where it is this very command that had the letter retried. */
  const retriedBefore = async (eventId: string, { commandId }: Dealer): Promise<number> => {
    if (commandId === null) return 0;
    const retried = await log.findEvent(eventId);
    return retried?.metadata.causationId === commandId ? 1 : 0;
  };

  return {
    retry: async (key, id, context) => {
      const streamId = deadLettersStream(key);
      const dealer = { context, commandId: commandIdOf(context, streamId, 'Retry', id) };
      const letter = await mustFind(stores, key, id);
      if (letter === 'discarded') throw new NotFound(`open dead letter ${id}`);
      const eventId = dealtEventId(streamId, id);
      if (letter === 'retried') return answer(key, await retriedBefore(eventId, dealer));
      if (!mayRetry(letter)) throw new CommandRefused('RetryDeadLetter', NOTHING_TO_READ);
      if (!(await readsAgain(stores, key))(letter)) {
        throw new CommandRefused('RetryDeadLetter', notMapped(letter));
      }
      const event = { type: 'DeadLetterRetried', ...letterOf(letter) } as const;
      const position = await recordDealing(log, { streamId, event }, dealer);
      await untilShown(log, position);
      return answer(key, position === null ? await retriedBefore(eventId, dealer) : 1);
    },
    retryAll: async (key, filter, context) => {
      await instanceIn(stores, key.instance);
      const streamId = deadLettersStream(key);
      const commandId = commandIdOf(context, streamId, 'RetryAll');
      if (commandId === null) {
        return answer(key, await retryEach(stores, { key, filter }, { context, commandId }));
      }
      const told = { once: commandId, streamId };
      const before = await answeredBefore(stores, told);
      if (before !== null) return answer(key, before);
      await retryEach(stores, { key, filter }, { context, commandId });
      return answer(key, await keepAnswer(stores, told, context));
    },
  };
}

/** null: without a key each request is another command. */
const commandIdOf = ({ idempotencyKey }: CommandContext, ...words: string[]): string | null =>
  idempotencyKey === null ? null : derivedId(idempotencyKey, ...words);

/** How many of the chosen letters were retried by this call. */
async function retryEach(
  stores: Stores,
  { key, filter }: { key: WorkflowKey; filter: DeadLetterFilter },
  dealer: Dealer,
): Promise<number> {
  const { log } = stores;
  const streamId = deadLettersStream(key);
  const isReadAgain = await readsAgain(stores, key);
  let retried = 0;
  let last: bigint | null = null;
  for (let cursor: string | null = null, more = true; more;) {
    const page = await readDeadLetters(log, key, { ...filter, cursor, limit: PAGE });
    for (const letter of page.items.filter(mayRetry).filter(isReadAgain)) {
      const event = { type: 'DeadLetterRetried', ...letterOf(letter) } as const;
      const position = await recordDealing(log, { streamId, event }, dealer);
      if (position === null) continue;
      retried += 1;
      last = position;
    }
    cursor = page.next;
    more = page.next !== null;
  }
  await untilShown(log, last);
  return retried;
}

/** Which letters a run can read again: of ingress those of a table that this run or the next maps. */
async function readsAgain(
  stores: Stores,
  key: WorkflowKey,
): Promise<(letter: OpenDeadLetter) => boolean> {
  if (key.workflow !== 'ingress') return () => true;
  const { state } = (await stores.workflows.load(workflowStream(key))).state;
  const running = activeRun(state.run)?.configuration ?? null;
  const tables = new Set([...tablesIn(state.configuration), ...tablesIn(running)]);
  return ({ table }) => tables.has(table);
}

/** How many letters the command came to; null: it was not told before, or not carried through. */
async function answeredBefore({ log }: Stores, told: Told): Promise<number | null> {
  const recorded = await toldBefore(log, told);
  if (recorded === null) return null;
  const { event } = readLogged(DeadLetterEvent, recorded);
  return event.type === 'RetryAllAnswered' ? event.retried : null;
}

/** Counts what the command has had retried, also before a crash, and keeps it for its repetition. */
async function keepAnswer(stores: Stores, told: Told, context: CommandContext): Promise<number> {
  const { streamId, once: commandId } = told;
  const retried = await countRetriedBy(stores.log, { streamId, commandId });
  const event: DeadLetterEvent = { type: 'RetryAllAnswered', retried };
  const stored = toStored(event, eventIdOf(told), metadataOf(context, commandId));
  try {
    await stores.log.append(streamId, 'any', [stored]);
    return retried;
  } catch (error) {
    if (error instanceof DuplicateEvent) return (await answeredBefore(stores, told)) ?? retried;
    throw error;
  }
}

const NOTHING_TO_READ =
  'Its message was unreadable, so there is no record to read again. Discard it with a note.';

const notMapped = ({ table }: OpenDeadLetter): string =>
  `${table} is not mapped, so that nobody would read the record again. Map it again and retry, or ` +
  'discard the letter with a note.';

const mayRetry = ({ reason }: OpenDeadLetter): boolean => reason.code !== 'unreadable';
