import { deepStrictEqual, throws } from 'node:assert/strict';

/** What a decider is made of; both functions are pure. */
export interface Decider<Command, Event, State> {
  initial: State;
  decide: (command: Command, state: State) => Event[];
  evolve: (state: State, event: Event) => State;
}

export interface Outcome<Event> {
  /** Expects exactly these events; none: what was asked already holds. */
  then(...events: Event[]): void;
  /** Expects a refusal whose message matches. */
  thenRefused(reason: RegExp): void;
}

/**
 * `given(…events).when(command).then(…events)` for one decider.
 * A refusal is a thrown error; which class is the decider's business.
 */
export function deciderSpec<Command, Event, State>(decider: Decider<Command, Event, State>) {
  return {
    given: (...past: Event[]) => ({
      when: (command: Command): Outcome<Event> => {
        const state = past.reduce(decider.evolve, decider.initial);
        return {
          then: (...events) => deepStrictEqual(decider.decide(command, state), events),
          thenRefused: (reason) => throws(() => decider.decide(command, state), reason),
        };
      },
    }),
  };
}
