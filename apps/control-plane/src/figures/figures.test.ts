import { expect, test } from '@jest/globals';
import type { TableFigures } from '@landbridge/contracts';
import fc from 'fast-check';
import { INSTANCE, replica, run } from '../../test/workflow-builders.ts';
import { observe, type FiguresReport } from './figures.decider.ts';
import { FiguresObserved } from './figures.events.ts';
import { backlogIn, readFigures } from './figures.projection.ts';
import { book, type Sums } from './throughput.projection.ts';
import { readTables } from './tables.projection.ts';
import { totalsOf } from './totals.ts';

const r1 = run(1);
const T0 = Date.parse('2026-11-24T12:00:00.000Z');
const time = (seconds: number) => new Date(T0 + seconds * 1_000);

const contacts = (written: number): TableFigures => ({
  table: 'contact',
  read: written + 1,
  written,
  skipped: { unchanged: 1 },
  dead: 0,
  calls: { dynamics: 2, campaign: written },
  lagMs: { p50: 10, p95: written },
});
const head = (name: string, seconds: number, runId = r1) => ({
  reportId: crypto.randomUUID(),
  workflow: 'ingress' as const,
  instance: INSTANCE,
  runId,
  replica: replica(name),
  at: time(seconds).toISOString(),
});
const figures = (name: string, seconds: number, written: number): FiguresReport => ({
  ...head(name, seconds),
  kind: 'figuresObserved',
  tables: [contacts(written)],
});
const backlog = (seconds: number, queued: number, runId = r1): FiguresReport => ({
  ...head('a', seconds, runId),
  kind: 'backlogObserved',
  queued,
  pending: 1,
  oldestAt: time(0).toISOString(),
});

/** Each report is taken the moment it is told. */
const after = (...reports: FiguresReport[]): FiguresObserved | null =>
  reports.reduce<FiguresObserved | null>(
    (last, report) => observe(report, last, { runId: r1, now: new Date(report.at) }) ?? last,
    null,
  );

test('figures of several replicas add up, each counted by its last word', () => {
  const seen = after(figures('a', 1, 10), figures('b', 2, 5), figures('a', 3, 20));
  expect(readFigures(seen, time(3))).toMatchObject({
    read: 27,
    written: 25,
    skipped: { unchanged: 2 },
    calls: { dynamics: 4, campaign: 25 },
    lagMs: { p50: 10, p95: 20 },
  });
});

test('a report that comes twice or too late changes nothing', () => {
  const seen = after(figures('a', 5, 20));
  const context = { runId: r1, now: time(9) };
  expect(observe(figures('a', 5, 20), seen, context)).toBeNull();
  expect(observe(figures('a', 1, 10), seen, context)).toBeNull();
});

test('a report of another run than the last one changes nothing', () => {
  const context = { runId: run(2), now: time(9) };
  expect(observe(figures('a', 1, 10), null, context)).toBeNull();
});

test('a new run counts from nothing, but the backlog lies where it lay', () => {
  const before = after(figures('a', 1, 10), backlog(2, 7));
  const report = { ...figures('a', 4, 3), runId: run(2) };
  const next = observe(report, before, { runId: run(2), now: time(4) });
  expect(backlogIn(next)).toBe(8);
  expect(readFigures(next, time(4)).written).toBe(3);
});

test('the rate is over the last ten seconds, and fades when nothing comes any more', () => {
  const seconds = Array.from({ length: 20 }, (_, second) => second);
  const seen = after(...seconds.map((second) => figures('a', second, second * 100)));
  expect(readFigures(seen, time(19)).writtenPerSecond).toBe(100);
  expect(readFigures(seen, time(24)).writtenPerSecond).toBeLessThan(100);
  expect(readFigures(seen, time(40)).writtenPerSecond).toBe(0);
});

test('when something was settled last is remembered, whatever else is told', () => {
  const seen = after(figures('a', 1, 10), backlog(2, 7), backlog(5, 7), figures('a', 6, 10));
  expect(seen?.settledAt).toBe(time(1).toISOString());
  expect(seen?.backlogSince).toBe(time(2).toISOString());
});

