import { expect, test } from '@jest/globals';
import type { TableMapping } from '@landbridge/contracts';
import { contactMapping, FIRST } from '../../test/workflow-builders.ts';
import { replayReasons } from './replay-reasons.ts';

const [contact] = FIRST.mappings;
const fields = contact?.fields ?? [];
const filter = { dynamics: 'firstname', is: 'notEmpty' } as const;
const reasons = (change: Partial<TableMapping>) =>
  replayReasons(FIRST, contactMapping(change)).map(({ reason }) => reason);

test.each<[string, Partial<TableMapping>, RegExp]>([
  ['a replacement', { replacements: [] }, /keep what the earlier replacements made of them/],
  ['technical values', { technicalValues: true }, /keep their values in the earlier form/],
  [
    'a column that is read already and mapped once more',
    { fields: [...fields, { dynamics: 'firstname', campaign: 'nickName', applyUpdates: true }] },
    /get no value of nickName/,
  ],
  [
    'a new column that does not follow updates',
    { fields: [...fields, { dynamics: 'jobtitle', campaign: 'title', applyUpdates: false }] },
    /keep their value of title, which does not follow updates/,
  ],
  ['taking over existing records', { adoptExisting: true }, /made in Campaign are not taken over/],
])('%s needs a replay', (_edit, change, reason) => {
  expect(reasons(change)).toEqual([expect.stringMatching(reason)]);
});

test.each<[string, Partial<TableMapping>]>([
  ['nothing', {}],
  [
    'a new column that follows updates, for which ingress reads the table anew,',
    { fields: [...fields, { dynamics: 'jobtitle', campaign: 'title', applyUpdates: true }] },
  ],
  ['a filter, for which ingress reads the table anew,', { filter }],
  ['deletes that are not applied', { applyDeletes: false }],
  ['existing records that are left alone, as before,', { adoptExisting: false }],
  ['a field less', { fields: fields.slice(1) }],
])('%s needs none', (_edit, change) => {
  expect(reasons(change)).toEqual([]);
});

test('a link that leads elsewhere needs a replay, and one that goes needs none', () => {
  const linked = (campaign: string) =>
    contactMapping({
      links: [{ dynamics: 'parentcustomerid', campaign, to: 'account', by: 'column' }],
    });
  expect(replayReasons(linked('accountId'), linked('companyId'))).toEqual([
    expect.objectContaining({
      reason: expect.stringMatching(/keep what was written to companyId/),
    }),
  ]);
  expect(replayReasons(linked('accountId'), linked('accountId'))).toEqual([]);
});

test('existing records are left alone again without a replay', () => {
  expect(replayReasons(contactMapping({ adoptExisting: true }), FIRST)).toEqual([]);
});

test('a table that is mapped for the first time is loaded anyway', () => {
  expect(replayReasons({ mappings: [] }, FIRST)).toEqual([]);
});
