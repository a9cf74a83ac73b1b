import { expect, test } from '@jest/globals';
import { sampleView } from '../../test/sample-view.ts';
import { doingOf, durationOf } from './doing.ts';

const figures = { ...sampleView().figures, writtenPerSecond: 50 };

test.each([
  [{ status: 'STOPPED' }, 'doing.stopped'],
  [{ status: 'STOPPED', backlog: 3 }, 'doing.stoppedBacklog'],
  [{ status: 'STARTING' }, 'doing.starting'],
  [{ status: 'FAILED' }, 'doing.failed'],
  [{ status: 'RUNNING', stopping: true }, 'doing.stopping'],
  [{ status: 'RUNNING' }, 'doing.watching.ingress'],
  [{ status: 'RUNNING', workflow: 'optin' }, 'doing.watching.optin'],
  [{ status: 'RUNNING', backlog: 3 }, 'doing.waitingToWrite'],
  [{ status: 'RUNNING', backlog: 3, figures }, 'doing.writing'],
] as const)('%j is said as %s', (changed, id) => {
  expect(doingOf(sampleView(changed)).message.id).toBe(id);
});

test('what is left is the backlog at the present rate', () => {
  const { left } = doingOf(sampleView({ status: 'RUNNING', backlog: 30_000, figures }));
  expect(left).toEqual({ id: 'duration.minutes', values: { count: 10 } });
});

const table = {
  table: 'contact',
  phase: 'load',
  read: 12_400,
  written: 12_400,
  skipped: {},
  dead: 0,
  waiting: 0,
  calls: { dynamics: 3, campaign: 12_400 },
  load: { done: 12_400, total: 50_000 },
  recordsPerSecond: 156.7,
  secondsLeft: 240,
  lagMs: null,
} as const;

test('a full read says how far it is, and how long it takes yet where that is known', () => {
  const running = { status: 'RUNNING', backlog: 3, figures } as const;
  expect(doingOf(sampleView({ ...running, tables: [table] }))).toEqual({
    message: {
      id: 'doing.loading',
      values: { table: 'contact', done: 12_400, total: 50_000 },
    },
    left: { id: 'duration.minutes', values: { count: 4 } },
  });
  const slow = { ...table, secondsLeft: null };
  expect(doingOf(sampleView({ ...running, tables: [slow] })).message.id).toBe(
    'doing.loadingSlowly',
  );
  const uncounted = { ...slow, load: { done: 12_400, total: null } };
  expect(doingOf(sampleView({ ...running, tables: [uncounted] })).message.id).toBe(
    'doing.loadingUncounted',
  );
  const followed = { ...table, phase: 'changes', load: null } as const;
  expect(doingOf(sampleView({ ...running, tables: [followed] })).message.id).toBe('doing.writing');
});

test.each([
  [0.2, 'duration.seconds', 1],
  [89, 'duration.seconds', 89],
  [90, 'duration.minutes', 2],
  [5_340, 'duration.minutes', 89],
  [7_200, 'duration.hours', 2],
] as const)('%d seconds are said as %s %d', (seconds, id, count) => {
  expect(durationOf(seconds)).toEqual({ id, values: { count } });
});