test('of hundreds of replicas the sum is right, and the event stays small', () => {
  const reports = Array.from({ length: 300 }, (_, n) => figures(`replica-${n}`, n, 1));
  const seen = after(...reports);
  expect(totalsOf(seen ?? { replicas: {} }).written).toBe(300);
  expect(Object.keys(seen?.replicas ?? {}).length).toBeLessThanOrEqual(64);
});

test('what is booked by minute adds up to what was done, however it was reported', () => {
  const anyReport = fc.tuple(
    fc.constantFrom('a', 'b', 'c'),
    fc.integer({ min: 1, max: 40 }),
    fc.integer({ min: 0, max: 50 }),
  );
  fc.assert(
    fc.property(fc.array(anyReport, { maxLength: 40 }), (told) => {
      const written = new Map<string, number>();
      let seconds = 0;
      let last: FiguresObserved | null = null;
      let sums: Sums | null = null;
      let booked = 0;
      for (const [name, pause, gain] of told) {
        seconds += pause;
        written.set(name, (written.get(name) ?? 0) + gain);
        const report = figures(name, seconds, written.get(name) ?? 0);
        const next = observe(report, last, { runId: r1, now: time(seconds) });
        if (next === null) continue;
        last = FiguresObserved.parse(next);
        const booking = book(last, sums);
        sums = booking.sums;
        booked += booking.gain.written;
        expect(booking.gain.written).toBeGreaterThanOrEqual(0);
      }
      expect(booked).toBe([...written.values()].reduce((sum, count) => sum + count, 0));
    }),
  );
});

const loading = (
  seconds: number,
  readCount: number,
  phase: 'load' | 'overlap' | 'deletions' | 'changes' = 'load',
) =>
  ({
    ...head('a', seconds),
    kind: 'readProgressed',
    progress: { table: 'contact', phase, readCount, totalCount: 1_000 },
  }) satisfies FiguresReport;

test('each table is told by itself, added up over the replicas', () => {
  const accounts = { ...contacts(4), table: 'account', waiting: 3, lagMs: null };
  const both: FiguresReport = {
    ...figures('b', 2, 5),
    kind: 'figuresObserved',
    tables: [contacts(5), accounts],
  };
  expect(readTables(after(figures('a', 1, 10), both), time(2))).toMatchObject([
    { table: 'account', read: 5, written: 4, waiting: 3, phase: null, load: null, lagMs: null },
    { table: 'contact', read: 17, written: 15, skipped: { unchanged: 2 }, lagMs: { p95: 10 } },
  ]);
});

test('what waits for a parent is what was told last, also where a replica that saw more is gone', () => {
  const saw = (replica: string, seconds: number, waiting: number): FiguresReport => ({
    ...figures(replica, seconds, 5),
    kind: 'figuresObserved',
    tables: [{ ...contacts(5), waiting }],
  });
  const [contact] = readTables(after(saw('a', 1, 2), saw('b', 2, 2), saw('a', 9, 0)), time(10));
  expect(contact).toMatchObject({ read: 12, waiting: 0 });
});

test('a load tells how much of it is done, how fast, and how long it takes yet', () => {
  const seconds = Array.from({ length: 10 }, (_, second) => second * 2);
  const reports = seconds.flatMap((second) => [
    figures('a', second, second * 20),
    loading(second, second * 20 + 1),
  ]);
  const seen = after(...reports);
  expect(readTables(seen, time(18))).toMatchObject([
    { phase: 'load', load: { done: 361, total: 1_000 }, recordsPerSecond: 20, secondsLeft: 32 },
  ]);
  expect(readTables(seen, time(40))).toMatchObject([{ recordsPerSecond: 0, secondsLeft: null }]);
  const followed = after(...reports, loading(19, 0, 'changes'));
  expect(readTables(followed, time(19))).toMatchObject([{ phase: 'changes', load: null }]);
});

test('what the queue still holds of a load is not done', () => {
  const read = { ...contacts(100), read: 401 };
  const report: FiguresReport = { ...head('a', 1), kind: 'figuresObserved', tables: [read] };
  const seen = after(report, loading(2, 700));
  expect(readTables(seen, time(2))).toMatchObject([{ load: { done: 400, total: 1_000 } }]);
});

