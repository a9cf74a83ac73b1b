import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { OptinConfiguration } from '../api/types.ts';
import { optinForm, OPTOUT_NAMES } from './optin-form.ts';

const configuration: OptinConfiguration = {
  direction: 'bidirectional',
  source: 'poll',
  mappings: [
    { dynamics: 'donotfax', campaign: 'denyListFax' },
    { dynamics: 'donotemail', campaign: 'denyListEmail' },
  ],
  toleratedSkewSeconds: 300,
  export: {
    folder: '',
    afterwards: 'archive',
    archiveFolder: 'done',
    lookEverySeconds: 60,
    files: '*',
    keyColumn: null,
    columns: {},
    changedAtColumns: {},
    lateAfterHours: 24,
  },
  poll: {
    everySeconds: 60,
    filter: 'byLastModified',
    parameter: 'lastModified_parameter',
    keyField: 'externalId',
    profilesPerPage: 500,
    overlapSeconds: 300,
  },
};
const draft = optinForm.draftOf(configuration);

test('what nobody touched is saved as it was, in its order', () => {
  const someMappings = fc
    .shuffledSubarray([...OPTOUT_NAMES])
    .map((names) =>
      names.map((campaign) => ({ campaign, dynamics: `donot_${campaign.toLowerCase()}` })),
    );
  fc.assert(
    fc.property(someMappings, (mappings) => {
      const saved = { ...configuration, mappings };
      expect(optinForm.configurationOf(optinForm.draftOf(saved), saved)).toEqual(saved);
    }),
  );
});

test('what the server says of a mapping goes beside its opt-out', () => {
  expect(optinForm.placeOf('/mappings/1/dynamics', configuration)).toBe('/mappings/denyListEmail');
  expect(optinForm.placeOf('/poll/filter', configuration)).toBe('/poll/filter');
  expect(optinForm.placeOf('/export/files', configuration)).toBe(null);
  expect(optinForm.placeOf('', configuration)).toBe(null);
});

test('a column that two opt-outs would share, and a filter without a name, are faults', () => {
  const mappings = { denyListEmail: 'donotemail', denyListFax: 'donotemail' };
  const poll = { ...draft.poll, filter: '' };
  expect(optinForm.faultsWithin({ ...draft, mappings, poll })).toEqual([
    { pointer: '/mappings/denyListFax', say: 'optin.twice' },
    { pointer: '/poll/filter', say: 'edit.required' },
  ]);
  expect(optinForm.faultsWithin(draft)).toEqual([]);
});
