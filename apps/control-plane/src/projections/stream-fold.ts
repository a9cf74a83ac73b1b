import type { EventLog } from '@landbridge/event-log';
import type { z } from 'zod';
import { readLogged, type Logged } from './logged.ts';

/** A stream's state, and how much of the stream it is made of. */
export interface Folded<State> {
  state: State;
  version: number;
  position: bigint;
}

export interface StreamFold<State> {
  /** The state with every event that was recorded when this was called. */
  load(streamId: string): Promise<Folded<State>>;
  /** The state as of an earlier time, from the log alone. */
  loadAsOf(streamId: string, time: Date): Promise<Folded<State>>;
}

/** States kept in memory; the one not asked for longest goes first. */
const KEPT_MAX = 1_000;

/**
 * Answers from short streams by folding them. What was folded stays in memory, but the rest of the
 * stream is read each time: an answer is never older than the question, in any control plane.
 */
export function createStreamFold<Event extends { type: string }, State>(
  log: EventLog,
  schema: z.ZodType<Event>,
  initial: (streamId: string) => State,
  fold: (state: State, logged: Logged<Event>) => State,
): StreamFold<State> {
  const kept = new Map<string, Folded<State>>();
  const beginning = (streamId: string): Folded<State> => ({
    state: initial(streamId),
    version: 0,
    position: 0n,
  });
  const foldOn = async (
    streamId: string,
    from: Folded<State>,
    until: { recordedBefore?: Date },
  ): Promise<Folded<State>> => {
    const events = await log.readStream(streamId, { fromVersion: from.version + 1, ...until });
    return events.reduce<Folded<State>>(
      ({ state }, recorded) => ({
        state: fold(state, readLogged(schema, recorded)),
        version: recorded.streamVersion,
        position: recorded.position,
      }),
      from,
    );
  };
  const keep = (streamId: string, folded: Folded<State>) => {
    const other = kept.get(streamId);
    kept.delete(streamId);
    kept.set(streamId, other !== undefined && other.version > folded.version ? other : folded);
    const [oldest] = kept.keys();
    if (kept.size > KEPT_MAX && oldest !== undefined) kept.delete(oldest);
  };
  return {
    load: async (streamId) => {
      const folded = await foldOn(streamId, kept.get(streamId) ?? beginning(streamId), {});
      keep(streamId, folded);
      return folded;
    },
    loadAsOf: (streamId, time) => foldOn(streamId, beginning(streamId), { recordedBefore: time }),
  };
}
