import { randomUUID } from 'node:crypto';
import {
  DuplicateEvent,
  VersionConflict,
  type EventLog,
  type RecordedEvent,
} from '@landbridge/event-log';
import { currentTraceparent } from '@landbridge/telemetry';
import { v5 as uuidV5 } from 'uuid';
import type { CommandContext } from '../control-plane.ts';
import { toStored } from './logged.ts';
import type { Folded, StreamFold } from './stream-fold.ts';

/** The namespace of ids that are derived from something that comes once, such as a report's id. */
const NAMESPACE = '0f0f3d0e-3a55-4f2e-9a51-6d1d5f0a7c11';

/** How often a command is decided anew because others appended first. */
const ATTEMPTS_MAX = 50;

/** The same id for the same words, each time. */
export const derivedId = (...words: string[]): string => uuidV5(words.join('\n'), NAMESPACE);

export interface Handling<Event, State> {
  streamId: string;
  fold: StreamFold<State>;
  decide: (state: State) => Event[];
  context: Omit<CommandContext, 'idempotencyKey'>;
  /** What is the same each time the command is told; null: each time is another command. */
  once: string | null;
}

/**
 * Decides a command on the newest state and appends what was decided; when somebody else appended
 * first, decides again. A command with `once` that was told before has no effect, whatever its
 * rules would say by now.
 * Throws  what `decide` throws, CommandRefused and RevisionStale among it.
 */
export async function handleCommand<Event extends { type: string }, State>(
  log: EventLog,
  { streamId, fold, decide, context, once }: Handling<Event, State>,
): Promise<Folded<State>> {
  const eventId = (index: number) =>
    once === null ? randomUUID() : eventIdOf({ once, streamId }, index);
  for (let attempt = 1; ; attempt += 1) {
    const folded = await fold.load(streamId);
    try {
      const events = decide(folded.state);
      if (events.length === 0) return folded;
      const stored = events.map((event, index) =>
        toStored(event, eventId(index), metadataOf(context)),
      );
      await log.append(streamId, folded.version, stored);
      return await fold.load(streamId);
    } catch (error) {
      if (error instanceof DuplicateEvent) return fold.load(streamId);
      if (error instanceof VersionConflict && attempt < ATTEMPTS_MAX) continue;
      if (once !== null && (await toldBefore(log, { once, streamId })) !== null) return folded;
      throw error;
    }
  }
}

/** `causationId`: the command that caused it, where that outlives the request; else null. */
export function metadataOf(
  { actor, correlationId, traceparent }: Handling<never, never>['context'],
  causationId: string | null = null,
) {
  return {
    actor: { ...actor },
    correlationId,
    causationId,
    traceparent: currentTraceparent() ?? traceparent,
  };
}

/** A command that is told with the same words each time, to a stream. */
export interface Told {
  once: string;
  streamId: string;
}

/** The id of the event that such a command records, or of one of several. */
export const eventIdOf = ({ once, streamId }: Told, index = 0): string =>
  derivedId(once, streamId, String(index));

/** What the command recorded when it was told before; null: it was not, or had no effect. */
export const toldBefore = (log: EventLog, told: Told): Promise<RecordedEvent | null> =>
  log.findEvent(eventIdOf(told));
