import { isDeepStrictEqual } from 'node:util';
import { expect, test } from '@jest/globals';
import {
  DEFAULT_INSTANCE_SETTINGS,
  type IngressConfiguration,
  type RunId,
} from '@landbridge/contracts';
import fc from 'fast-check';
import {
  CREDENTIALS_REFUSED,
  FIRST,
  REPLAY,
  STOP,
  contactMapping,
  replica,
  reports,
  revision,
  run,
  start,
} from '../../test/workflow-builders.ts';
import { CommandRefused } from '../errors.ts';
import { mayStart, mayStop } from './may-act.ts';
import { pendingEditIn } from './pending-edit.ts';
import { activeRun, failureOf, statusOf } from './run-state.ts';
import { decide, initialWorkflow, type WorkflowCommand } from './workflow.decider.ts';
import { evolve } from './evolve-workflow.ts';
import type { WorkflowEvent } from './workflow.events.ts';

const RUNS = [1, 2, 3, 4, 5, 6].map(run);
const CONFIGURATIONS: IngressConfiguration[] = [
  FIRST,
  contactMapping({ applyDeletes: false }),
  contactMapping({ technicalValues: true }),
];
const anyRun = fc.constantFrom(...RUNS);
const anyReplica = fc.constantFrom('a', 'b', 'c');
const at = fc.integer({ min: 0, max: 59 }).map((s) => new Date(Date.UTC(2026, 0, 1, 0, 0, s)));

/** Anything that people, services or the watchdog may say, at any time, about any run. */
const anyCommand: fc.Arbitrary<WorkflowCommand> = fc.oneof(
  { weight: 3, arbitrary: anyRun.map(start) },
  { weight: 2, arbitrary: fc.constant(STOP) },
  fc.constantFrom(...CONFIGURATIONS).map((configuration) => ({
    type: 'SaveConfiguration' as const,
    configuration,
    expected: 'any' as const,
    replayId: REPLAY,
  })),
  {
    weight: 4,
    arbitrary: fc
      .tuple(
        fc.constantFrom(
          { kind: 'runStarted' as const, revision: revision(1) },
          { kind: 'runStopped' as const },
          { kind: 'runFailed' as const, failure: CREDENTIALS_REFUSED },
          { kind: 'conditionRaised' as const, condition: 'Throttled' as const, message: '429' },
          { kind: 'conditionCleared' as const, condition: 'Throttled' as const },
        ),
        anyRun,
        anyReplica,
        at,
      )
      .map(([detail, runId, name, when]) => reports(detail, runId, name, when.toISOString())),
  },
  fc.tuple(anyRun, fc.subarray(['a', 'b', 'c'])).map(([runId, names]) => ({
    type: 'NoteSilence' as const,
    runId,
    replicas: names.map(replica),
  })),
  fc.tuple(anyRun, fc.subarray(['a', 'b', 'c'])).map(([runId, names]) => ({
    type: 'NoteHeartbeats' as const,
    runId,
    replicas: names.map(replica),
  })),
  fc.tuple(anyRun, fc.boolean()).map(([runId, service]) => ({
    type: 'NoteNobodyRuns' as const,
    runId,
    service,
  })),
);

function decided(command: WorkflowCommand, state: ReturnType<typeof initialWorkflow>) {
  try {
    return decide(command, state);
  } catch (error) {
    if (error instanceof CommandRefused) return [];
    throw error;
  }
}

/** Each start has a run id of its own: the service makes it up for the command. */
function withOwnRuns(commands: readonly WorkflowCommand[]): WorkflowCommand[] {
  const begun = new Set<string>();
  return commands.filter((command) => {
    if (command.type !== 'Start') return true;
    const isNew = !begun.has(command.runId);
    begun.add(command.runId);
    return isNew;
  });
}

/** The history that a sequence of commands makes, with the state before and after each of them. */
function play(commands: readonly WorkflowCommand[]) {
  const events: WorkflowEvent[] = [];
  let state = initialWorkflow('ingress');
  const steps = withOwnRuns(commands).map((command) => {
    const before = state;
    const made = decided(command, before);
    state = made.reduce(evolve, before);
    events.push(...made);
    return { command, made, before, after: state, past: [...events] };
  });
  return { steps, events, state };
}

