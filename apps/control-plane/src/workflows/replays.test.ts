import { test, expect } from '@jest/globals';
import { deciderSpec } from '@landbridge/testing';
import fc from 'fast-check';
import {
  contactMapping,
  FIRST,
  REPLAY,
  replicaStopped,
  run,
  runFailed,
  runStarted,
  runStopped,
  save,
  saved,
  start,
  startRequested,
  stopRequested,
} from '../../test/workflow-builders.ts';
import { CommandRefused, FieldsRefused, NotFound } from '../errors.ts';
import { evolve } from './evolve-workflow.ts';
import { decide, initialWorkflow, type WorkflowCommand } from './workflow.decider.ts';
import type { Replay, WorkflowEvent } from './workflow.events.ts';

const { given } = deciderSpec({ decide, evolve, initial: initialWorkflow('ingress') });
const [r1, r2, r3] = [run(1), run(2), run(3)];
const NONE = { mappings: [] };
const OTHER = '00000000-0000-4000-8000-00000000000b';
const of = (replayId: string): Replay => ({ table: 'contact', replayId });
const asked = (replayId: string, cause: 'person' | 'remapped' = 'person'): WorkflowEvent => ({
  type: 'ReplayRequested',
  ...of(replayId),
  cause,
});
const ask = (replayId = REPLAY): WorkflowCommand => ({
  type: 'RequestReplay',
  table: 'contact',
  replayId,
});
const TAKE_BACK: WorkflowCommand = { type: 'WithdrawReplay', table: 'contact' };

test('a replay waits for the next start, which is given it', () => {
  given(saved(1), startRequested(r1, 1), runStarted(r1)).when(ask()).then(asked(REPLAY));
  given(saved(1), asked(REPLAY))
    .when(start(r1))
    .then(startRequested(r1, 1, [of(REPLAY)]));
});

test('asking again for what waits is asking once, and after the start it is a new replay', () => {
  given(saved(1), asked(REPLAY)).when(ask(OTHER)).then();
  given(saved(1), asked(REPLAY), startRequested(r1, 1, [of(REPLAY)]))
    .when(ask(OTHER))
    .then(asked(OTHER));
});

test('a run that failed before it began a replay leaves it to the next one', () => {
  given(saved(1), asked(REPLAY), startRequested(r1, 1, [of(REPLAY)]), runFailed(r1))
    .when(start(r2))
    .then(startRequested(r2, 1, [of(REPLAY)]));
});

test('the newest replay of a table is the one that a run is given', () => {
  const stopped = [stopRequested(r1), replicaStopped(r1), runStopped(r1)];
  const first = [saved(1), asked(REPLAY), startRequested(r1, 1, [of(REPLAY)]), runStarted(r1)];
  given(...first, ...stopped, asked(OTHER))
    .when(start(r2))
    .then(startRequested(r2, 1, [of(OTHER)]));
});

test('a replay that waits can be taken back, once', () => {
  given(saved(1), asked(REPLAY))
    .when(TAKE_BACK)
    .then({ type: 'ReplayWithdrawn', ...of(REPLAY) });
  given(saved(1), asked(REPLAY), { type: 'ReplayWithdrawn', ...of(REPLAY) })
    .when(start(r1))
    .then(startRequested(r1, 1));
  expect(() => decide(TAKE_BACK, initialWorkflow('ingress'))).toThrow(NotFound);
});

test('a table without a mapping is not replayed', () => {
  given(saved(1, NONE))
    .when(ask())
    .thenRefused(/no mapping of contact/);
});

test('a table that was mapped before and comes back is loaded in full, and nobody takes that back', () => {
  given(saved(1), saved(2, NONE))
    .when(save(FIRST, 2))
    .then(saved(3, FIRST), asked(REPLAY, 'remapped'));
  given(saved(1), saved(2, NONE), saved(3), asked(REPLAY, 'remapped'))
    .when(TAKE_BACK)
    .thenRefused(/must be loaded in full/);
});

test('a mapping that is deleted takes its waiting replay along', () => {
  given(saved(1), asked(REPLAY), saved(2, NONE), saved(3), asked(OTHER, 'remapped'))
    .when(start(r3))
    .then(startRequested(r3, 3, [of(OTHER)]));
});

test.each([
  ['/mappings/0/campaignResource', { campaignResource: 'cusCustomer' }],
  ['/mappings/0/key/dynamics', { key: { dynamics: 'emailaddress1', campaign: 'externalId' } }],
  ['/mappings/0/key/campaign', { key: { dynamics: 'contactid', campaign: 'email' } }],
])('%s is final once saved, until the mapping is deleted', (pointer, change) => {
  const changed = contactMapping(change);
  expect(
    faultsOf(() => decide(save(changed, 1), [saved(1)].reduce(evolve, initialWorkflow('ingress')))),
  ).toEqual([pointer]);
  given(saved(1), saved(2, NONE))
    .when(save(changed, 2))
    .then(saved(3, changed), asked(REPLAY, 'remapped'));
});

function faultsOf(attempt: () => unknown): string[] {
  try {
    attempt();
  } catch (error) {
    if (error instanceof FieldsRefused) return error.errors.map(({ pointer }) => pointer);
    throw error;
  }
  return [];
}

test('chosen records are written by a running workflow alone', () => {
  const choose: WorkflowCommand = {
    type: 'ReplayRecords',
    table: 'contact',
    by: 'ids',
    records: 2,
  };
  const { type: _type, ...chosen } = choose;
  given(saved(1), startRequested(r1, 1))
    .when(choose)
    .thenRefused(/not running/);
  given(saved(1), startRequested(r1, 1), runStarted(r1))
    .when(choose)
    .then({ type: 'RecordsReplayed', runId: r1, ...chosen });
});

/** What people may do about one table's replay, in any order. */
const anyStep = fc.constantFrom<'ask' | 'take back' | 'start' | 'fail' | 'delete' | 'map'>(
  'ask',
  'take back',
  'start',
  'fail',
  'delete',
  'map',
);

test('whatever people do, the newest replay that was not taken back reaches the next run', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 40 }), (steps) => {
      let state = [saved(1)].reduce(evolve, initialWorkflow('ingress'));
      let [count, expected]: [number, string | null] = [0, null];
      let before: string | null = null;
      const id = () => `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`;
      for (const step of steps) {
        count += 1;
        const events = attempt(commandOf(step, count, id(), state.revision), state);
        state = events.reduce(evolve, state);
        for (const event of events) {
          if (event.type === 'ReplayRequested') expected = event.replayId;
          if (event.type === 'ReplayWithdrawn') expected = before;
          if (event.type !== 'StartRequested') continue;
          expect(event.replays.map(({ replayId }) => replayId)).toEqual(
            expected === null ? [] : [expected],
          );
          before = expected;
        }
        if (step === 'fail' && state.run !== null) {
          state = evolve(state, runFailed(state.run.runId));
        }
      }
    }),
  );
});

function commandOf(
  step: string,
  count: number,
  replayId: string,
  revision: number,
): WorkflowCommand | null {
  if (step === 'ask') return ask(replayId);
  if (step === 'take back') return TAKE_BACK;
  if (step === 'start') return start(run(count));
  if (step === 'fail') return null;
  return { ...save(step === 'map' ? FIRST : NONE, revision), replayId };
}

function attempt(
  command: WorkflowCommand | null,
  state: Parameters<typeof decide>[1],
): WorkflowEvent[] {
  try {
    return command === null ? [] : decide(command, state);
  } catch (error) {
    if (error instanceof CommandRefused || error instanceof NotFound) return [];
    throw error;
  }
}
