import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  announceDeletes,
  askToDelete,
  type DeleteLedger,
  DeleteLedger as LedgerSchema,
  deletesUnasked,
  NO_DELETES,
  uncountDelete,
} from '../src/index.ts';

const NOON = Date.parse('2026-11-24T12:00:00.000Z');
const at = (minutes: number) => new Date(NOON + minutes * 60_000);
const rule = (minutes: number, limit: number, withinMinutes = 60) => ({
  now: at(minutes),
  limit,
  withinMinutes,
});
const settings = { share: 0.05, count: 1_000, unasked: 10, withinMinutes: 60 };

test.each([
  [3_000, 150],
  [100_000, 1_000],
  [40, 10],
  [0, 10],
])('of %i written records %i may go unasked', (written, limit) => {
  expect(deletesUnasked(settings, written)).toBe(limit);
});

test('the delete that is one too many waits, and so does each after it', () => {
  let ledger: DeleteLedger = NO_DELETES;
  const answers = [0, 1, 2, 3, 200].map((minutes) => {
    const { next, answer } = askToDelete(ledger, rule(minutes, 3));
    ledger = next ?? ledger;
    return answer;
  });
  expect(answers).toEqual([true, true, true, false, false]);
  expect(ledger.heldSince).toBe(at(3).toISOString());
});

test('when too many are coming not one goes through; as many as fit change nothing', () => {
  const { next } = askToDelete(NO_DELETES, rule(0, 3));
  if (next === null) throw new Error('it was not counted');
  expect(announceDeletes(next, 2, rule(1, 3))).toEqual({ next: null, answer: true });
  const many = announceDeletes(next, 3, rule(1, 3)).next;
  expect(many?.heldSince).toBe(at(1).toISOString());
});

test('a delete that did not come about leaves room for another', () => {
  const one = askToDelete(NO_DELETES, rule(0, 1)).next ?? NO_DELETES;
  expect(askToDelete(one, rule(1, 1)).answer).toBe(false);
  expect(askToDelete(uncountDelete(one), rule(1, 1)).answer).toBe(true);
});

test('within any window no more go through than may, however they come; and the entry stays small', () => {
  const steps = fc.array(fc.double({ min: 0, max: 40, noNaN: true }), { maxLength: 120 });
  const windows = fc.integer({ min: 1, max: 10_080 });
  fc.assert(
    fc.property(steps, windows, fc.integer({ min: 0, max: 20 }), (pauses, withinMinutes, limit) => {
      let ledger: DeleteLedger = NO_DELETES;
      let minutes = 0;
      const granted: number[] = [];
      for (const pause of pauses) {
        minutes += pause;
        const { next, answer } = askToDelete(ledger, rule(minutes, limit, withinMinutes));
        ledger = LedgerSchema.parse(next ?? ledger);
        if (answer) granted.push(minutes);
        const recent = granted.filter((time) => time > minutes - withinMinutes);
        expect(recent.length).toBeLessThanOrEqual(limit);
        expect(ledger.done.length).toBeLessThanOrEqual(62);
        // A person approves, so that the property is about many windows and not only the first.
        if (!answer) ledger = { ...ledger, heldSince: null };
      }
    }),
  );
});

test('nothing waits that need not: after a whole window and a part of it, deletes go through again', () => {
  const full = askToDelete(NO_DELETES, rule(0, 1)).next ?? NO_DELETES;
  expect(askToDelete(full, rule(59, 1)).answer).toBe(false);
  expect(askToDelete(full, rule(61, 1)).answer).toBe(true);
});