const property = (check: (played: ReturnType<typeof play>) => void) =>
  fc.assert(
    fc.property(fc.array(anyCommand, { maxLength: 60 }), (commands) => check(play(commands))),
    { numRuns: 400 },
  );

test('a run starts only when no other is on, or when that one has failed', () => {
  property(({ steps }) => {
    for (const { before, made } of steps) {
      const starts = made.filter((event) => event.type === 'StartRequested');
      if (starts.length > 0) expect(['STOPPED', 'FAILED']).toContain(statusOf(before.run));
      expect(starts.length).toBeLessThanOrEqual(1);
    }
  });
});

test('RUNNING is proven by a replica that reported the active run and was not lost since', () => {
  property(({ steps }) => {
    for (const { after, past } of steps) {
      if (statusOf(after.run) !== 'RUNNING') continue;
      const proven = new Set<string>();
      for (const event of past) {
        if (!('runId' in event) || event.runId !== after.run?.runId) continue;
        if (event.type === 'RunStarted') proven.add(event.replica);
        if (event.type === 'HeartbeatReturned' && event.replica !== null) proven.add(event.replica);
        if (event.type === 'HeartbeatLost' && event.replica !== null) proven.delete(event.replica);
        if (event.type === 'ReplicaStopped' || event.type === 'RunFailed')
          proven.delete(event.replica);
      }
      expect(proven.size).toBeGreaterThan(0);
    }
  });
});

test('what is told of a run that is not the active one changes nothing', () => {
  property(({ steps }) => {
    for (const { command, before, made } of steps) {
      const told: RunId | null =
        command.type === 'TakeReport'
          ? command.report.runId
          : command.type.startsWith('Note') && 'runId' in command
            ? command.runId
            : null;
      if (told !== null && told !== activeRun(before.run)?.runId) expect(made).toEqual([]);
    }
  });
});

test('STOPPED comes only after each replica that took the run up stopped or fell silent', () => {
  property(({ steps }) => {
    for (const { made, after } of steps) {
      if (!made.some((event) => event.type === 'RunStopped')) continue;
      expect(after.run?.stopping).toBe(true);
      expect(Object.values(after.run?.replicas ?? {})).not.toContain('running');
    }
  });
});

test('a reported failure shows until the run is stopped or another is started', () => {
  property(({ steps }) => {
    for (const { after } of steps) {
      const current = activeRun(after.run);
      if (current === null || current.failure === null) continue;
      expect(statusOf(current)).toBe('FAILED');
      expect(failureOf(current, 'ingress')).toEqual(CREDENTIALS_REFUSED);
    }
  });
});

test('every command told twice has the effect of one', () => {
  property(({ steps }) => {
    for (const { command, after } of steps) {
      if (command.type !== 'Start') expect(decided(command, after)).toEqual([]);
    }
  });
});

test('the actions that are said to be allowed are exactly those that are accepted', () => {
  property(({ steps }) => {
    for (const { command, before, made } of steps) {
      if (command.type === 'Start') {
        const permit = mayStart(before, command.around);
        expect(made.length > 0).toBe(permit.allowed);
      }
      if (command.type === 'Stop') expect(made.length > 0).toBe(mayStop(before).allowed);
    }
  });
});

test('an edit waits exactly while a run is on whose configuration has other content', () => {
  property(({ steps }) => {
    for (const { after } of steps) {
      const current = activeRun(after.run);
      const differs =
        current !== null && !isDeepStrictEqual(current.configuration, after.configuration);
      const waits = current !== null && after.replays.waiting.length > 0;
      expect(pendingEditIn(after, DEFAULT_INSTANCE_SETTINGS)).toBe(differs || waits);
    }
  });
});

test('a run goes on with the configuration that it was started with', () => {
  property(({ steps }) => {
    for (const { before, after } of steps) {
      if (before.run === null || before.run.runId !== after.run?.runId) continue;
      if (before.run.ended) continue;
      expect(after.run.configuration).toEqual(before.run.configuration);
    }
  });
});

test('events that were told twice or replayed from the beginning fold to the same state', () => {
  property(({ events, state }) => {
    expect(events.reduce(evolve, initialWorkflow('ingress'))).toEqual(state);
  });
});