/** So many of the table's records were read in this run, and so many settled. */
const reads = (seconds: number, read: number, settled: number, name = 'a'): FiguresReport => ({
  ...head(name, seconds),
  kind: 'figuresObserved',
  tables: [{ ...contacts(settled), read, skipped: {} }],
});
const shown = (seen: FiguresObserved | null, seconds: number) =>
  readTables(seen, time(seconds))[0]?.load;

test('a load that was read is told with its final total until what it queued has been settled', () => {
  const read = [loading(1, 900), loading(2, 1_200, 'overlap'), loading(3, 500, 'deletions')];
  const queued = after(...read, reads(3, 1_200, 100));
  expect(shown(queued, 3)).toEqual({ done: 100, total: 1_200 });
  const going = [reads(5, 1_210, 400), reads(7, 1_220, 1_000), loading(7, 12, 'changes')];
  const later = after(...read, reads(3, 1_200, 100), ...going);
  expect(shown(later, 7)).toEqual({ done: 1_000, total: 1_200 });
  expect(readTables(later, time(7))[0]?.secondsLeft).toBeGreaterThan(0);
  // The changes that came meanwhile are not waited for.
  const over = after(...read, reads(3, 1_200, 100), ...going, reads(9, 1_230, 1_200));
  expect(shown(over, 9)).toBeNull();
  expect(over?.loads).toEqual({});
});

test('a load that was read before its figures were told is no finished one', () => {
  const seen = after(loading(1, 600, 'overlap'), loading(1, 0, 'deletions'));
  expect(seen?.loads).toMatchObject({ contact: { readCount: 600, readBy: null } });
  const told = after(loading(1, 600, 'overlap'), loading(1, 0, 'deletions'), reads(1, 600, 0));
  expect(shown(told, 1)).toEqual({ done: 0, total: 600 });
});

test('what a killed replica settled and never told ends with the queue', () => {
  const told = [loading(1, 600, 'overlap'), reads(1, 600, 550), loading(2, 0, 'deletions')];
  expect(shown(after(...told), 2)).toEqual({ done: 550, total: 600 });
  const nothing = { queued: 0, pending: 0, oldestAt: null };
  const empty: FiguresReport = { ...head('a', 3), kind: 'backlogObserved', ...nothing };
  expect(shown(after(...told, empty), 3)).toBeNull();
  // It died between its progress and its figures, and changes come.
  const untold = after(loading(1, 600, 'overlap'), empty, reads(5, 9, 2, 'b'));
  expect(shown(untold, 5)).toBeNull();
});

test('a run that goes on with the queue of a load goes on with its progress', () => {
  const before = after(loading(1, 600, 'overlap'), reads(1, 600, 150), loading(2, 0, 'deletions'));
  const r2 = run(2);
  const next = (report: FiguresReport, last: FiguresObserved | null) =>
    observe({ ...report, runId: r2 }, last, { runId: r2, now: new Date(report.at) });
  const seen = next(reads(10, 3, 101), before);
  expect(shown(seen, 10)).toEqual({ done: 251, total: 600 });
  expect(shown(next(reads(12, 3, 450), seen), 12)).toBeNull();
});

test('replicas that are over for long are added up, and nothing of what they did is lost', () => {
  const early = after(...['a', 'b', 'c'].map((name, n) => figures(name, n, 10)));
  const report = { ...figures('d', 700, 1), lagMs: null };
  const seen = observe(report, early, { runId: r1, now: time(700), running: ['c', 'd'] });
  expect(Object.keys(seen?.replicas ?? {}).sort()).toEqual(['c', 'd', 'earlier']);
  expect(readTables(seen, time(700))).toMatchObject([{ written: 31 }]);
});

test('an observation of before tables were told apart is still read', () => {
  const seen = after(figures('a', 1, 10));
  const stored = JSON.parse(JSON.stringify(seen)) as Record<string, unknown> & {
    replicas: Record<string, Record<string, unknown>>;
  };
  delete stored['paces'];
  for (const replicaFigures of Object.values(stored.replicas)) delete replicaFigures['tables'];
  const read = FiguresObserved.parse(stored);
  expect(readFigures(read, time(1)).written).toBe(10);
  expect(readTables(read, time(1))).toEqual([]);
});
