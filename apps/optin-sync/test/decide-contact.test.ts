import { expect, test } from '@jest/globals';
import type { DynamicsRow } from '@landbridge/dynamics';
import type { OptoutReading } from '@landbridge/mapping';
import fc from 'fast-check';
import { decideContact } from '../src/writing/decide-contact.ts';
import { idOf, RUN, SCHEMA } from './builders.ts';

const deps = {
  direction: 'bidirectional' as const,
  run: RUN,
  schema: () => SCHEMA,
  now: () => new Date('2026-11-24T12:00:00.000Z'),
};
const rowOf = (email: boolean | null, modifiedOn: string, version = '10'): DynamicsRow => ({
  id: idOf(1),
  version,
  modifiedOn,
  columns: { contactid: idOf(1), donotbulkemail: email, donotphone: null },
});
const readingOf = (value: boolean, changedAt: string | null): OptoutReading => ({
  key: idOf(1),
  attributes: { denyListEmail: { value, changedAt } },
});
const emailOf = (...decided: Parameters<typeof decideContact>) => decideContact(...decided)[0];

test('every mapped opt-out is decided, with both values and both times', () => {
  const decisions = decideContact(
    rowOf(true, '2026-11-24T10:00:00Z'),
    readingOf(false, '2026-11-24T10:30:00.500Z'),
    { own: null },
    deps,
  );
  expect(decisions).toHaveLength(2);
  expect(decisions[0]).toMatchObject({
    attribute: 'denyListEmail',
    column: 'donotbulkemail',
    dynamics: { value: true, modifiedOn: '2026-11-24T10:00:00.000Z' },
    campaign: { value: false, changedAt: '2026-11-24T10:30:00.500Z' },
    rule: 'campaignNewer',
    written: 'dynamics',
    value: false,
  });
  expect(decisions[1]).toMatchObject({ attribute: 'denyListPhone', written: 'nothing' });
});

test('after our own write the time from before it is compared; after a person’s, theirs', () => {
  const reading = readingOf(false, '2026-11-24T10:30:00.000Z');
  const known = { own: { version: '10', before: '2026-11-24T10:00:00.000Z' } };
  const ours = emailOf(rowOf(true, '2026-11-24T11:00:00Z', '10'), reading, known, deps);
  expect(ours).toMatchObject({ rule: 'campaignNewer', value: false });
  const theirs = emailOf(rowOf(true, '2026-11-24T11:00:00Z', '11'), reading, known, deps);
  expect(theirs).toMatchObject({ rule: 'dynamicsNewerOrEqual', value: true });
});

test('a contact without a time keeps its opt-out', () => {
  const row = { ...rowOf(true, ''), modifiedOn: null };
  const decided = emailOf(row, readingOf(false, '2026-11-24T11:00:00.000Z'), { own: null }, deps);
  expect(decided).toMatchObject({ value: true, written: 'campaign' });
});

test('clocks that are up to five minutes apart never let an older opt-in undo an opt-out', () => {
  const start = Date.parse('2026-11-24T10:00:00.000Z');
  fc.assert(
    fc.property(
      fc.integer({ min: -300_000, max: 300_000 }),
      fc.integer({ min: 0, max: 3_600_000 }),
      fc.nat(999),
      (skewMs, earlierMs, ms) => {
        const optedOutMs = start + ms;
        const shown = Math.floor((optedOutMs + skewMs) / 1_000) * 1_000;
        const optedInAt = new Date(optedOutMs - earlierMs).toISOString();
        const row = rowOf(true, new Date(shown).toISOString());
        const decided = emailOf(row, readingOf(false, optedInAt), { own: null }, deps);
        expect(decided?.value).toBe(true);
      },
    ),
  );
});
